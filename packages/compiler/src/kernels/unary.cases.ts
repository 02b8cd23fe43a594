import * as tf from '@tensorflow/tfjs';
import { special, unaryRows } from '../testing/elementwise-rows.ts';
import { constantGradient, notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

/** Applies a kernel that the op of the same name keeps from integers. */
function run(kernel: string, attributes = {}): (x: tf.Tensor) => tf.Tensor {
  return (x) => tf.engine().runKernel(kernel, { x }, attributes);
}

/** Where functions that end at ±1 are still short of it in float32 too. */
const small = [0, 1, -1, 2, -2, 3, -3];

export const unaryCases: readonly KernelCase[] = [
  ...unaryRows('Abs', (x) => tf.abs(x)),
  ...unaryRows('Acos', (x) => tf.acos(x), { range: 'unit' }),
  ...unaryRows('Acosh', (x) => tf.acosh(x), { range: 'aboveOne' }),
  ...unaryRows('Asin', (x) => tf.asin(x), { range: 'unit' }),
  ...unaryRows('Asinh', (x) => tf.asinh(x)),
  ...unaryRows('Atan', (x) => tf.atan(x)),
  ...unaryRows('Atanh', (x) => tf.atanh(x), { range: 'unit' }),
  ...unaryRows('Ceil', run('Ceil'), { gradient: constantGradient }),
  ...unaryRows('Cos', run('Cos')),
  ...unaryRows('Cosh', run('Cosh'), { integers: [0, 1, -1, 6, 7] }),
  ...unaryRows('Erf', run('Erf'), { tolerance: 'erf', integers: 'none' }),
  ...unaryRows('Exp', (x) => tf.exp(x)),
  ...unaryRows('Expm1', (x) => tf.expm1(x), { integers: small }),
  ...unaryRows('Floor', run('Floor'), { gradient: constantGradient }),
  ...unaryRows('Log', run('Log'), { range: 'positive' }),
  ...unaryRows('Log1p', (x) => tf.log1p(x), { range: 'positive' }),
  ...unaryRows('Neg', (x) => tf.neg(x)),
  ...unaryRows('Reciprocal', (x) => tf.reciprocal(x)),
  ...unaryRows('Round', (x) => tf.round(x), { gradient: constantGradient }),
  ...unaryRows('Rsqrt', run('Rsqrt'), { range: 'positive' }),
  ...unaryRows('Sign', (x) => tf.sign(x), { gradient: constantGradient }),
  ...unaryRows('Sin', run('Sin')),
  ...unaryRows('Sinh', (x) => tf.sinh(x), { integers: [0, 1, -1, 6, 7] }),
  ...unaryRows('Sqrt', run('Sqrt'), { range: 'positive' }),
  ...unaryRows('Square', (x) => tf.square(x)),
  ...unaryRows('Tan', run('Tan')),
  ...unaryRows('Tanh', run('Tanh'), { integers: small }),
  {
    name: 'Log1p and Expm1 of an empty tensor',
    covers: ['Log1p', 'Expm1'],
    inputs: { x: { shape: [0, 3] } },
    fn: ({ x }) => tf.log1p(tf.expm1(x)),
  },
  {
    name: 'Log1p and Expm1 where 1 + x is 1',
    covers: ['Log1p', 'Expm1'],
    inputs: { x: { shape: [6], range: 'unit' } },
    fn: ({ x }) => tf.concat([tf.log1p(x), tf.expm1(x)]),
    // Of one magnitude each, so that no larger element lends its tolerance.
    also: [{ x: [1e-9, -2e-9] }, { x: [3e-20] }, { x: [1e-4, -3e-4] }, { x: [0.4999, -0.5, 0.5] }],
  },
  ...(['float32', 'int32', 'bool', 'uint8'] as const).flatMap((from) =>
    (['float32', 'int32', 'bool'] as const)
      .filter((to) => to !== from && !(from === 'uint8' && to === 'int32'))
      .map((to): KernelCase => ({
        name: `Cast of ${from} to ${to}`,
        covers: ['Cast'],
        inputs: { x: { shape: [21], dtype: from } },
        fn: ({ x }) => tf.cast(x, to),
        also: from === 'float32' ? [{ x: special }, { x: [-2.7, 2.7, 1e9, 2 ** 31, -3e9, 5e12, -2e30] }] : [],
        gradient: notReal,
      })),
  ),
  {
    name: 'Identity leaves no node',
    covers: ['Neg'],
    inputs: { x: { shape: [2] } },
    fn: ({ x }) => tf.clone(tf.neg(tf.clone(x))),
  },
];
