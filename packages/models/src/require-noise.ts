import type * as tf from '@tensorflow/tfjs';
import type { LossBatch } from './model.ts';

/**
 * The noise of a batch, for a loss that is computed with it.
 * @param id of the model whose loss it is.
 * @param noiseShape shape that the model asks for, without the batch.
 * @throws TypeError where the batch has none, or of another shape.
 */
export function requireNoise(
  { images, noise }: LossBatch,
  { id, noiseShape }: { id: string; noiseShape: readonly number[] },
): tf.Tensor {
  const expected = [images.shape[0], ...noiseShape];
  if (noise?.shape.join() === expected.join()) return noise;
  const found = noise === undefined ? 'there is none' : `it is [${noise.shape.join(',')}]`;
  throw new TypeError(
    `Cannot compute the loss of "${id}": noise must be [${expected.join(',')}], and ${found}; draw standard normal numbers of the model's noiseShape for each image.`,
  );
}
