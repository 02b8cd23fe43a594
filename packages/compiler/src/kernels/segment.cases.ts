import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

function row(name: string, shape: readonly number[], segments: readonly number[], count: number): KernelCase {
  return {
    name: `UnsortedSegmentSum ${name}`,
    covers: ['UnsortedSegmentSum'],
    inputs: { x: { shape } },
    fn: ({ x }) => tf.unsortedSegmentSum(x, tf.tensor1d([...segments], 'int32'), count),
    tolerance: 'sum',
  };
}

export const segmentCases: readonly KernelCase[] = [
  row('of numbers', [5], [2, 0, 2, 2, 1], 3),
  row('of rows, and one segment empty', [4, 3], [3, 0, 3, 1], 4),
  row('of matrices', [3, 2, 2], [1, 1, 0], 2),
  row('of one row', [1, 3], [1], 3),
  row('of no rows', [0, 3], [], 2),
  row('of rows without elements', [2, 0], [1, 0], 2),
  {
    ...row('with rows of no segment', [5, 2], [-1, 0, 3, 2, 0], 3),
    gradient: { check: 'none', because: 'tfjs gathers rows that are not there' },
  },
  row('with negative segments', [4, 2], [-1, 0, -5, 0], 2),
  ...(['int32', 'bool'] as const).map((dtype): KernelCase => ({
    ...row(`of ${dtype}`, [4, 2], [1, 0, 1, 1], 2),
    inputs: { x: { shape: [4, 2], dtype } },
    gradient: notReal,
  })),
  {
    name: 'UnsortedSegmentSum by segments that are computed',
    covers: ['UnsortedSegmentSum'],
    inputs: { x: { shape: [6, 2] }, segments: { shape: [6], dtype: 'int32' } },
    fn: ({ x, segments }) =>
      tf.unsortedSegmentSum(x, tf.minimum<tf.Tensor1D>(segments as tf.Tensor1D, tf.scalar(3, 'int32')), 4),
    tolerance: 'sum',
  },
];
