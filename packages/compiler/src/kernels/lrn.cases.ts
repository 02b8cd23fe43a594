import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

function row(
  name: string,
  shape: readonly number[],
  parameters: readonly [radius?: number, bias?: number, alpha?: number, beta?: number],
  extra: Partial<KernelCase> = {},
): KernelCase {
  return {
    name: `LRN ${name}`,
    covers: extra.gradient === undefined ? ['LRN', 'LRNGrad'] : ['LRN'],
    inputs: { x: { shape } },
    fn: ({ x }) => tf.localResponseNormalization(x as tf.Tensor4D, ...parameters),
    tolerance: 'sum',
    ...extra,
  };
}

export const lrnCases: readonly KernelCase[] = [
  row('over two channels to each side', [2, 3, 2, 7], [2, 1, 0.5, 0.75]),
  row('with the parameters of tfjs', [1, 2, 3, 9], []),
  row('over the channel itself', [2, 1, 2, 3], [0, 2, 1, 0.5]),
  row('over more channels than there are', [2, 2, 1, 3], [8, 1, 0.3, 0.5]),
  row('of one channel', [2, 2, 2, 1], [3, 1, 1, 0.5]),
  row('of rank 3', [2, 2, 5], [1, 1, 2, 0.5]),
  row('with a negative exponent and factor', [1, 2, 2, 4], [1, 9, -0.5, -0.5]),
  row('of an empty batch', [0, 2, 2, 3], [1, 1, 1, 0.5]),
  row('where other channels are NaN', [1, 1, 2, 5], [1, 1, 1, 0.5], {
    also: [{ x: [NaN, 1, 2, 3, 4, 5, 6, 7, 8, Infinity] }],
    covers: ['LRN'],
    gradient: {
      check: 'drawn values',
      because: 'sums over infinities and NaN have no order in which they agree',
    },
  }),
  row('of int32', [1, 2, 1, 3], [1, 1, 0.01, 0.5], {
    inputs: { x: { shape: [1, 2, 1, 3], dtype: 'int32' } },
    gradient: notReal,
  }),
];
