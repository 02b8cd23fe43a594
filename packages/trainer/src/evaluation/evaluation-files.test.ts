import { decodeSafetensors } from '@narrows/shared';
import { expect, test } from 'vitest';
import { evaluationFiles } from './evaluation-files.ts';

test('every figure and picture is a tensor under its name', () => {
  const { perImage, samples } = evaluationFiles({
    perImage: {
      labels: Uint8Array.of(1, 0, 1),
      codecs: [{ id: 'pca-2', mse: Float32Array.of(0.1, 0.2, 0.3), ssim: Float32Array.of(0.9, 0.8, 0.7) }],
      classifications: [
        {
          classifier: 'cnn',
          on: 'original',
          predicted: Uint8Array.of(1, 0, 0),
          probability: Float32Array.of(1, 0.5, 0.75),
        },
      ],
    },
    samples: {
      imageShape: [1, 2, 1],
      indices: Int32Array.of(2, 0),
      labels: Uint8Array.of(1, 1),
      originals: Uint8Array.of(0, 255, 7, 8),
      reconstructions: [{ id: 'pca-2', images: Uint8Array.of(1, 2, 3, 4) }],
    },
  });
  const byName = (bytes: Uint8Array) =>
    Object.fromEntries(
      decodeSafetensors(bytes, 'it').tensors.map(({ name, shape, data }) => [name, { shape, data }]),
    );
  expect(byName(perImage)).toEqual({
    labels: { shape: [3], data: Uint8Array.of(1, 0, 1) },
    'mse/pca-2': { shape: [3], data: Float32Array.of(0.1, 0.2, 0.3) },
    'ssim/pca-2': { shape: [3], data: Float32Array.of(0.9, 0.8, 0.7) },
    'predicted/cnn/original': { shape: [3], data: Uint8Array.of(1, 0, 0) },
    'probability/cnn/original': { shape: [3], data: Float32Array.of(1, 0.5, 0.75) },
  });
  expect(byName(samples)).toEqual({
    indices: { shape: [2], data: Int32Array.of(2, 0) },
    labels: { shape: [2], data: Uint8Array.of(1, 1) },
    originals: { shape: [2, 1, 2, 1], data: Uint8Array.of(0, 255, 7, 8) },
    'reconstructions/pca-2': { shape: [2, 1, 2, 1], data: Uint8Array.of(1, 2, 3, 4) },
  });
});
