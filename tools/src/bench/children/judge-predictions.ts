import type { Split } from '@narrows/trainer';
import type { BenchModel } from '../training/peer-table.ts';
import type { Predictor } from './training-peer.ts';

/**
 * What a model makes of the test set, in one number: mean squared error over all pixels in [0, 1] of its
 * reconstructions, or the share of images whose greatest logit is their label's.
 *
 * @param predict reconstructions or logits of `batchSize` images, from uint8 pixels; the set must be whole batches.
 */
export async function judgePredictions(
  predict: Predictor['predict'],
  test: Split,
  { metric, batchSize }: { metric: BenchModel['metric']; batchSize: number },
): Promise<number> {
  const imageSize = test.images.length / test.count;
  let sum = 0;
  for (let start = 0; start < test.count; start += batchSize) {
    const images = test.images.subarray(start * imageSize, (start + batchSize) * imageSize);
    const predictions = await predict(images);
    sum +=
      metric === 'mse'
        ? squaredErrors(predictions, images) / imageSize
        : hits(predictions, test.labels.subarray(start, start + batchSize));
  }
  return sum / test.count;
}

function squaredErrors(reconstructions: Float32Array, images: Uint8Array): number {
  return images.reduce((sum, pixel, i) => sum + (reconstructions[i] - pixel / 255) ** 2, 0);
}

function hits(logits: Float32Array, labels: Uint8Array): number {
  const classes = logits.length / labels.length;
  return labels.reduce((sum, label, i) => {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    return sum + (own.indexOf(Math.max(...own)) === label ? 1 : 0);
  }, 0);
}
