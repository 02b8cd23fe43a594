import * as tf from '@tensorflow/tfjs';
import { binaryRows, noBroadcastGradient, special } from '../testing/elementwise-rows.ts';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

/** Operands of int32 division, with every pair of signs, zero divisors, and numbers that float32 cannot hold. */
const dividends = [0, 1, -1, 5, -5, 7, -7, 16777217, -16777217, 123456789, -2147483648, 2147483647, -6];
const divisors = [0, 1, -1, 2, -2, 3, -3, 5, -7, 1000003, 16777217];

/** `tf.div` floors the quotient of integers; its kernel drops the fraction. */
function divide(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('RealDiv', { a, b });
}

export const binaryCases: readonly KernelCase[] = [
  ...binaryRows('Add', (a, b) => tf.add(a, b)),
  ...binaryRows('Sub', (a, b) => tf.sub(a, b)),
  ...binaryRows('Multiply', (a, b) => tf.mul(a, b)),
  ...binaryRows('RealDiv', divide),
  ...binaryRows('Maximum', (a, b) => tf.maximum(a, b), { gradientBroadcasts: false }),
  ...binaryRows('Minimum', (a, b) => tf.minimum(a, b), { gradientBroadcasts: false }),
  ...binaryRows('SquaredDifference', (a, b) => tf.squaredDifference(a, b), { gradientBroadcasts: false }),
  ...binaryRows('Pow', (a, b) => tf.pow(a, b), {
    range: 'positive',
    // 1 and -1 to the power of NaN or an infinity are the documented difference.
    also: { a: special.filter((x) => Math.abs(x) !== 1) },
  }),
  ...binaryRows('FloorDiv', (a, b) => tf.floorDiv(a, b), {
    range: 'positive',
    // What doesn't fit into the int32 result is the documented difference.
    also: { a: [0, -0, 0.5, -0.5, 1.5, 2.5, -7.5, 1e6], b: [1, -1, 0.5, -0.25, 3, Infinity, -Infinity] },
    gradient: notReal,
  }),
  ...binaryRows('Mod', (a, b) => tf.mod(a, b), {
    range: 'positive',
    // Remainders by -∞, and of numbers that vanish beside the divisor, are the documented difference.
    also: {
      a: special.filter((x) => x === 0 || !(Math.abs(x) < 0.1)),
      b: special.filter((x) => x !== -Infinity),
    },
  }),
  {
    name: 'Maximum and Minimum and their gradients at ties',
    covers: ['Maximum', 'Minimum'],
    inputs: { a: { shape: [6] }, b: { shape: [6] } },
    fn: ({ a, b }) => tf.sub(tf.maximum(a, b), tf.square(tf.minimum(a, b))),
    also: [{ a: [1, 2, 0], b: [1, 1, -0] }],
  },
  ...binaryRows('Atan2', (a, b) => tf.atan2(a, b)),
  {
    name: 'BitwiseAnd, broadcast',
    covers: ['BitwiseAnd'],
    inputs: { a: { shape: [13, 1], dtype: 'int32' }, b: { shape: [1, 11], dtype: 'int32' } },
    fn: ({ a, b }) => tf.engine().runKernel('BitwiseAnd', { a, b }),
    also: [{ a: dividends, b: divisors }],
    gradient: notReal,
  },
  {
    name: 'BitwiseAnd of scalars',
    covers: ['BitwiseAnd'],
    inputs: { a: { shape: [], dtype: 'int32' }, b: { shape: [], dtype: 'int32' } },
    fn: ({ a, b }) => tf.bitwiseAnd(a, b),
    also: [{ a: [-1], b: [-2147483648] }],
    gradient: notReal,
  },
  {
    name: 'operands of two dtypes, which tf.add would cast before',
    covers: ['Add', 'Multiply', 'RealDiv', 'Maximum'],
    inputs: { a: { shape: [7], dtype: 'int32' }, b: { shape: [7] } },
    fn: ({ a, b }) =>
      tf.stack(
        ['Add', 'Multiply', 'RealDiv', 'Maximum'].map((kernel) =>
          tf.engine().runKernel<tf.Tensor>(kernel, { a, b }),
        ),
      ),
    also: [{ b: [0, 0.5, -1.5, NaN, Infinity] }],
    gradient: notReal,
  },
  {
    name: 'RealDiv of int32, of every sign and by zero',
    covers: ['RealDiv'],
    inputs: { a: { shape: [13, 1], dtype: 'int32' }, b: { shape: [1, 11], dtype: 'int32' } },
    fn: ({ a, b }) => divide(a, b),
    also: [{ a: dividends, b: divisors }],
    gradient: notReal,
  },
  {
    name: 'FloorDiv and Mod of int32, of every sign and by zero',
    covers: ['FloorDiv', 'Mod'],
    inputs: { a: { shape: [13, 1], dtype: 'int32' }, b: { shape: [1, 11], dtype: 'int32' } },
    fn: ({ a, b }) => tf.concat([tf.floorDiv(a, b), tf.mod(a, b)]),
    also: [{ a: dividends, b: divisors }],
    gradient: notReal,
  },
  {
    name: 'arithmetic of images of one channel and numbers',
    covers: ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum'],
    inputs: { a: { shape: [2, 3, 5, 1] }, b: { shape: [], range: 'positive' }, c: { shape: [1] } },
    fn: ({ a, b, c }) => tf.maximum(tf.div(tf.sub(1, tf.mul(tf.add(a, c), b)), b), tf.scalar(-0.5)),
    gradient: noBroadcastGradient,
  },
  {
    name: 'Add of a matrix and a scalar',
    covers: ['Add'],
    inputs: { a: { shape: [2, 3] }, b: { shape: [] } },
    fn: ({ a, b }) => tf.add(a, b),
  },
  {
    name: 'Sub of a scalar and a matrix',
    covers: ['Sub'],
    inputs: { a: { shape: [] }, b: { shape: [2, 3] } },
    fn: ({ a, b }) => tf.sub(a, b),
  },
  {
    name: 'Multiply of scalars',
    covers: ['Multiply'],
    inputs: { a: { shape: [] }, b: { shape: [] } },
    fn: ({ a, b }) => tf.mul(a, b),
  },
  {
    name: 'Multiply of an empty tensor and a row',
    covers: ['Multiply'],
    inputs: { a: { shape: [0, 3] }, b: { shape: [3] } },
    fn: ({ a, b }) => tf.mul(a, b),
  },
  {
    name: 'Multiply of ranks 1 and 3',
    covers: ['Multiply'],
    inputs: { a: { shape: [4] }, b: { shape: [2, 3, 1] } },
    fn: ({ a, b }) => tf.mul(a, b),
  },
  {
    name: 'Add of float32 and int32, which tfjs casts before',
    covers: ['Add', 'Cast'],
    inputs: { a: { shape: [5] }, b: { shape: [5], dtype: 'int32' } },
    fn: ({ a, b }) => tf.add(a, b),
  },
  {
    name: 'AddN of three',
    covers: ['AddN'],
    inputs: { a: { shape: [2, 3] }, b: { shape: [2, 3] }, c: { shape: [2, 3] } },
    fn: ({ a, b, c }) => tf.addN([a, b, c]),
  },
];
