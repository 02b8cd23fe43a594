import { expect, test } from 'vitest';
import { nextHardest, type HardestSearch } from './next-hardest.ts';

/** Four images: both codecs lose 1, one loses 3, and 2 has a larger error than 0. */
const search: HardestSearch = {
  labels: Uint8Array.of(0, 0, 0, 1),
  figures: {
    mse: { narrow: Float32Array.of(0.1, 0.1, 0.2, 0.1), wide: Float32Array.of(0.1, 0.1, 0.1, 0.1) },
    predicted: { 'cnn/narrow': Uint8Array.of(0, 1, 0, 0), 'cnn/wide': Uint8Array.of(0, 1, 0, 1) },
  },
  codecs: ['narrow', 'wide'],
  classifier: 'cnn',
  label: undefined,
  after: undefined,
};

test('images come from the hardest on, and the first again after the last', () => {
  const order = [undefined, 1, 3, 2, 0].map((after) => nextHardest({ ...search, after }));
  expect(order).toEqual([1, 3, 2, 0, 1]);
});

test('where there is no classifier, the error alone counts', () => {
  expect(nextHardest({ ...search, classifier: undefined })).toBe(2);
});

test('of a class come its own images, and none where it has none', () => {
  expect(nextHardest({ ...search, label: 1, after: 1 })).toBe(3);
  expect(nextHardest({ ...search, label: 7 })).toBeUndefined();
});
