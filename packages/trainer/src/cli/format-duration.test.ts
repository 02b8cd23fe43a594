import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';

test.each([
  [0, '0 s'],
  [499, '0 s'],
  [12_345, '12 s'],
  [59_499, '59 s'],
  [59_500, '1 min 00 s'],
  [200_000, '3 min 20 s'],
  [3_599_499, '59 min 59 s'],
  [3_599_500, '1 h 00 min'],
  [3_720_000, '1 h 02 min'],
  [7_199_000, '2 h 00 min'],
  [360_000_000, '100 h 00 min'],
])('%d ms is %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
