import { expect, test } from 'vitest';
import { configurationDifference } from './configuration-difference.ts';
import type { Configuration } from './configuration-difference.ts';

test('the order of keys, and keys without a value, make no difference', () => {
  const before = { seed: 1, epochs: { basic: 10, cnn: 1 }, models: ['cnn'], data: undefined };
  const now = { models: ['cnn'], epochs: { cnn: 1, basic: 10 }, seed: 1 };
  expect(configurationDifference(before, now)).toStrictEqual([]);
});

test.each<[Configuration, Configuration, string[]]>([
  [{ seed: 1 }, { seed: 2 }, ['seed was 1 and is now 2']],
  [{ seed: 1 }, { seed: '1' }, ['seed was 1 and is now "1"']],
  [{ epochs: { basic: 10, cnn: 1 } }, { epochs: { basic: 5, cnn: 1 } }, ['epochs.basic was 10 and is now 5']],
  [{ models: ['a', 'b'] }, { models: ['b', 'a'] }, ['models was ["a","b"] and is now ["b","a"]']],
  [
    { a: 1, b: null },
    { a: 2, c: false },
    ['a was 1 and is now 2', 'b was null and is now not set', 'c was not set and is now false'],
  ],
])('%j and %j differ', (before, now, differences) => {
  expect(configurationDifference(before, now)).toStrictEqual(differences);
});
