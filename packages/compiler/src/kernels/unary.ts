import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { asDType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { computedIn, numericDType, storedAs } from './stored-as.ts';

/**
 * Functions of one operand, element by element; the result has its shape and dtype. Most are one ONNX operator
 * (https://onnx.ai/onnx/operators/); those that are not say which difference they bridge. Functions of real numbers are
 * computed in float32 for other dtypes too, and their fraction dropped, as tfjs does.
 */

type Unary = (builder: OnnxBuilder, x: Value) => Value;

/** A kernel that ONNX defines on float32 alone. */
export function realFunction(name: string, lower: Unary): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => x,
    lower: (builder, [x]) => computedIn(builder, 'float32', [x], x.dtype, (real) => lower(builder, real)),
  };
}

/** A kernel that ONNX defines on float32 and int32. */
export function numericFunction(name: string, lower: Unary): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => x,
    lower: (builder, [x]) =>
      computedIn(builder, numericDType(x), [x], x.dtype, (number) => lower(builder, number)),
  };
}

/** The ONNX operator of the same name, defined on float32. */
export function sameReal(name: string): Kernel<readonly [Value]> {
  return realFunction(name, (builder, x) => builder.unary(name, x));
}

/** The ONNX operator of the same name, defined on float32 and int32. */
export function sameNumeric(name: string): Kernel<readonly [Value]> {
  return numericFunction(name, (builder, x) => builder.unary(name, x));
}

const one = (builder: OnnxBuilder, x: Value): Value => builder.scalar(1, x.dtype);

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

/** tfjs gives NaN the sign 0. */
const sign: Unary = (builder, x) => {
  const signs = builder.unary('Sign', x);
  if (x.dtype !== 'float32') return signs;
  const isNaN = builder.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' });
  return builder.where(isNaN, builder.scalar(0, x.dtype), signs);
};

/** The one function whose result is real whatever its operand is. */
const exp: Kernel<readonly [Value]> = {
  name: 'Exp',
  inputs: ['x'],
  infer: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
  lower: (builder, [x]) => builder.unary('Exp', builder.cast(x, 'float32')),
};

const cast: Kernel<readonly [Value], tf.CastAttrs> = {
  name: 'Cast',
  inputs: ['x'],
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype: asDType(dtype) }),
  lower: (builder, [x], { dtype }) =>
    // Whether a number is 0 is asked of the number, not of what is left of it without its fraction.
    dtype === 'bool' ? builder.cast(x, 'bool') : storedAs(builder, x, asDType(dtype)),
};

/** The backend answers `clone` with the tensor's own value, so this kernel never becomes a node. */
const identity: Kernel<readonly [Value]> = {
  name: 'Identity',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (_, [x]) => x,
};

export const unaryKernels: readonly AnyKernel[] = [
  identity,
  cast,
  exp,
  ...['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Cos', 'Cosh', 'Sin', 'Sinh', 'Tan', 'Tanh'].map(
    sameReal,
  ),
  ...['Erf', 'Log', 'Reciprocal', 'Sqrt'].map(sameReal),
  ...['Abs', 'Neg'].map(sameNumeric),
  numericFunction('Sign', sign),
  numericFunction('Square', (builder, x) => builder.binary('Mul', x, x)),
  // tfjs and ONNX both round halves to even. An integer is round already, and ONNX rounds none.
  ...['Ceil', 'Floor', 'Round'].map((name) =>
    numericFunction(name, (builder, x) => (x.dtype === 'float32' ? builder.unary(name, x) : x)),
  ),
  realFunction('Expm1', expm1),
  realFunction('Log1p', log1p),
  realFunction('Rsqrt', (builder, x) => builder.unary('Reciprocal', builder.unary('Sqrt', x))),
];
