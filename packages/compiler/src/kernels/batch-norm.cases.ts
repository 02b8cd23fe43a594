import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

function row(
  name: string,
  x: readonly number[],
  statistic: readonly number[],
  {
    scaled = true,
    offset = true,
    ...extra
  }: Partial<KernelCase> & { scaled?: boolean; offset?: boolean } = {},
): KernelCase {
  return {
    name: `FusedBatchNorm ${name}`,
    covers: ['FusedBatchNorm'],
    inputs: {
      x: { shape: x },
      mean: { shape: statistic },
      variance: { shape: statistic, range: 'positive' },
      ...(offset ? { beta: { shape: statistic } } : {}),
      ...(scaled ? { gamma: { shape: statistic } } : {}),
    },
    fn: ({ x: input, mean, variance, beta, gamma }) => tf.batchNorm(input, mean, variance, beta, gamma, 0.01),
    tolerance: 'sum',
    ...extra,
  };
}

const absentGradient: GradientCheck = {
  check: 'none',
  because: 'tfjs 4.22 itself fails at the gradient without a scale or an offset',
};

export const batchNormCases: readonly KernelCase[] = [
  row('of images by channel', [2, 3, 5, 3], [3]),
  row('of one image of one channel', [1, 3, 2, 1], [1]),
  row('of rows by column', [4, 3], [3]),
  row('of rank 3', [2, 4, 3], [3]),
  row('without an offset', [2, 2, 3, 2], [2], {
    offset: false,
    gradient: absentGradient,
  }),
  row('without a scale', [2, 2, 3, 2], [2], {
    scaled: false,
    gradient: absentGradient,
  }),
  row('by element', [2, 1, 2, 3], [2, 1, 2, 3]),
  row('of an empty batch', [0, 2, 2, 3], [3]),
  row('of int32', [2, 1, 2, 3], [3], {
    inputs: {
      x: { shape: [2, 1, 2, 3], dtype: 'int32' },
      mean: { shape: [3] },
      variance: { shape: [3], range: 'positive' },
    },
    gradient: notReal,
  }),
  {
    name: 'batchNormalization in training mode, with the statistics of the batch',
    covers: ['FusedBatchNorm', 'Mean', 'Square'],
    inputs: { x: { shape: [4, 3, 3, 2] }, gamma: { shape: [2] }, beta: { shape: [2] } },
    fn: ({ x, gamma, beta }) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, beta, gamma);
    },
    tolerance: 'sum',
  },
];
