import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

function row(name: string, a: readonly number[], b: readonly number[]): KernelCase {
  return {
    name: `BroadcastArgs ${name}`,
    covers: ['BroadcastArgs'],
    inputs: { a: { shape: [a.length], dtype: 'int32' }, b: { shape: [b.length], dtype: 'int32' } },
    // The drawn values are no shapes that go together.
    fn: (inputs) => tf.broadcastArgs(shape(inputs['a'], a), shape(inputs['b'], b)),
    gradient: notReal,
  };
}

/** `values`, by way of a tensor that the graph has to compute. */
function shape(drawn: tf.Tensor, values: readonly number[]): tf.Tensor {
  return tf.maximum(tf.minimum(drawn, tf.tensor1d([...values], 'int32')), tf.tensor1d([...values], 'int32'));
}

export const broadcastArgsCases: readonly KernelCase[] = [
  row('of equal shapes', [2, 3], [2, 3]),
  row('with ones on either side', [1, 3, 1], [4, 1, 1]),
  row('of unequal lengths', [5], [2, 1, 5]),
  row('with sizes of 0', [0, 1], [1, 2]),
  row('with nothing', [], [3]),
];
