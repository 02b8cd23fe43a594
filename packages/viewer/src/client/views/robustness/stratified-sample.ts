import { randomStream, shuffledIndices } from '@narrows/shared';

/**
 * Test images with as many of each class as there can be, always the same for the same labels.
 *
 * The classes take turns, each giving its next image in an order shuffled from seed 0, until there are `size` or no more.
 *
 * @param labels class of each test image, `[count]`
 * @param options.classCount classes, numbered from 0
 * @param options.size how many to take; at most all of them are
 * @returns indices of test images, in the order taken: its beginnings are as balanced as the whole
 */
export function stratifiedSample(
  labels: Uint8Array,
  { classCount, size }: { classCount: number; size: number },
): number[] {
  const byClass: number[][] = Array.from({ length: classCount }, () => []);
  for (const index of shuffledIndices(labels.length, randomStream(0, 'robustness-sample'))) {
    byClass[labels[index]].push(index);
  }
  const sample: number[] = [];
  for (let turn = 0; sample.length < Math.min(size, labels.length); turn++) {
    for (const indices of byClass)
      if (turn < indices.length && sample.length < size) sample.push(indices[turn]);
  }
  return sample;
}
