import { expect, test } from 'vitest';
import type { Split } from './dataset.ts';
import { firstImages } from './first-images.ts';

const split: Split = { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(7, 8, 9), count: 3 };

test('takes as many images and labels from the front, without copying them', () => {
  const first = firstImages(split, 2);
  expect(first).toEqual({ images: Uint8Array.of(1, 2, 3, 4), labels: Uint8Array.of(7, 8), count: 2 });
  expect(first.images.buffer).toBe(split.images.buffer);
});

test.each([undefined, 3, 4])('%s means all three', (limit) => {
  expect(firstImages(split, limit)).toBe(split);
});
