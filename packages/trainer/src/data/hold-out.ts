import type { Split } from './dataset.ts';

/**
 * Cuts the last images off a split, to choose by: the same ones whatever the seed, so that runs can be compared.
 * @param count how many, below the split's own count; 0 holds none out.
 */
export function holdOut(split: Split, count: number): { train: Split; validation?: Split } {
  if (count === 0) return { train: split };
  const first = split.count - count;
  const imageSize = split.images.length / split.count;
  return {
    train: {
      images: split.images.subarray(0, first * imageSize),
      labels: split.labels.subarray(0, first),
      count: first,
    },
    validation: {
      images: split.images.subarray(first * imageSize),
      labels: split.labels.subarray(first),
      count,
    },
  };
}
