import { expect, test } from 'vitest';
import { extremeClasses } from './extreme-classes.ts';

test('the easiest and the hardest class are by the sum over codecs, and one without images is neither', () => {
  const errors = [
    [0.3, undefined, 0.1, 0.2],
    [0.1, undefined, 0.2, 0.3],
  ];
  expect(extremeClasses(errors)).toEqual([2, 3]);
});
