import type { Split } from './dataset.ts';

/**
 * The first images of a split, as views of its data.
 *
 * @param limit how many, an integer ≥ 1; `undefined` and more than there are mean all of them
 */
export function firstImages(split: Split, limit: number | undefined): Split {
  if (limit === undefined || limit >= split.count) return split;
  const imageSize = split.images.length / split.count;
  return {
    images: split.images.subarray(0, limit * imageSize),
    labels: split.labels.subarray(0, limit),
    count: limit,
  };
}
