import * as tf from '@tensorflow/tfjs';
import type { CaseInput, GradientCheck, KernelCase } from '../testing/kernel-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradient of topk' };

/** The values and places of the largest elements, one after the other. */
function row(name: string, x: CaseInput, k: number, also: KernelCase['also'] = []): KernelCase {
  return {
    name: `TopK ${name}`,
    covers: ['TopK'],
    inputs: { x },
    fn: (inputs) => {
      const { values, indices } = tf.topk(inputs['x'], k);
      return tf.concat([tf.cast(values, 'float32'), tf.cast(indices, 'float32')], -1);
    },
    also,
    tolerance: 'exact',
    gradient: noGradient,
  };
}

export const topKCases: readonly KernelCase[] = [
  row('of rows, with ties and infinities', { shape: [3, 4] }, 2, [
    { x: [1, 1, 1, 1, 2, 3, 3, 2, -Infinity, Infinity, -0, 0] },
  ]),
  row('of one row', { shape: [6] }, 3),
  row('of three axes', { shape: [2, 2, 5] }, 1),
  row('of all', { shape: [2, 3] }, 3, [{ x: [0, 0, 1] }]),
  row('of none', { shape: [2, 3] }, 0),
  row('of no rows', { shape: [0, 3] }, 2),
  row('of int32', { shape: [3, 4], dtype: 'int32' }, 3, [{ x: [5, 5, -5, 5] }]),
  row('of bool', { shape: [2, 5], dtype: 'bool' }, 3),
  {
    name: 'TopK in the dtype of its operand',
    covers: ['TopK'],
    inputs: { x: { shape: [2, 5], dtype: 'bool' } },
    fn: ({ x }) => tf.topk(x, 2).values,
    gradient: noGradient,
  },
];
