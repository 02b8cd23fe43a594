import { describe, expect, test } from 'vitest';
import { closeAll, useAndClose, type Closable } from './use-and-close.ts';

let closed: string[];
const named = (name: string, error?: Error): Closable => ({
  close: () => {
    closed = [...closed, name];
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  },
});

describe('useAndClose', () => {
  test.each([
    ['gives what its use came to', undefined, undefined, 'the result'],
    ['throws what its use threw', 'use', undefined, 'use'],
    ['throws what closing threw', undefined, 'closing', 'closing'],
    ['throws what its use threw though closing threw as well', 'use', 'closing', 'use'],
  ])('%s, and closes it once', async (_, useError, closeError, expected) => {
    closed = [];
    const resource = named('it', closeError === undefined ? undefined : new Error(closeError));
    const outcome = useAndClose(resource, async (used) => {
      expect(used).toBe(resource);
      expect(closed).toEqual([]);
      await Promise.resolve();
      if (useError !== undefined) throw new Error(useError);
      return 'the result';
    });
    const said = await outcome.catch((error: unknown) => (error as Error).message);
    expect([said, closed]).toEqual([expected, ['it']]);
  });
});

test('closeAll closes what comes after something that cannot be closed, and throws the first error', async () => {
  closed = [];
  const all = [
    named('a'),
    named('b', new Error('b is stuck')),
    named('c', new Error('c is stuck')),
    named('d'),
  ];
  await expect(closeAll(all)).rejects.toThrow('b is stuck');
  expect(closed).toEqual(['a', 'b', 'c', 'd']);
});
