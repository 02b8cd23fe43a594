import * as tf from '@tensorflow/tfjs';
import type { Codec } from '@narrows/models';
import { expect, test } from 'vitest';
import { drawnParameters } from '../testing/drawn-parameters.ts';
import { mnistModel } from '../testing/training-batches.ts';
import { reconstructSplit } from './reconstruct-split.ts';

const pixels = 784;
/** More than one batch, and a last one that is smaller. */
const count = 503;
const split = {
  images: Uint8Array.from({ length: count * pixels }, (_, i) => (i * 31 + (i >> 7)) % 256),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  count,
};

test.each(['basic-4-h8', 'pca-4'])('images go through %s as tfjs has it, clipped and rounded', async (id) => {
  const codec = mnistModel(id) as Codec;
  const parameters = drawnParameters(codec, 1);
  const told: number[] = [];
  const result = await reconstructSplit(split, {
    codec,
    parameters,
    threads: 1,
    onProgress: (fraction) => told.push(fraction),
  });
  await tf.setBackend('cpu');
  const expected = tf.tidy(() => {
    const tensors = Object.fromEntries(
      codec.parameters.map(({ name, shape }) => [name, tf.tensor(parameters[name], [...shape])]),
    );
    const images = tf.tensor(
      Float32Array.from(split.images, (pixel) => pixel / 255),
      [count, 28, 28, 1],
    );
    const bytes = codec.decode(tensors, codec.encode(tensors, images)).clipByValue(0, 1).mul(255);
    return bytes.dataSync<'float32'>();
  });
  expect(result.labels).toBe(split.labels);
  expect(result.images).toHaveLength(expected.length);
  // A value half way between two bytes may go either way.
  const off = expected.filter((value, i) => Math.abs(value - result.images[i]) > 0.501);
  expect(off).toHaveLength(0);
  expect(new Set(result.images).size).toBeGreaterThan(10);
  expect(told).toEqual([500 / 503, 1]);
});
