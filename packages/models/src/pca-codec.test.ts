import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { pcaCodec } from './pca-codec.ts';

beforeAll(() => tf.setBackend('cpu'));

const codec = pcaCodec({ id: 'pca-2', imageShape: [2, 2, 1], latent: 2 });
const half = Math.SQRT1_2;
const parameters = {
  mean: tf.tensor1d([0.5, 0.25, 0, 1]),
  // Orthonormal rows.
  components: tf.tensor2d([
    [half, 0, half, 0],
    [0, 1, 0, 0],
  ]),
};

test('encodes by centring and projecting, decodes by going back', () => {
  const images = tf.tensor4d([1, 1, 0, 0, 0.5, 0, 1, 1], [2, 2, 2, 1]);
  const latents = codec.encode(parameters, images);
  const expectedLatents = [0.5 * half, 0.75, half, -0.25];
  latents.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(expectedLatents[i], 6);
  });
  const expected = [0.75, 1, 0.25, 1, 1, 0, 0.5, 1];
  codec
    .decode(parameters, latents)
    .dataSync()
    .forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
});

test('reconstructions are not clipped to what a pixel can be', () => {
  const image = codec.decode(parameters, tf.tensor2d([[4, -3]]));
  expect(image.shape).toEqual([1, 2, 2, 1]);
  expect(Math.min(...image.dataSync())).toBeCloseTo(-2.75, 6);
  expect(Math.max(...image.dataSync())).toBeCloseTo(0.5 + 4 * half, 6);
});

test('an image in the span of the components comes back as it was', () => {
  const latents = tf.tensor2d([
    [0.3, -0.2],
    [-1, 2],
  ]);
  const again = codec.encode(parameters, codec.decode(parameters, latents));
  again.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(latents.dataSync()[i], 6);
  });
});

test('reconstructions are clipped to [0, 1] when asked for, and the rest is untouched', () => {
  const clipping = pcaCodec({ id: 'pca-2-clipped', imageShape: [2, 2, 1], latent: 2, clipped: true });
  const latents = tf.tensor2d([[4, -3]]);
  const plain = codec.decode(parameters, latents).dataSync();
  expect([...clipping.decode(parameters, latents).dataSync()]).toEqual(
    Array.from(plain, (value) => Math.min(1, Math.max(0, value))),
  );
  expect(clipping.title).toBe('PCA, 2 components, clipped');
});
