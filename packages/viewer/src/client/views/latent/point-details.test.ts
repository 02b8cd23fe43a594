import { expect, test } from 'vitest';
import { detailsIn } from './point-details.ts';

const details = {
  of: 'narrow',
  picture: { index: 3, label: 1, image: Float32Array.of(0.5) },
  reconstruction: Float32Array.of(0.4),
  mse: 0.01,
  onOriginal: [1, 0.9],
  onRebuilt: [2, 0.6],
} as const;

test('in another space nothing is left of what the codec made of an image', () => {
  expect(detailsIn('narrow', details)).toBe(details);
  expect(detailsIn('pixels', details)).toEqual({
    of: 'narrow',
    picture: details.picture,
    reconstruction: undefined,
    mse: undefined,
    onOriginal: [1, 0.9],
    onRebuilt: undefined,
  });
});
