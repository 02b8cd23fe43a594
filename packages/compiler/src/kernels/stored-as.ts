import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { asDType, type DType } from '../tensor-type.ts';

/**
 * tfjs `cpu` computes with JavaScript's numbers, whatever the operands' dtype, and stores the results in a typed array of
 * the result's dtype. ONNX's operators take some dtypes and no others; the functions here bridge the two.
 */

/**
 * What becomes of numbers in an array of `dtype`: int32 drops the fraction, bool keeps whether anything is left.
 *
 * NaN, the infinities and what int32 cannot hold go as in JavaScript (0, and the lowest 32 bits) by the way over int64.
 * What does not fit there either, the processor turns into -2⁶³, NaN into 0, or +∞ into 2⁶³ - 1; the lowest bits of the
 * last are not 0, so it is clipped to a number that no float32 lies above. Without an operator between them, onnxruntime
 * would also take the two casts for one.
 */
export function storedAs(builder: OnnxBuilder, x: Value, dtype: DType): Value {
  if (x.dtype !== 'float32' || dtype === 'float32') return builder.cast(x, dtype);
  const wide = builder.cast(x, 'int64');
  const clipped = builder.node('Clip', [wide, null, builder.scalar(2 ** 63 - 2 ** 32, 'int64')], wide);
  return builder.cast(builder.cast(clipped, 'int32'), dtype);
}

/** Applies a function that ONNX defines on `dtype` to operands of any dtype, and stores its result as `result`. */
export function computedIn<T extends readonly Value[]>(
  builder: OnnxBuilder,
  dtype: DType,
  operands: readonly [...T],
  result: DType,
  compute: (...operands: T) => Value,
): Value {
  const converted = operands.map((operand) => builder.cast(operand, dtype)) as unknown as T;
  return storedAs(builder, compute(...converted), result);
}

/** The dtype that ONNX has arithmetic and comparisons on, and that holds every value of the given ones. */
export function numericDType(...values: readonly Value[]): DType {
  const dtype = values.reduce<tf.DataType>(
    (upper, value) => tf.upcastType(upper, value.dtype as tf.DataType),
    'int32',
  );
  return asDType(dtype);
}

/** The operand as numbers: bool as int32, the others as they are. */
export function numeric(builder: OnnxBuilder, x: Value): Value {
  return builder.cast(x, numericDType(x));
}
