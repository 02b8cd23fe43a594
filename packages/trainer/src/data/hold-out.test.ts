import { expect, test } from 'vitest';
import { holdOut } from './hold-out.ts';

const split = {
  images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
  labels: Uint8Array.of(0, 1, 2, 3, 4),
  count: 5,
};

test('the last images are held out, with their labels', () => {
  expect(holdOut(split, 2)).toEqual({
    train: { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(0, 1, 2), count: 3 },
    validation: { images: Uint8Array.of(7, 8, 9, 10), labels: Uint8Array.of(3, 4), count: 2 },
  });
});

test('none held out leaves all to train on', () => {
  expect(holdOut(split, 0)).toEqual({ train: split });
});
