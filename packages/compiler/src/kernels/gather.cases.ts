import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { dtypes } from '../testing/moving-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradient of gatherND' };

/** Positions that the indices of a row are brought into. */
function within(indices: tf.Tensor, size: number): tf.Tensor {
  return tf.clipByValue(indices, 0, size - 1);
}

function gatherNd(
  name: string,
  shape: readonly number[],
  positions: { readonly shape: readonly number[]; readonly data: readonly number[] },
): KernelCase[] {
  return dtypes.map((dtype) => ({
    name: `GatherNd ${name}, ${dtype}`,
    covers: ['GatherNd'],
    inputs: { x: { shape, dtype } },
    fn: ({ x }) => tf.gatherND(x, tf.tensor([...positions.data], [...positions.shape], 'int32')),
    tolerance: 'exact',
    gradient: dtype === 'float32' ? noGradient : notReal,
  }));
}

export const gatherCases: readonly KernelCase[] = [
  ...dtypes.map((dtype): KernelCase => ({
    name: `GatherV2 of ${dtype} along the last axis`,
    covers: ['GatherV2'],
    inputs: { x: { shape: [2, 3], dtype }, indices: { shape: [2, 2], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 3), -1),
    ...(dtype === 'float32' ? {} : { gradient: notReal }),
  })),
  {
    name: 'GatherV2 of one row',
    covers: ['GatherV2', 'UnsortedSegmentSum'],
    inputs: { x: { shape: [3, 2] }, index: { shape: [], dtype: 'int32' } },
    fn: ({ x, index }) => tf.gather(x, within(index, 3)),
  },
  {
    name: 'GatherV2 of no rows',
    covers: ['GatherV2', 'UnsortedSegmentSum'],
    inputs: { x: { shape: [3, 2] }, indices: { shape: [0], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, indices),
  },
  {
    name: 'GatherV2 of rows again and again, as an embedding has them',
    covers: ['GatherV2', 'UnsortedSegmentSum'],
    inputs: { x: { shape: [5, 3] }, indices: { shape: [4, 6], dtype: 'int32', range: 'positive' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 5)),
    also: [{ indices: [2] }, { indices: [4, 0] }],
  },
  {
    name: 'GatherV2 along an axis in between',
    covers: ['GatherV2', 'UnsortedSegmentSum'],
    inputs: { x: { shape: [2, 4, 3] }, indices: { shape: [5], dtype: 'int32', range: 'positive' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 4), 1),
  },
  ...dtypes.map((dtype): KernelCase => ({
    name: `GatherV2 of ${dtype} by batches`,
    covers: ['GatherV2'],
    inputs: { x: { shape: [2, 3, 4], dtype }, indices: { shape: [2, 5], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 3), 1, 1),
    tolerance: 'exact',
    gradient:
      dtype === 'float32'
        ? { check: 'none', because: 'tfjs 4.22 only has a gradient of gather by batches for matrices' }
        : notReal,
  })),
  {
    name: 'GatherV2 by batches with an axis in between',
    covers: ['GatherV2'],
    inputs: { x: { shape: [2, 3, 4, 2] }, indices: { shape: [2, 2, 2], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 4), 2, 1),
    tolerance: 'exact',
    gradient: { check: 'none', because: 'tfjs 4.22 only has a gradient of gather by batches for matrices' },
  },
  {
    name: 'GatherV2 by as many batches as indices have axes but one',
    covers: ['GatherV2'],
    inputs: { x: { shape: [2, 2, 4] }, indices: { shape: [2, 2, 3], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 4), 2, -1),
    tolerance: 'exact',
    gradient: { check: 'none', because: 'tfjs 4.22 only has a gradient of gather by batches for matrices' },
  },
  {
    name: 'GatherV2 by batches of a matrix, and its gradient',
    covers: ['GatherV2', 'UnsortedSegmentSum', 'Pack'],
    inputs: { x: { shape: [3, 4] }, indices: { shape: [3, 2], dtype: 'int32', range: 'positive' } },
    fn: ({ x, indices }) => tf.gather(x, within(indices, 4), 1, 1),
  },
  ...gatherNd('of elements', [2, 3], { shape: [3, 2], data: [0, 0, 1, 2, 0, 1] }),
  ...gatherNd('of rows', [4, 3], { shape: [2, 2, 1], data: [0, 3, 1, 1] }),
  ...gatherNd('of matrices', [2, 2, 3, 2], { shape: [3, 2], data: [1, 0, 0, 1, 1, 1] }),
  ...gatherNd('at one position', [2, 3], { shape: [2], data: [1, 2] }),
  ...gatherNd('at a position that overflows into the next row', [2, 3], { shape: [1, 2], data: [0, 5] }),
  ...gatherNd('of nothing', [2, 3], { shape: [0, 2], data: [] }),
  {
    name: 'GatherNd at positions that are computed',
    covers: ['GatherNd'],
    inputs: { x: { shape: [3, 3] }, positions: { shape: [4, 2], dtype: 'int32' } },
    fn: ({ x, positions }) => tf.gatherND(x, within(positions, 3)),
    tolerance: 'exact',
    gradient: noGradient,
  },
];
