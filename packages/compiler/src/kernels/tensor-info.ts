import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';

/** A value as tfjs's own functions on shapes take it; they look at nothing but shape and dtype. */
export function tensorInfo({ shape, dtype }: Value): tf.TensorInfo {
  return { dataId: {}, shape: [...shape], dtype: dtype as tf.DataType };
}
