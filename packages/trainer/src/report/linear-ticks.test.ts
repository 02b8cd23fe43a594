import { expect, test } from 'vitest';
import { linearTicks } from './linear-ticks.ts';

// What d3-array 3.2's ticks(low, high, count) gives.
test.each([
  [0, 1, 10, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
  [0, 1, 4, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [-7, 13, 4, [-5, 0, 5, 10]],
  [12.2, 25.3, 6, [14, 16, 18, 20, 22, 24]],
  [18.71, 19.93, 6, [18.8, 19, 19.2, 19.4, 19.6, 19.8]],
  [120, 1900, 4, [500, 1000, 1500]],
])('from %d to %d, about %d', (low, high, count, ticks) => {
  expect(linearTicks(low, high, { count })).toEqual(ticks);
});
