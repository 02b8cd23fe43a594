import { expect, test } from 'vitest';
import { rankCorrelation } from './rank-correlation.ts';

test('only the order counts', () => {
  expect(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
});

test('equals the textbook formula 1 − 6 Σd² / n(n² − 1) without ties', () => {
  // Ranks 1 2 3 4 5 against 2 1 4 3 5: Σd² = 4.
  expect(rankCorrelation([10, 20, 30, 40, 50], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12);
});

test('equal values share the mean of their ranks', () => {
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
  expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
});

test('a list without order has no correlation', () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeUndefined();
});
