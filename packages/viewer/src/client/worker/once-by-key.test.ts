import { expect, it } from 'vitest';
import { onceByKey } from './once-by-key.ts';

it('makes a thing once, also for those who ask while it is made', async () => {
  const once = onceByKey<number>();
  let made = 0;
  const make = () => Promise.resolve(++made);
  expect(await Promise.all([once('a', make), once('a', make), once('b', make)])).toEqual([1, 1, 2]);
  expect(await once('a', make)).toBe(1);
});

it('tries again after a failure', async () => {
  const once = onceByKey<number>();
  await expect(once('a', () => Promise.reject(new Error('offline')))).rejects.toThrow('offline');
  expect(await once('a', () => Promise.resolve(1))).toBe(1);
});
