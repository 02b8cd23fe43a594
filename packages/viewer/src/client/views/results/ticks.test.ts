import { expect, test } from 'vitest';
import { logTicks, wholeTicks } from './ticks.ts';

test('every epoch is marked while there is room, then rounder ones and the first', () => {
  expect(wholeTicks(1, 6)).toEqual([1]);
  expect(wholeTicks(5, 6)).toEqual([1, 2, 3, 4, 5]);
  expect(wholeTicks(20, 6)).toEqual([1, 5, 10, 15, 20]);
  expect(wholeTicks(1500, 6)).toEqual([1, 500, 1000, 1500]);
});

test('losses are marked at powers of ten, or finer where these are few', () => {
  expect(logTicks(0.0004, 2)).toEqual([0.001, 0.01, 0.1, 1]);
  expect(logTicks(0.008, 0.12)).toEqual([0.01, 0.03, 0.1]);
  expect(logTicks(0.018, 0.11)).toEqual([0.02, 0.05, 0.1]);
  expect(logTicks(0.011, 0.035)).toEqual([0.015, 0.02, 0.03]);
  expect(logTicks(0.127, 0.183).length).toBeGreaterThanOrEqual(3);
});
