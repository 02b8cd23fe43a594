import * as tf from '@tensorflow/tfjs';

/**
 * Runs tfjs's own `cpu` kernels in float64. They compute with JavaScript's numbers, which are float64, and round only
 * where they store a result, in arrays that they make with `new Float32Array(size)`. While `fn` runs, that name stands
 * for Float64Array, so that nothing is rounded. A reference of our own would have to repeat every kernel and could
 * repeat a misreading of it too; and differences of float32 results would drown in rounding: with the best step they are
 * good to about 1e-3.
 *
 * @param fn takes tensors that tfjs believes to be float32, and returns one. It must be synchronous.
 */
export function inFloat64(
  fn: (tensors: tf.Tensor[]) => tf.Tensor,
  inputs: readonly { shape: readonly number[]; dtype: tf.DataType; data: ArrayLike<number> }[],
): Float64Array {
  const float32 = globalThis.Float32Array;
  globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
  try {
    const result = tf.tidy(() =>
      fn(
        inputs.map(({ shape, dtype, data }) => tf.engine().makeTensor(copy(data, dtype), [...shape], dtype)),
      ),
    );
    const elements = Float64Array.from(result.dataSync());
    result.dispose();
    return elements;
  } finally {
    globalThis.Float32Array = float32;
  }
}

function copy(data: ArrayLike<number>, dtype: tf.DataType): tf.TypedArray {
  if (dtype === 'float32') return Float64Array.from(data) as unknown as Float32Array;
  return dtype === 'bool' ? Uint8Array.from(data) : Int32Array.from(data);
}
