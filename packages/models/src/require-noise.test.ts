import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { requireNoise } from './require-noise.ts';

beforeAll(() => tf.setBackend('cpu'));

const batch = { images: tf.zeros([3, 4, 5, 1]), labels: tf.zeros([3], 'int32') };
const model = { id: 'vae-2', noiseShape: [2] };

test('gives back the noise of a batch', () => {
  const noise = tf.zeros([3, 2]);
  expect(requireNoise({ ...batch, noise }, model)).toBe(noise);
});

test('a batch without noise is refused, which training would otherwise do without', () => {
  expect(() => requireNoise(batch, model)).toThrow(
    new TypeError(
      'Cannot compute the loss of "vae-2": noise must be [3,2], and there is none; draw standard normal numbers of the ' +
        "model's noiseShape for each image.",
    ),
  );
});

test.each([[[1, 2]], [[3, 1]], [[3]], [[3, 2, 1]]])(
  'noise of shape %j is refused, also where it would broadcast',
  (shape) => {
    expect(() => requireNoise({ ...batch, noise: tf.zeros(shape) }, model)).toThrow(
      `noise must be [3,2], and it is [${shape.join(',')}]`,
    );
  },
);
