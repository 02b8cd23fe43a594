import { expect, test } from 'vitest';
import { accuracyOf } from './accuracy-of.ts';

test('the interval is that of the images on the diagonal of the confusion matrix', () => {
  const { value, low, high } = accuracyOf({
    accuracy: 0.9,
    confusion: [
      [50, 4],
      [6, 40],
    ],
  });
  expect(value).toBe(0.9);
  // 90 of 100: the example of Newcombe, "Two-sided confidence intervals for the single proportion", 1998, by its formula.
  expect(low).toBeCloseTo(0.8256, 4);
  expect(high).toBeCloseTo(0.9448, 4);
});
