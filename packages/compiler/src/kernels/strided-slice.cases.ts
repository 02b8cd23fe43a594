import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';

function row(name: string, shape: readonly number[], fn: (x: tf.Tensor) => tf.Tensor): KernelCase {
  return {
    name: `StridedSlice ${name}`,
    covers: ['StridedSlice'],
    inputs: { x: { shape } },
    fn: ({ x }) => fn(x),
    tolerance: 'exact',
    gradient: { check: 'none', because: 'tfjs has no gradient of stridedSlice' },
  };
}

export const stridedSliceCases: readonly KernelCase[] = [
  ...(['int32', 'bool'] as const).map((dtype): KernelCase => ({
    ...row(`of ${dtype}`, [4, 5], (x) => tf.stridedSlice(x, [3, 0], [0, 5], [-1, 2])),
    inputs: { x: { shape: [4, 5], dtype } },
  })),
  row('with steps that leave a rest', [5, 7], (x) => tf.stridedSlice(x, [1, 0], [5, 7], [2, 3])),
  row('from the end', [5, 4], (x) => tf.stridedSlice(x, [-3, -4], [-1, 4], [1, 2])),
  row('of everything', [2, 3], (x) => tf.stridedSlice(x, [0, 0], [2, 3])),
  row('of nothing', [5], (x) => tf.stridedSlice(x, [3], [3], [1])),
  row('with bounds that are left out', [4, 5], (x) =>
    tf.stridedSlice(x, [3, 2], [1, 2], [1, 1], /* beginMask */ 0b01, /* endMask */ 0b10),
  ),
  row('with an ellipsis, a new axis and an axis that goes', [3, 4, 5], (x) =>
    tf.stridedSlice(x, [1, 0, 0, 2], [2, 0, 0, 3], [1, 1, 1, 1], 0, 0, 0b0010, 0b0100, 0b0001),
  ),
  row('backwards', [5, 4], (x) => tf.stridedSlice(x, [4, 3], [1, -5], [-2, -1])),
  row('backwards from the end to the beginning', [5, 4], (x) =>
    tf.stridedSlice(x, [0, 1], [0, 0], [-3, -1], /* beginMask */ 0b01, /* endMask */ 0b11),
  ),
  row('backwards over nothing', [5], (x) => tf.stridedSlice(x, [1], [3], [-1])),
  row('backwards of an empty tensor', [0, 2], (x) => tf.stridedSlice(x, [5, 1], [-5, -5], [-1, -1])),
  row('of an empty tensor', [0, 4], (x) => tf.stridedSlice(x, [0, 1], [0, 4], [1, 2])),
];
