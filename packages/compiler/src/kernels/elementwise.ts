import type * as tf from '@tensorflow/tfjs';
import { float, type Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { asDType, broadcastShape, type DType, type TensorType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/**
 * Elementwise kernels. ONNX and tfjs broadcast alike (NumPy's rule), so most of them are one operator; those that
 * are not say which difference they bridge. ONNX operators: https://onnx.ai/onnx/operators/
 */

type Unary = (builder: OnnxBuilder, x: Value) => Value;

/** A kernel of one operand whose result has the operand's shape and dtype (`float32` operands only where ONNX says so). */
function unary(name: string, lower: Unary): Kernel<readonly [Value]> {
  return { name, inputs: ['x'], infer: ([x]) => x, lower: (builder, [x]) => lower(builder, x) };
}

/** A unary kernel that is one ONNX operator of the given name. */
function sameAs(name: string, operator = name): Kernel<readonly [Value]> {
  return unary(name, (builder, x) => builder.unary(operator, x));
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

function binary(name: string, lower: Binary): Kernel<readonly [Value, Value]> {
  return {
    name,
    inputs: ['a', 'b'],
    infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: a.dtype }),
    lower: (builder, [a, b]) => lower(builder, a, b),
  };
}

function arithmetic(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return binary(name, (builder, a, b) => builder.binary(operator, a, b));
}

function comparison(name: string, lower: Binary): Kernel<readonly [Value, Value]> {
  return {
    ...binary(name, lower),
    infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: 'bool' }),
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

/** `a/b` rounded down. ONNX's integer Div rounds towards zero, so int32 goes through float32 as tfjs `cpu` does. */
const floorDivide: Binary = (builder, a, b) => {
  const quotient = builder.binary('Div', builder.cast(a, 'float32'), builder.cast(b, 'float32'));
  return builder.cast(builder.unary('Floor', quotient), a.dtype);
};

/** Slope of ReLU (`alpha` on the negative side); NaN stays NaN, as in tfjs. */
const step: Kernel<readonly [Value], tf.StepAttrs> = {
  name: 'Step',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (builder, [x], { alpha }) => {
    const positive = builder.compare('Greater', x, builder.scalar(0, x.dtype));
    const slope =
      alpha === 0
        ? builder.cast(positive, x.dtype)
        : builder.where(positive, one(builder, x), builder.scalar(alpha, x.dtype));
    if (x.dtype !== 'float32') return slope;
    return builder.where(builder.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' }), x, slope);
  },
};

const cast: Kernel<readonly [Value], tf.CastAttrs> = {
  name: 'Cast',
  inputs: ['x'],
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype: asDType(dtype) }),
  lower: (builder, [x], { dtype }) => builder.cast(x, asDType(dtype)),
};

const identity: Kernel<readonly [Value]> = unary('Identity', (_, x) => x);

const leakyRelu: Kernel<readonly [Value], tf.LeakyReluAttrs> = {
  name: 'LeakyRelu',
  inputs: ['x'],
  infer: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
  lower: (builder, [x], { alpha }) => builder.leakyRelu(builder.cast(x, 'float32'), alpha),
};

const clipByValue: Kernel<readonly [Value], tf.ClipByValueAttrs> = {
  name: 'ClipByValue',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (builder, [x], { clipValueMin, clipValueMax }) =>
    builder.node('Clip', [x, builder.scalar(clipValueMin, x.dtype), builder.scalar(clipValueMax, x.dtype)], x),
};

const select: Kernel<readonly [Value, Value, Value]> = {
  name: 'Select',
  inputs: ['condition', 't', 'e'],
  infer: ([, t]) => t,
  lower: (builder, [condition, t, e]) => {
    // A rank-1 condition picks whole rows of higher-rank operands in tfjs.
    const trailing = t.shape.length - condition.shape.length;
    const shape = [...condition.shape, ...Array<number>(trailing).fill(1)];
    return builder.where(builder.reshape(builder.cast(condition, 'bool'), shape), t, e);
  },
};

const addN: Kernel<readonly Value[]> = {
  name: 'AddN',
  inputs: 'list',
  infer: ([first]) => first!,
  lower: (builder, values) => values.reduce((total, value) => builder.binary('Add', total, value)),
};

/** Fills with one value in the operand's shape. */
function filled(name: string, value: number): Kernel<readonly [Value]> {
  return unary(name, (builder, x) => builder.expand(builder.scalar(value, x.dtype), x.shape));
}

const fill: Kernel<readonly [], tf.FillAttrs> = {
  name: 'Fill',
  inputs: [],
  infer: (_, attributes) => ({ shape: attributes.shape, dtype: fillDType(attributes) }),
  lower: (builder, _, attributes) =>
    builder.expand(builder.scalar(Number(attributes.value), fillDType(attributes)), attributes.shape),
};

function fillDType({ value, dtype }: tf.FillAttrs): DType {
  if (typeof value === 'string') return asDType('string');
  return asDType((dtype as string | undefined) ?? 'float32');
}

const prelu: Kernel<readonly [Value, Value]> = {
  name: 'Prelu',
  inputs: ['x', 'alpha'],
  infer: ([x, alpha]): TensorType => ({ shape: broadcastShape(x.shape, alpha.shape), dtype: 'float32' }),
  lower: (builder, [x, alpha]) => {
    const negative = builder.compare('Less', x, builder.scalar(0, x.dtype));
    return builder.where(negative, builder.binary('Mul', x, alpha), x);
  },
};

export const elementwiseKernels: readonly AnyKernel[] = [
  identity,
  cast,
  sameAs('Abs'),
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
  sameAs('Neg'),
  sameAs('Reciprocal'),
  sameAs('Relu'),
  // tfjs and ONNX both round halves to even.
  sameAs('Round'),
  sameAs('Sigmoid'),
  sameAs('Sign'),
  sameAs('Sin'),
  sameAs('Sinh'),
  sameAs('Softplus'),
  sameAs('Sqrt'),
  sameAs('Tan'),
  sameAs('Tanh'),
  unary('Selu', (builder, x) =>
    builder.unary('Selu', x, { alpha: float(1.7580993408473768 / 1.0507009873554805), gamma: float(1.0507009873554805) }),
  ),
  unary('Expm1', (builder, x) => builder.binary('Sub', builder.unary('Exp', x), one(builder, x))),
  unary('Log1p', (builder, x) => builder.unary('Log', builder.binary('Add', x, one(builder, x)))),
  unary('Relu6', (builder, x) => builder.node('Clip', [x, builder.scalar(0, x.dtype), builder.scalar(6, x.dtype)], x)),
  unary('Rsqrt', (builder, x) => builder.unary('Reciprocal', builder.unary('Sqrt', x))),
  unary('Square', (builder, x) => builder.binary('Mul', x, x)),
  predicate('IsNan', (builder, x) => builder.node('IsNaN', [builder.cast(x, 'float32')], { shape: x.shape, dtype: 'bool' })),
  predicate('LogicalNot', (builder, x) => builder.unary('Not', x)),
  step,
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
  binary('FloorDiv', floorDivide),
  // tfjs keeps the divisor's sign: a - floor(a/b)·b.
  binary('Mod', (builder, a, b) =>
    builder.binary('Sub', a, builder.binary('Mul', floorDivide(builder, a, b), b)),
  ),
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
