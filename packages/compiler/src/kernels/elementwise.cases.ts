import * as tf from '@tensorflow/tfjs';
import type { Range } from '../testing/draw-values.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import type { ToleranceName } from '../testing/tolerances.ts';
import { constantGradient, notReal } from '../testing/gradient-reasons.ts';

/** Not-a-number, infinities, both zeros, halves that round to even, and numbers of every size. */
const special = [
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
const finite = special.filter((x) => !Number.isNaN(x));

interface UnaryOptions {
  readonly range?: Range;
  readonly gradient?: GradientCheck;
  readonly tolerance?: ToleranceName;
  readonly also?: readonly number[];
  /** Whether the kernel takes int32. */
  readonly integers?: boolean;
}

/** A kernel of one operand: on drawn and on special values, and on integers where it takes them. */
function unary(
  kernel: string,
  op: (x: tf.Tensor) => tf.Tensor,
  { range = 'signed', gradient, tolerance, also = special, integers = false }: UnaryOptions = {},
): KernelCase[] {
  const rows: KernelCase[] = [
    {
      name: kernel,
      covers: [kernel],
      inputs: { x: { shape: [3, 7], range } },
      fn: ({ x }) => op(x),
      also: [{ x: also }],
      ...(gradient === undefined ? {} : { gradient }),
      ...(tolerance === undefined ? {} : { tolerance }),
    },
  ];
  if (integers) {
    rows.push({
      name: `${kernel} on int32`,
      covers: [kernel],
      inputs: { x: { shape: [11], dtype: 'int32' } },
      fn: ({ x }) => op(x),
      also: [{ x: [0, 1, -1, 6, 7, -30000] }],
      gradient: notReal,
    });
  }
  return rows;
}

interface BinaryOptions {
  readonly range?: Range;
  readonly gradient?: GradientCheck;
  readonly also?: Readonly<Record<string, readonly number[]>>;
  /** Whether tfjs's gradient keeps the shape of operands that were broadcast. */
  readonly gradientBroadcasts?: boolean;
  /** Whether the kernel takes int32. */
  readonly integers?: boolean;
}

const finiteSums: GradientCheck = {
  check: 'drawn values',
  because: 'sums over infinities and NaN have no order in which they agree',
};

const noBroadcastGradient: GradientCheck = {
  check: 'none',
  because: 'tfjs 4.22 itself refuses the gradient of operands that it broadcast',
};

/** A kernel of two operands: of one shape, broadcast both ways on all pairs of special values, on integers. */
function binary(
  kernel: string,
  op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  { range = 'signed', gradient, also = {}, gradientBroadcasts = true, integers = true }: BinaryOptions = {},
): KernelCase[] {
  const covers = [kernel];
  const optional = gradient === undefined ? {} : { gradient };
  const rows: KernelCase[] = [
    {
      name: kernel,
      covers,
      inputs: { a: { shape: [2, 5], range }, b: { shape: [2, 5], range } },
      fn: ({ a, b }) => op(a, b),
      ...optional,
    },
    {
      name: `${kernel}, both operands broadcast`,
      covers,
      inputs: { a: { shape: [19, 1], range }, b: { shape: [1, 19], range } },
      fn: ({ a, b }) => op(a, b),
      also: [{ a: special, b: special, ...also }],
      gradient: gradient ?? (gradientBroadcasts ? finiteSums : noBroadcastGradient),
    },
  ];
  if (integers) {
    rows.push({
      name: `${kernel} on int32`,
      covers,
      inputs: {
        a: { shape: [13, 1], dtype: 'int32' },
        b: { shape: [1, 11], dtype: 'int32', range: 'positive' },
      },
      fn: ({ a, b }) => op(a, b),
      gradient: notReal,
    });
  }
  return rows;
}

/** A comparison: of numbers with all pairs of special ones among them, and of booleans. */
function comparison(kernel: string, op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelCase[] {
  return [
    ...binary(kernel, op, { gradient: notReal }),
    {
      name: `${kernel} on bool`,
      covers: [kernel],
      inputs: { a: { shape: [2, 1], dtype: 'bool' }, b: { shape: [1, 2], dtype: 'bool' } },
      fn: ({ a, b }) => op(a, b),
      also: [{ a: [0, 1], b: [0, 1] }],
      gradient: notReal,
    },
  ];
}

function logical(kernel: string, op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelCase {
  return {
    name: kernel,
    covers: [kernel],
    inputs: { a: { shape: [2, 1], dtype: 'bool' }, b: { shape: [1, 2], dtype: 'bool' } },
    fn: ({ a, b }) => op(a, b),
    also: [{ a: [0, 1], b: [0, 1] }],
    gradient: notReal,
  };
}

/** Operands of int32 division, with every pair of signs, zero divisors, and numbers that float32 cannot hold. */
const dividends = [0, 1, -1, 5, -5, 7, -7, 16777217, -16777217, 123456789, -2147483648, 2147483647, -6];
const divisors = [0, 1, -1, 2, -2, 3, -3, 5, -7, 1000003, 16777217];

const nanSlope: GradientCheck = {
  check: 'drawn values',
  because:
    'where x is NaN slopeOfOutput makes the slope of ReLU 0; the row below has the other special values',
};

export const elementwiseCases: readonly KernelCase[] = [
  ...unary('Abs', (x) => tf.abs(x), { integers: true }),
  ...unary('Acos', (x) => tf.acos(x), { range: 'unit' }),
  ...unary('Acosh', (x) => tf.acosh(x), { range: 'aboveOne' }),
  ...unary('Asin', (x) => tf.asin(x), { range: 'unit' }),
  ...unary('Asinh', (x) => tf.asinh(x)),
  ...unary('Atan', (x) => tf.atan(x)),
  ...unary('Atanh', (x) => tf.atanh(x), { range: 'unit' }),
  ...unary('Ceil', (x) => tf.ceil(x), { gradient: constantGradient }),
  ...unary('Cos', (x) => tf.cos(x)),
  ...unary('Cosh', (x) => tf.cosh(x)),
  ...unary('Elu', (x) => tf.elu(x)),
  ...unary('Erf', (x) => tf.erf(x), { tolerance: 'erf' }),
  ...unary('Exp', (x) => tf.exp(x)),
  ...unary('Expm1', (x) => tf.expm1(x)),
  ...unary('Floor', (x) => tf.floor(x), { gradient: constantGradient }),
  ...unary('Log', (x) => tf.log(x), { range: 'positive' }),
  ...unary('Log1p', (x) => tf.log1p(x), { range: 'positive' }),
  ...unary('Neg', (x) => tf.neg(x), { integers: true }),
  ...unary('Reciprocal', (x) => tf.reciprocal(x)),
  ...unary('Relu', (x) => tf.relu(x), { integers: true, gradient: nanSlope }),
  ...unary('Relu6', (x) => tf.relu6(x), { integers: true }),
  ...unary('Round', (x) => tf.round(x), { integers: true, gradient: constantGradient }),
  ...unary('Rsqrt', (x) => tf.rsqrt(x), { range: 'positive' }),
  ...unary('Selu', (x) => tf.selu(x)),
  ...unary('Sigmoid', (x) => tf.sigmoid(x)),
  ...unary('Sign', (x) => tf.sign(x), { integers: true, gradient: constantGradient }),
  ...unary('Sin', (x) => tf.sin(x)),
  ...unary('Sinh', (x) => tf.sinh(x)),
  ...unary('Softplus', (x) => tf.softplus(x)),
  ...unary('Sqrt', (x) => tf.sqrt(x), { range: 'positive' }),
  ...unary('Square', (x) => tf.square(x), { integers: true }),
  ...unary('Step', (x) => tf.step(x), { integers: true, gradient: constantGradient }),
  ...unary('Tan', (x) => tf.tan(x)),
  ...unary('Tanh', (x) => tf.tanh(x)),
  ...unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.3), { integers: true }),
  ...unary('ClipByValue', (x) => tf.clipByValue(x, -0.75, 6.5), { integers: true }),
  ...unary('IsNan', (x) => tf.isNaN(x), { integers: true, gradient: notReal }),
  ...unary('OnesLike', (x) => tf.onesLike(x), { integers: true, gradient: constantGradient }),
  ...unary('ZerosLike', (x) => tf.zerosLike(x), { integers: true, gradient: constantGradient }),
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
  ...(['float32', 'int32', 'bool', 'uint8'] as const).flatMap((from) =>
    (['float32', 'int32', 'bool'] as const)
      .filter((to) => to !== from && !(from === 'uint8' && to === 'int32'))
      .map((to): KernelCase => ({
        name: `Cast of ${from} to ${to}`,
        covers: ['Cast'],
        inputs: { x: { shape: [12], dtype: from } },
        fn: ({ x }) => tf.cast(x, to),
        also: from === 'float32' ? [{ x: to === 'bool' ? special : [0, -0, 0.5, -0.5, -2.7, 2.7, 1e9] }] : [],
        gradient: notReal,
      })),
  ),
  {
    name: 'Identity leaves no node',
    covers: ['Neg'],
    inputs: { x: { shape: [2] } },
    fn: ({ x }) => tf.clone(tf.neg(tf.clone(x))),
  },
  ...binary('Add', (a, b) => tf.add(a, b)),
  ...binary('Sub', (a, b) => tf.sub(a, b)),
  ...binary('Multiply', (a, b) => tf.mul(a, b)),
  ...binary('RealDiv', (a, b) => tf.div(a, b), { integers: false }),
  ...binary('Maximum', (a, b) => tf.maximum(a, b), { gradientBroadcasts: false }),
  ...binary('Minimum', (a, b) => tf.minimum(a, b), { gradientBroadcasts: false }),
  ...binary('SquaredDifference', (a, b) => tf.squaredDifference(a, b), { gradientBroadcasts: false }),
  ...binary('Pow', (a, b) => tf.pow(a, b), {
    range: 'positive',
    // 1 and -1 to the power of NaN or an infinity are the documented difference.
    also: { a: special.filter((x) => Math.abs(x) !== 1) },
  }),
  ...binary('FloorDiv', (a, b) => tf.floorDiv(a, b), {
    range: 'positive',
    // What doesn't fit into the int32 result is the documented difference.
    also: { a: [0, -0, 0.5, -0.5, 1.5, 2.5, -7.5, 1e6], b: [1, -1, 0.5, -0.25, 3, Infinity, -Infinity] },
    gradient: notReal,
  }),
  ...binary('Mod', (a, b) => tf.mod(a, b), {
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
  ...comparison('Equal', (a, b) => tf.equal(a, b)),
  ...comparison('NotEqual', (a, b) => tf.notEqual(a, b)),
  ...comparison('Greater', (a, b) => tf.greater(a, b)),
  ...comparison('GreaterEqual', (a, b) => tf.greaterEqual(a, b)),
  ...comparison('Less', (a, b) => tf.less(a, b)),
  ...comparison('LessEqual', (a, b) => tf.lessEqual(a, b)),
  logical('LogicalAnd', (a, b) => tf.logicalAnd(a, b)),
  logical('LogicalOr', (a, b) => tf.logicalOr(a, b)),
  {
    name: 'LogicalNot',
    covers: ['LogicalNot'],
    inputs: { x: { shape: [3], dtype: 'bool' } },
    fn: ({ x }) => tf.logicalNot(x),
    also: [{ x: [0, 1] }],
    gradient: notReal,
  },
  {
    name: 'Select, broadcast all three ways',
    covers: ['Select'],
    inputs: {
      condition: { shape: [3, 1, 1], dtype: 'bool' },
      t: { shape: [1, 4, 1] },
      e: { shape: [2] },
    },
    fn: ({ condition, t, e }) => tf.where(condition, t, e),
    also: [{ t: [NaN], e: [Infinity, -0] }],
    gradient: {
      check: 'drawn values',
      because: 'a gradient of NaN times 0 is what tfjs has where the value is not chosen',
    },
  },
  {
    name: 'Select of int32 and float32',
    covers: ['Select'],
    inputs: {
      condition: { shape: [5], dtype: 'bool' },
      t: { shape: [5], dtype: 'int32' },
      e: { shape: [5] },
    },
    fn: ({ condition, t, e }) => tf.where(condition, t, e),
  },
  {
    name: 'Select of bool',
    covers: ['Select'],
    inputs: {
      condition: { shape: [8], dtype: 'bool' },
      t: { shape: [8], dtype: 'bool' },
      e: { shape: [8], dtype: 'bool' },
    },
    fn: ({ condition, t, e }) => tf.where(condition, t, e),
    also: [{ condition: [0, 1], t: [0, 0, 1, 1], e: [0, 0, 0, 0, 1, 1, 1, 1] }],
    gradient: notReal,
  },
  {
    name: 'AddN of three',
    covers: ['AddN'],
    inputs: { a: { shape: [2, 3] }, b: { shape: [2, 3] }, c: { shape: [2, 3] } },
    fn: ({ a, b, c }) => tf.addN([a, b, c]),
  },
  ...(['float32', 'int32', 'bool'] as const).map((dtype): KernelCase => ({
    name: `Fill of ${dtype}`,
    covers: ['Fill'],
    inputs: { x: { shape: [2] } },
    fn: () => tf.fill([2, 3], dtype === 'float32' ? 2.5 : 1, dtype),
    gradient: { check: 'none', because: 'it does not depend on the input' },
  })),
  {
    name: 'Fill of an empty tensor',
    covers: ['Fill'],
    inputs: { x: { shape: [2] } },
    fn: () => tf.fill([0, 3], 1),
    gradient: { check: 'none', because: 'it does not depend on the input' },
  },
];
