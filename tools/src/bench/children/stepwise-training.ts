import { randomStream, shuffledIndices } from '@narrows/shared';
import type { Split } from '@narrows/trainer';
import type { PeerModel } from './training-peer.ts';

/** Images of one step: uint8 pixels and labels of `count` images, overwritten by the next. */
export interface StepBatch {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
}

/**
 * The passes of a peer that is given one batch after the other: gathers shuffled images, has it take a step.
 * @param seed of the order of images.
 * @param step returns the batch's loss.
 */
export function stepwiseTraining(
  train: Split,
  seed: number,
  step: (batch: StepBatch) => Promise<number>,
): Pick<PeerModel, 'prepare' | 'train'> {
  const imageSize = train.images.length / train.count;
  let passes = 0;
  return {
    prepare: () => Promise.resolve(),
    async train({ count, batchSize }, onStep) {
      const order = shuffledIndices(count, randomStream(seed, 'bench', passes++));
      const images = new Uint8Array(batchSize * imageSize);
      const labels = new Uint8Array(batchSize);
      for (let start = 0; start < count; start += batchSize) {
        const size = Math.min(batchSize, count - start);
        for (let i = 0; i < size; i++) {
          const index = order[start + i];
          images.set(train.images.subarray(index * imageSize, (index + 1) * imageSize), i * imageSize);
          labels[i] = train.labels[index];
        }
        const batch = { images: images.subarray(0, size * imageSize), labels: labels.subarray(0, size) };
        const loss = await step({ ...batch, count: size });
        if (!(await onStep(loss))) return;
      }
    },
  };
}
