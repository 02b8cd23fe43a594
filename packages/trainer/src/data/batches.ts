import { randomStream, shuffledIndices } from '@narrows/shared';
import type { Split } from './dataset.ts';

/** A run of consecutive places in an epoch's order. */
export interface Batch {
  /** The first place. */
  start: number;
  /** Number of places, at least 1. */
  size: number;
}

/**
 * Cuts an epoch into batches; the last one is smaller where `batchSize` doesn't divide `count`. 60,000 images at 64 are
 * 937 batches of 64 and one of 32.
 *
 * @param count number of images, an integer ≥ 1
 * @param batchSize images in a batch, an integer ≥ 1
 * @throws RangeError if either is anything else
 */
export function batchPlan(count: number, batchSize: number): Batch[] {
  for (const number of [count, batchSize]) {
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new RangeError(
        `Cannot cut ${count} images into batches of ${batchSize}: both must be integers of at least 1.`,
      );
    }
  }
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => ({
    start: i * batchSize,
    size: Math.min(batchSize, count - i * batchSize),
  }));
}

/**
 * The order in which a model sees the training images in an epoch: a shuffle that depends on nothing but the
 * arguments, from the random stream (seed, `shuffle:${modelId}`, epoch).
 *
 * @param count number of images
 * @param seed the run's seed, an integer in [0, 2^53)
 * @param modelId id of the model within the run
 * @param epoch number of the epoch, an integer in [0, 2^32)
 * @returns uint32 [count], each index once
 * @throws RangeError if a number is outside its range
 */
export function epochOrder(count: number, seed: number, modelId: string, epoch: number): Uint32Array {
  return shuffledIndices(count, randomStream(seed, `shuffle:${modelId}`, epoch));
}

/**
 * Copies a batch of images and labels out of a split: the i-th is the split's image `indices[start + i]`.
 *
 * @param split where they come from
 * @param indices order of the split's images, such as `epochOrder` gives
 * @param start first place of the batch in `indices`
 * @param size number of images in the batch
 * @param imagesOut uint8, at least size · height · width · channels long; what lies beyond them is left as it is
 * @param labelsOut uint8, at least `size` long; what lies beyond is left as it is
 * @throws TypeError if an output is too short
 * @throws RangeError if the batch reaches beyond `indices`, or an index beyond the split
 */
export function fillBatch(
  split: Split,
  indices: Uint32Array,
  start: number,
  size: number,
  imagesOut: Uint8Array,
  labelsOut: Uint8Array,
): void {
  const { images, labels, count } = split;
  const imageSize = images.length / count;
  if (![start, size].every((n) => Number.isInteger(n) && n >= 0) || start + size > indices.length) {
    throw new RangeError(
      `Cannot fill a batch: places ${start} to ${start + size} must lie within the ${indices.length} indices.`,
    );
  }
  if (imagesOut.length < size * imageSize || labelsOut.length < size) {
    throw new TypeError(
      `Cannot fill a batch: ${size} images take ${size * imageSize} bytes and ${size} labels, ` +
        `but there is room for ${imagesOut.length} and ${labelsOut.length}.`,
    );
  }
  for (let i = 0; i < size; i++) {
    const index = indices[start + i];
    if (index >= count) {
      throw new RangeError(
        `Cannot fill a batch: indices must be below ${count}, but that of image ${i} is ${index}.`,
      );
    }
    imagesOut.set(images.subarray(index * imageSize, (index + 1) * imageSize), i * imageSize);
    labelsOut[i] = labels[index];
  }
}
