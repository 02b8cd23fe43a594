import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { broadcastShape, type DType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { requireDType } from './require-dtype.ts';
import { computedIn, numericDType, storedAs } from './stored-as.ts';

/**
 * Arithmetic of two operands. ONNX and tfjs broadcast alike (NumPy's rule). The result has the dtype of the first operand
 * unless the kernel says another; `bool` is computed in int32.
 *
 * What stays different from tfjs `cpu`: a product or power of int32 beyond 2⁵³ is some number here and another there;
 * `1^NaN`, `1^±∞` and `(-1)^±∞` are 1 as in C and not NaN.
 */

type Binary = (builder: OnnxBuilder, a: Value, b: Value) => Value;

/** A kernel that ONNX defines on float32 and int32. */
function numericFunction(name: string, lower: Binary, result?: DType): Kernel<readonly [Value, Value]> {
  return {
    name,
    inputs: ['a', 'b'],
    infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: result ?? a.dtype }),
    lower: (builder, [a, b], _, [type]) =>
      computedIn(builder, numericDType(a, b), [a, b], type.dtype, (x, y) => lower(builder, x, y)),
  };
}

function arithmetic(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return numericFunction(name, (builder, a, b) => builder.binary(operator, a, b));
}

/**
 * Divides int32 by int32, in two ways: with the remainder that has the divisor's sign, and without a fraction. By 0 the
 * results are 0, as in tfjs, where onnxruntime would fail. In int64, since -2³¹ / -1 in int32 ends the process that it
 * runs in.
 */
function divideIntegers(
  builder: OnnxBuilder,
  a: Value,
  b: Value,
): { floored: Value; remainder: Value; truncated: Value } {
  const dividend = builder.cast(a, 'int64');
  const zero = builder.scalar(0, 'int64');
  const byZero = builder.compare('Equal', builder.cast(b, 'int64'), zero);
  const divisor = builder.where(byZero, builder.scalar(1, 'int64'), builder.cast(b, 'int64'));
  const remainder = builder.node('Mod', [dividend, divisor], builder.broadcast(dividend, divisor), {
    fmod: 0,
  });
  const quotientOf = (x: Value): Value =>
    builder.cast(builder.where(byZero, zero, builder.binary('Div', x, divisor)), 'int32');
  return {
    floored: quotientOf(builder.binary('Sub', dividend, remainder)),
    remainder: builder.cast(remainder, 'int32'),
    truncated: quotientOf(dividend),
  };
}

const divide: Binary = (builder, a, b) =>
  a.dtype === 'int32' ? divideIntegers(builder, a, b).truncated : builder.binary('Div', a, b);

/** `⌊a/b⌋`, which tfjs gives as int32 for operands of either dtype. */
const floorDivide: Binary = (builder, a, b) =>
  a.dtype === 'int32'
    ? divideIntegers(builder, a, b).floored
    : builder.unary('Floor', builder.binary('Div', a, b));

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

const squaredDifference: Binary = (builder, a, b) => {
  const difference = builder.binary('Sub', a, b);
  return builder.binary('Mul', difference, difference);
};

/**
 * Angle of the point `(x, y)`, from that in the first eighth of the circle, where `tan` is at most 1, by three
 * reflections. Signed zeros and infinities go as in C.
 */
const atan2: Binary = (builder, y, x) => {
  const zero = builder.scalar(0, 'float32');
  // Only the reciprocal tells -0 from 0, and only the number itself tells -∞ from both.
  const isNegative = (z: Value): Value => {
    const inverse = builder.unary('Reciprocal', z);
    return builder.compare('Less', builder.binary('Min', z, inverse), zero);
  };
  const [height, width] = [builder.unary('Abs', y), builder.unary('Abs', x)];
  const [short, long] = [builder.binary('Min', height, width), builder.binary('Max', height, width)];
  const slope = builder.where(
    builder.compare('Equal', short, long),
    builder.unary('Sign', long),
    builder.binary('Div', short, long),
  );
  const eighth = builder.unary('Atan', slope);
  const reflected = (condition: Value, angle: Value, about: number): Value =>
    builder.where(condition, builder.binary('Sub', builder.scalar(about, 'float32'), angle), angle);
  const quarter = reflected(builder.compare('Greater', height, width), eighth, Math.PI / 2);
  const half = reflected(isNegative(x), quarter, Math.PI);
  return builder.where(isNegative(y), builder.unary('Neg', half), half);
};

const atan2Kernel: Kernel<readonly [Value, Value]> = {
  name: 'Atan2',
  inputs: ['a', 'b'],
  infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: a.dtype }),
  lower: (builder, [a, b]) => computedIn(builder, 'float32', [a, b], a.dtype, (y, x) => atan2(builder, y, x)),
};

/**
 * Bits that both numbers have, added up: opset 17 has no bitwise operator. A new last axis holds the 32 bits of each number
 * in int64, so it takes 256 bytes for an element.
 */
const bitwiseAnd: Kernel<readonly [Value, Value]> = {
  name: 'BitwiseAnd',
  inputs: ['a', 'b'],
  infer: ([a, b]) => {
    requireDType('BitwiseAnd', [a, b], ['int32']);
    return { shape: broadcastShape(a.shape, b.shape), dtype: 'int32' };
  },
  lower: (builder, [a, b]) => {
    const powers = builder.constant(
      BigInt64Array.from({ length: 32 }, (_, bit) => 1n << BigInt(bit)),
      { shape: [32], dtype: 'int64' },
    );
    const modulus = (x: Value, divisor: number): Value =>
      builder.node('Mod', [x, builder.scalar(divisor, 'int64')], x, { fmod: 0 });
    const bitsOf = (x: Value): Value => {
      const column = builder.reshape(builder.cast(x, 'int64'), [...x.shape, 1]);
      return modulus(builder.binary('Div', modulus(column, 2 ** 32), powers), 2);
    };
    const common = builder.binary('Mul', builder.binary('Mul', bitsOf(a), bitsOf(b)), powers);
    return builder.cast(builder.reduceSum(common, [common.shape.length - 1], false), 'int32');
  },
};

const addN: Kernel = {
  name: 'AddN',
  inputs: 'list',
  infer: ([first]) => first,
  lower: (builder, values) => {
    const dtype = numericDType(...values);
    const sum = values
      .map((value) => builder.cast(value, dtype))
      .reduce((total, value) => builder.binary('Add', total, value));
    return storedAs(builder, sum, values[0].dtype);
  },
};

export const binaryKernels: readonly AnyKernel[] = [
  arithmetic('Add', 'Add'),
  arithmetic('Sub', 'Sub'),
  arithmetic('Multiply', 'Mul'),
  numericFunction('RealDiv', divide),
  arithmetic('Maximum', 'Max'),
  arithmetic('Minimum', 'Min'),
  arithmetic('Pow', 'Pow'),
  numericFunction('FloorDiv', floorDivide, 'int32'),
  numericFunction('Mod', modulo),
  numericFunction('SquaredDifference', squaredDifference),
  atan2Kernel,
  bitwiseAnd,
  addN,
];
