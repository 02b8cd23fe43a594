import * as tf from '@tensorflow/tfjs';
import { special, unaryRows } from '../testing/elementwise-rows.ts';
import { constantGradient, notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

/** Applies a kernel that the op of the same name keeps from integers. */
function run(kernel: string): (x: tf.Tensor) => tf.Tensor {
  return (x) => tf.engine().runKernel(kernel, { x });
}

const finite = special.filter((x) => !Number.isNaN(x));

/** Where functions that end at 1 or -1 are still short of it in float32 too. */
const small = [0, 1, -1, 2, -2, 3, -3];

const nanSlope: GradientCheck = {
  check: 'drawn values',
  because:
    'where x is NaN slopeOfOutput makes the slope of ReLU 0; the row below has the other special values',
};

export const activationCases: readonly KernelCase[] = [
  ...unaryRows('Elu', run('Elu'), { integers: small }),
  ...unaryRows('Relu', (x) => tf.relu(x), { gradient: nanSlope }),
  ...unaryRows('Relu6', (x) => tf.relu6(x)),
  ...unaryRows('Selu', (x) => tf.selu(x)),
  ...unaryRows('Sigmoid', run('Sigmoid'), { integers: small }),
  ...unaryRows('Softplus', (x) => tf.softplus(x)),
  ...unaryRows('Step', (x) => tf.step(x), { gradient: constantGradient }),
  ...unaryRows('LeakyRelu', (x) => tf.leakyRelu(x, 0.3)),
  ...unaryRows('ClipByValue', (x) => tf.clipByValue(x, -0.75, 6.5)),
  {
    name: 'Step and its slope on the negative side',
    covers: ['Step'],
    inputs: { x: { shape: [19] } },
    fn: ({ x }) => tf.step(x, 0.25),
    also: [{ x: special }],
    gradient: constantGradient,
  },
  {
    name: 'Relu and its gradient at zero and at infinity',
    covers: ['Relu', 'Step'],
    inputs: { x: { shape: [18] } },
    fn: ({ x }) => tf.relu(x),
    also: [{ x: finite }],
  },
  {
    name: 'Relu of a scalar',
    covers: ['Relu'],
    inputs: { x: { shape: [] } },
    fn: ({ x }) => tf.relu(x),
  },
  {
    name: 'Elu and its gradient from the output',
    covers: ['Elu', 'EluGrad'],
    inputs: { x: { shape: [2, 9] } },
    fn: ({ x }) => tf.elu(x),
    also: [{ x: special }],
  },
  {
    name: 'ClipByValue and its gradient at the bounds',
    covers: ['ClipByValue', 'GreaterEqual', 'LessEqual', 'LogicalAnd', 'Select'],
    inputs: { x: { shape: [3, 3] } },
    fn: ({ x }) => tf.clipByValue(x, 0, 1),
    also: [{ x: [0, -0, 1, 0.5, -1e-7, 1 + 2 ** -23, 1 - 2 ** -24, 2, -Infinity] }],
  },
  {
    name: 'ClipByValue of int32 to an infinite range',
    covers: ['ClipByValue'],
    inputs: { x: { shape: [6], dtype: 'int32' } },
    fn: ({ x }) => tf.clipByValue(x, -Infinity, 3e9),
    also: [{ x: [2147483647, -2147483648, 0] }],
    gradient: notReal,
  },
  {
    name: 'Prelu with a slope for each column',
    covers: ['Prelu'],
    inputs: { x: { shape: [5, 3] }, alpha: { shape: [3] } },
    fn: ({ x, alpha }) => tf.prelu(x, alpha),
    also: [{ x: [NaN, 0, -0, -1, 1] }],
  },
  {
    name: 'Prelu of int32',
    covers: ['Prelu'],
    inputs: { x: { shape: [7], dtype: 'int32' }, alpha: { shape: [] } },
    fn: ({ x, alpha }) => tf.prelu(x, alpha),
    gradient: { check: 'none', because: 'tfjs gives prelu a gradient for float32 operands only' },
  },
];
