import * as tf from '@tensorflow/tfjs';
import type { Range } from './draw-values.ts';
import { notReal } from './gradient-reasons.ts';
import type { GradientCheck, KernelCase } from './kernel-case.ts';
import type { ToleranceName } from './tolerances.ts';

/** Not-a-number, infinities, both zeros, halves that round to even, and numbers of every size. */
export const special = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-7,
  -1e-7,
  3e-39,
  6,
  7,
  80,
  -80,
];

interface UnaryOptions {
  readonly range?: Range;
  readonly gradient?: GradientCheck;
  readonly tolerance?: ToleranceName;
  readonly also?: readonly number[];
  /** Integers to run on besides -5…5; `none` where even there float32 reaches an integer that float64 does not. */
  readonly integers?: readonly number[] | 'none';
}

/** tfjs leaves 2 of `true + true` in a tensor of bool; what counts is whether it is 0. */
function truth(y: tf.Tensor): tf.Tensor {
  return y.dtype === 'bool' ? tf.notEqual(y, tf.scalar(false, 'bool')) : y;
}

/** Rows of a kernel of one operand: on drawn and on special values, on integers, and on booleans. */
export function unaryRows(
  kernel: string,
  op: (x: tf.Tensor) => tf.Tensor,
  options: UnaryOptions = {},
): KernelCase[] {
  const { range = 'signed', gradient, tolerance, also = special } = options;
  const { integers = [0, 1, -1, 6, 7, -30000] } = options;
  const covers = [kernel];
  return [
    {
      name: kernel,
      covers,
      inputs: { x: { shape: [3, 7], range } },
      fn: ({ x }) => op(x),
      also: [{ x: also }],
      ...(gradient === undefined ? {} : { gradient }),
      ...(tolerance === undefined ? {} : { tolerance }),
    },
    ...(integers === 'none'
      ? []
      : [
          {
            name: `${kernel} on int32`,
            covers,
            inputs: { x: { shape: [11], dtype: 'int32' } },
            fn: ({ x }) => op(x),
            also: [{ x: integers }],
            gradient: notReal,
          } satisfies KernelCase,
        ]),
    {
      name: `${kernel} on bool`,
      covers,
      inputs: { x: { shape: [2], dtype: 'bool' } },
      fn: ({ x }) => truth(op(x)),
      also: [{ x: [0, 1] }],
      gradient: notReal,
    },
  ];
}

interface BinaryOptions {
  readonly range?: Range;
  readonly gradient?: GradientCheck;
  readonly also?: Readonly<Record<string, readonly number[]>>;
  /** Whether tfjs's gradient keeps the shape of operands that were broadcast. */
  readonly gradientBroadcasts?: boolean;
}

const finiteSums: GradientCheck = {
  check: 'drawn values',
  because: 'sums over infinities and NaN have no order in which they agree',
};

export const noBroadcastGradient: GradientCheck = {
  check: 'none',
  because: 'tfjs 4.22 itself refuses the gradient of operands that it broadcast',
};

/**
 * Rows of a kernel of two operands: of one shape, broadcast both ways on all pairs of special values, on integers and on
 * booleans.
 */
export function binaryRows(
  kernel: string,
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  { range = 'signed', gradient, also = {}, gradientBroadcasts = true }: BinaryOptions = {},
): KernelCase[] {
  const covers = [kernel];
  const fn: KernelCase['fn'] = ({ a, b }) => op(a, b);
  return [
    {
      name: kernel,
      covers,
      inputs: { a: { shape: [2, 5], range }, b: { shape: [2, 5], range } },
      fn,
      ...(gradient === undefined ? {} : { gradient }),
    },
    {
      name: `${kernel}, both operands broadcast`,
      covers,
      inputs: { a: { shape: [19, 1], range }, b: { shape: [1, 19], range } },
      fn,
      also: [{ a: special, b: special, ...also }],
      gradient: gradient ?? (gradientBroadcasts ? finiteSums : noBroadcastGradient),
    },
    {
      name: `${kernel} on int32`,
      covers,
      inputs: {
        a: { shape: [13, 1], dtype: 'int32' },
        b: { shape: [1, 11], dtype: 'int32', range: 'positive' },
      },
      fn,
      gradient: notReal,
    },
    {
      name: `${kernel} on bool`,
      covers,
      inputs: { a: { shape: [2, 1], dtype: 'bool' }, b: { shape: [1, 2], dtype: 'bool' } },
      fn: ({ a, b }) => truth(op(a, b)),
      also: [{ a: [0, 1], b: [0, 1] }],
      gradient: notReal,
    },
  ];
}
