import { expect, test } from 'vitest';
import { coordinateRanges, mostVaryingFirst } from './coordinate-ranges.ts';

test('ranges are by coordinate, and the one that varies most comes first', () => {
  const ranges = coordinateRanges(Float32Array.of(0, 1, 0, 0, 5, 2, 0, -3, 1, 0, 2, 3), 3);
  expect(ranges.map(({ min, max, mean }) => [min, max, mean])).toEqual([
    [0, 0, 0],
    [-3, 5, 1.25],
    [0, 3, 1.5],
  ]);
  expect(ranges[0].deviation).toBe(0);
  expect(ranges[2].deviation).toBeCloseTo(Math.sqrt(1.25), 12);
  expect(mostVaryingFirst(ranges)).toEqual([1, 2, 0]);
});
