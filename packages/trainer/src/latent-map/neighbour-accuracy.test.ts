import { expect, test } from 'vitest';
import type { NearestNeighbours } from './nearest-neighbours.ts';
import { measureNeighbourAccuracy } from './neighbour-accuracy.ts';

/** Five points whose neighbours are all others. */
const neighbours: NearestNeighbours = {
  count: 5,
  k: 4,
  indices: Int32Array.from([1, 2, 3, 4, 0, 2, 3, 4, 1, 3, 0, 4, 4, 2, 1, 0, 3, 2, 1, 0]),
  distances: Float32Array.from({ length: 20 }, (_, i) => (i % 4) + 1),
};

// Labels of the neighbours, nearest first: 0: 7 7 9 9; 1: 7 7 9 9; 2: 7 9 7 9; 3: 9 7 7 7; 4: 9 7 7 7.
const labels = Uint8Array.of(7, 7, 7, 9, 9);

test.each([
  // Each of 0, 1 and 2 has a neighbour of its own label first, so have 3 and 4.
  [1, 5],
  // 2 gets a tie of 7 and 9, and so do 3 and 4: all go to the nearest one's label.
  [2, 5],
  // Two of three that are nearest to 3 and 4 are 7.
  [3, 3],
  [4, 3],
])('of %d neighbours the majority decides, of equally many the nearest: %d of 5 right', (k, right) => {
  expect(measureNeighbourAccuracy(labels, { neighbours, k })).toBe(right / 5);
});

test('a tie goes to the nearest even if the others have the lower label', () => {
  // To 0 of label 9: 8 then 9; to the others of label 8 or 9 likewise what is nearest.
  const tied = {
    count: 3,
    k: 2,
    indices: Int32Array.from([1, 2, 2, 0, 0, 1]),
    distances: new Float32Array(6),
  };
  expect(measureNeighbourAccuracy(Uint8Array.of(9, 8, 9), { neighbours: tied, k: 2 })).toBe(1 / 3);
  expect(measureNeighbourAccuracy(Uint8Array.of(8, 9, 8), { neighbours: tied, k: 2 })).toBe(1 / 3);
});

test('labels that are not as many as points are refused', () => {
  expect(() => measureNeighbourAccuracy(labels.subarray(1), { neighbours, k: 1 })).toThrow(
    new RangeError(
      'Cannot compare labels of neighbours: there must be one label for each of 5 points, not 4.',
    ),
  );
});

test.each([0, 5, 2.5, NaN])('%d neighbours where 4 were found are refused', (k) => {
  expect(() => measureNeighbourAccuracy(labels, { neighbours, k })).toThrow(
    new RangeError(
      `Cannot compare labels of ${k} neighbours: their number must be from 1 to 4, as many as were found.`,
    ),
  );
});
