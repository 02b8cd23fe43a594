import * as tf from '@tensorflow/tfjs';
import { float, type Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { asDType, broadcastShape, type DType, type TensorType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { floats, numbers, requireDType } from './require-dtype.ts';

/**
 * Elementwise kernels. ONNX and tfjs broadcast alike (NumPy's rule), so most of them are one operator; those that
 * are not say which difference they bridge. ONNX operators: https://onnx.ai/onnx/operators/
 *
 * What stays different from tfjs `cpu`: an int32 result that does not fit (an overflow, a negative power, a cast of NaN
 * or of an infinity) is some number here and another there; `1^NaN`, `1^±∞` and `(-1)^±∞` are 1 as in C and not NaN.
 */

type Unary = (builder: OnnxBuilder, x: Value) => Value;

/** A kernel of one operand whose result has the operand's shape and dtype, which is one of `dtypes`. */
function unary(name: string, dtypes: readonly DType[], lower: Unary): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => {
      requireDType(name, [x], dtypes);
      return x;
    },
    lower: (builder, [x]) => lower(builder, x),
  };
}

/** A unary kernel that is the ONNX operator of the same name. */
function sameAs(name: string, dtypes = floats): Kernel<readonly [Value]> {
  return unary(name, dtypes, (builder, x) => builder.unary(name, x));
}

/** A kernel of one operand that answers `bool`. */
function predicate(name: string, lower: Unary): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => ({ shape: x.shape, dtype: 'bool' }),
    lower: (builder, [x]) => lower(builder, x),
  };
}

type Binary = (builder: OnnxBuilder, a: Value, b: Value) => Value;

/** A kernel of two numbers; the result has their dtype unless `result` says another. */
function binary(name: string, lower: Binary, result?: DType): Kernel<readonly [Value, Value]> {
  return {
    name,
    inputs: ['a', 'b'],
    infer: ([a, b]) => {
      requireDType(name, [a, b], numbers);
      return { shape: broadcastShape(a.shape, b.shape), dtype: result ?? a.dtype };
    },
    lower: (builder, [a, b]) => lower(builder, a, b),
  };
}

function arithmetic(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return binary(name, (builder, a, b) => builder.binary(operator, a, b));
}

function comparison(name: string, lower: Binary): Kernel<readonly [Value, Value]> {
  return {
    name,
    inputs: ['a', 'b'],
    infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: 'bool' }),
    lower: (builder, [a, b]) => lower(builder, a, b),
  };
}

function compareWith(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return comparison(name, (builder, a, b) => builder.compare(operator, a, b));
}

/** ONNX compares numbers; tfjs compares booleans too. */
function compareNumbers(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return comparison(name, (builder, a, b) =>
    builder.compare(operator, numeric(builder, a), numeric(builder, b)),
  );
}

function numeric(builder: OnnxBuilder, x: Value): Value {
  return x.dtype === 'bool' ? builder.cast(x, 'int32') : x;
}

const one = (builder: OnnxBuilder, x: Value): Value => builder.scalar(1, x.dtype);

function isNaN(builder: OnnxBuilder, x: Value): Value {
  return builder.node('IsNaN', [builder.cast(x, 'float32')], { shape: x.shape, dtype: 'bool' });
}

/** Picks `small` where |x| < ½, else `large`: near 0 the plain formula of `log1p` and `expm1` loses every digit. */
function byMagnitude(builder: OnnxBuilder, x: Value, small: Value, large: Value): Value {
  return builder.where(
    builder.compare('Less', builder.unary('Abs', x), builder.scalar(0.5, x.dtype)),
    small,
    large,
  );
}

/** `log(1 + x)`, near 0 as `2·atanh(x / (x + 2))`. */
const log1p: Unary = (builder, x) => {
  const two = builder.scalar(2, x.dtype);
  const ratio = builder.binary('Div', x, builder.binary('Add', x, two));
  const small = builder.binary('Mul', builder.unary('Atanh', ratio), two);
  return byMagnitude(builder, x, small, builder.unary('Log', builder.binary('Add', x, one(builder, x))));
};

/** `exp(x) - 1`, near 0 as `2t / (1 - t)` with `t = tanh(x / 2)`. */
const expm1: Unary = (builder, x) => {
  const t = builder.unary('Tanh', builder.binary('Mul', x, builder.scalar(0.5, x.dtype)));
  const small = builder.binary('Div', builder.binary('Add', t, t), builder.binary('Sub', one(builder, x), t));
  return byMagnitude(builder, x, small, builder.binary('Sub', builder.unary('Exp', x), one(builder, x)));
};

/**
 * Divides int32 by int32 with the remainder that has the divisor's sign. By 0 the result is 0, as in tfjs, where
 * onnxruntime would fail. In int64, since -2³¹ / -1 in int32 ends the process that it runs in.
 */
function divideIntegers(builder: OnnxBuilder, a: Value, b: Value): { quotient: Value; remainder: Value } {
  const dividend = builder.cast(a, 'int64');
  const zero = builder.scalar(0, 'int64');
  const byZero = builder.compare('Equal', builder.cast(b, 'int64'), zero);
  const divisor = builder.where(byZero, builder.scalar(1, 'int64'), builder.cast(b, 'int64'));
  const remainder = builder.node('Mod', [dividend, divisor], builder.broadcast(dividend, divisor), {
    fmod: 0,
  });
  const quotient = builder.binary('Div', builder.binary('Sub', dividend, remainder), divisor);
  return {
    quotient: builder.cast(builder.where(byZero, zero, quotient), 'int32'),
    remainder: builder.cast(remainder, 'int32'),
  };
}

/** `⌊a/b⌋`, which tfjs gives as int32 for operands of either dtype. */
const floorDivide: Binary = (builder, a, b) =>
  a.dtype === 'int32'
    ? divideIntegers(builder, a, b).quotient
    : builder.cast(builder.unary('Floor', builder.binary('Div', a, b)), 'int32');

/**
 * Remainder with the divisor's sign, less in magnitude than the divisor. That of 0 by -∞ is 0, where tfjs has NaN; and one
 * that rounds to the divisor is 0, where tfjs may give the divisor.
 */
const modulo: Binary = (builder, a, b) => {
  if (a.dtype === 'int32') return divideIntegers(builder, a, b).remainder;
  const truncated = (x: Value): Value => builder.node('Mod', [x, b], builder.broadcast(x, b), { fmod: 1 });
  const remainder = truncated(a);
  const signsDiffer = builder.compare(
    'Less',
    builder.binary('Mul', remainder, b),
    builder.scalar(0, 'float32'),
  );
  return builder.where(signsDiffer, truncated(builder.binary('Add', remainder, b)), remainder);
};

/** Slope of ReLU (`alpha` on the negative side); NaN stays NaN, as in tfjs. */
const step: Kernel<readonly [Value], tf.StepAttrs> = {
  name: 'Step',
  inputs: ['x'],
  infer: ([x]) => {
    requireDType('Step', [x], numbers);
    return x;
  },
  lower: (builder, [x], { alpha }) => {
    const positive = builder.compare('Greater', x, builder.scalar(0, x.dtype));
    const slope =
      alpha === 0
        ? builder.cast(positive, x.dtype)
        : builder.where(positive, one(builder, x), builder.scalar(alpha, x.dtype));
    if (x.dtype !== 'float32') return slope;
    return builder.where(isNaN(builder, x), x, slope);
  },
};

const cast: Kernel<readonly [Value], tf.CastAttrs> = {
  name: 'Cast',
  inputs: ['x'],
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype: asDType(dtype) }),
  lower: (builder, [x], { dtype }) => builder.cast(x, asDType(dtype)),
};

/** The backend answers `clone` with the tensor's own value, so this kernel never becomes a node. */
const identity: Kernel<readonly [Value]> = {
  name: 'Identity',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (_, [x]) => x,
};

/** Gradient of ELU from its output `y`: `dy` where y ≥ 0, else `dy·(y + 1)`. */
const eluGrad: Kernel<readonly [Value, Value]> = {
  name: 'EluGrad',
  inputs: ['dy', 'y'],
  infer: ([, y]) => ({ shape: y.shape, dtype: 'float32' }),
  lower: (builder, [dy, y]) => {
    const positive = builder.compare('GreaterOrEqual', y, builder.scalar(0, 'float32'));
    return builder.where(positive, dy, builder.binary('Mul', dy, builder.binary('Add', y, one(builder, y))));
  },
};

const leakyRelu: Kernel<readonly [Value], tf.LeakyReluAttrs> = {
  name: 'LeakyRelu',
  inputs: ['x'],
  infer: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
  lower: (builder, [x], { alpha }) => builder.leakyRelu(builder.cast(x, 'float32'), alpha),
};

const clipByValue: Kernel<readonly [Value], tf.ClipByValueAttrs> = {
  name: 'ClipByValue',
  inputs: ['x'],
  infer: ([x]) => {
    requireDType('ClipByValue', [x], numbers);
    return x;
  },
  lower: (builder, [x], { clipValueMin, clipValueMax }) =>
    builder.node(
      'Clip',
      [x, bound(builder, clipValueMin, x.dtype), bound(builder, clipValueMax, x.dtype)],
      x,
    ),
};

/** A bound of `dtype`: an integer has none beyond those of its type. */
function bound(builder: OnnxBuilder, value: number, dtype: DType): Value {
  const nearest = dtype === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)) : value;
  return builder.scalar(nearest, dtype);
}

/** `t` where the condition holds, else `e`: all of one shape, since `tf.where` broadcasts before. */
const select: Kernel<readonly [Value, Value, Value]> = {
  name: 'Select',
  inputs: ['condition', 't', 'e'],
  infer: ([, t, e]) => ({
    shape: t.shape,
    dtype: asDType(tf.upcastType(t.dtype as tf.DataType, e.dtype as tf.DataType)),
  }),
  lower: (builder, [condition, t, e], _, [type]) =>
    builder.where(builder.cast(condition, 'bool'), builder.cast(t, type.dtype), builder.cast(e, type.dtype)),
};

const addN: Kernel = {
  name: 'AddN',
  inputs: 'list',
  infer: (values) => {
    requireDType('AddN', values, numbers);
    return values[0];
  },
  lower: (builder, values) => values.reduce((total, value) => builder.binary('Add', total, value)),
};

/** Fills with one value in the operand's shape. */
function filled(name: string, value: number): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => x,
    lower: (builder, [x]) => builder.expand(builder.scalar(value, x.dtype), x.shape),
  };
}

const fill: Kernel<readonly [], tf.FillAttrs> = {
  name: 'Fill',
  inputs: [],
  infer: (_, { shape, dtype }) => ({ shape, dtype: asDType(dtype) }),
  lower: (builder, _, { shape, dtype, value }) =>
    builder.expand(builder.scalar(Number(value), asDType(dtype)), shape),
};

const prelu: Kernel<readonly [Value, Value]> = {
  name: 'Prelu',
  inputs: ['x', 'alpha'],
  infer: ([x, alpha]): TensorType => ({ shape: broadcastShape(x.shape, alpha.shape), dtype: 'float32' }),
  lower: (builder, inputs) => {
    const [x, alpha] = inputs.map((value) => builder.cast(value, 'float32')) as [Value, Value];
    const negative = builder.compare('Less', x, builder.scalar(0, 'float32'));
    return builder.where(negative, builder.binary('Mul', x, alpha), x);
  },
};

export const elementwiseKernels: readonly AnyKernel[] = [
  identity,
  cast,
  sameAs('Abs', numbers),
  sameAs('Acos'),
  sameAs('Acosh'),
  sameAs('Asin'),
  sameAs('Asinh'),
  sameAs('Atan'),
  sameAs('Atanh'),
  sameAs('Ceil'),
  sameAs('Cos'),
  sameAs('Cosh'),
  sameAs('Elu'),
  sameAs('Erf'),
  sameAs('Exp'),
  sameAs('Floor'),
  sameAs('Log'),
  sameAs('Neg', numbers),
  sameAs('Reciprocal'),
  sameAs('Relu', numbers),
  // tfjs and ONNX both round halves to even. An integer is round already, and ONNX rounds none.
  unary('Round', numbers, (builder, x) => (x.dtype === 'int32' ? x : builder.unary('Round', x))),
  sameAs('Sigmoid'),
  // tfjs gives NaN the sign 0.
  unary('Sign', numbers, (builder, x) => {
    const sign = builder.unary('Sign', x);
    return x.dtype === 'int32' ? sign : builder.where(isNaN(builder, x), builder.scalar(0, x.dtype), sign);
  }),
  sameAs('Sin'),
  sameAs('Sinh'),
  sameAs('Softplus'),
  sameAs('Sqrt'),
  sameAs('Tan'),
  sameAs('Tanh'),
  unary('Selu', floats, (builder, x) =>
    builder.unary('Selu', x, {
      alpha: float(1.7580993408473768 / 1.0507009873554805),
      gamma: float(1.0507009873554805),
    }),
  ),
  unary('Expm1', floats, expm1),
  unary('Log1p', floats, log1p),
  unary('Relu6', numbers, (builder, x) =>
    builder.node('Clip', [x, builder.scalar(0, x.dtype), builder.scalar(6, x.dtype)], x),
  ),
  unary('Rsqrt', floats, (builder, x) => builder.unary('Reciprocal', builder.unary('Sqrt', x))),
  unary('Square', numbers, (builder, x) => builder.binary('Mul', x, x)),
  predicate('IsNan', isNaN),
  predicate('LogicalNot', (builder, x) => builder.unary('Not', x)),
  step,
  eluGrad,
  leakyRelu,
  prelu,
  clipByValue,
  arithmetic('Add', 'Add'),
  arithmetic('Sub', 'Sub'),
  arithmetic('Multiply', 'Mul'),
  arithmetic('RealDiv', 'Div'),
  arithmetic('Maximum', 'Max'),
  arithmetic('Minimum', 'Min'),
  arithmetic('Pow', 'Pow'),
  binary('FloorDiv', floorDivide, 'int32'),
  binary('Mod', modulo),
  binary('SquaredDifference', (builder, a, b) => {
    const difference = builder.binary('Sub', a, b);
    return builder.binary('Mul', difference, difference);
  }),
  compareWith('Equal', 'Equal'),
  comparison('NotEqual', (builder, a, b) => builder.unary('Not', builder.compare('Equal', a, b))),
  compareNumbers('Greater', 'Greater'),
  compareNumbers('GreaterEqual', 'GreaterOrEqual'),
  compareNumbers('Less', 'Less'),
  compareNumbers('LessEqual', 'LessOrEqual'),
  compareWith('LogicalAnd', 'And'),
  compareWith('LogicalOr', 'Or'),
  select,
  addN,
  filled('OnesLike', 1),
  filled('ZerosLike', 0),
  fill,
];
