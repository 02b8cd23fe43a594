import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../tensor-type.ts';
import { knownValue, type LazyValue } from './lazy-value.ts';

/**
 * A slice that takes whole rows from elements that are there: a copy of one piece of memory, made at once. A training that
 * cuts its batches out of a data set does so at another place each step, and a graph for each place would be compiled anew.
 *
 * @returns `undefined` where the elements are not there yet, or the slice takes parts of rows.
 */
export function sliceOfElements(x: LazyValue, { begin, size }: tf.SliceAttrs): LazyValue | undefined {
  if (x.data === undefined || x.shape.length === 0) return undefined;
  const info = { dataId: {}, shape: [...x.shape], dtype: x.dtype } as tf.TensorInfo;
  const [from, lengths] = tf.slice_util.parseSliceParams(info, begin, size);
  const takesRows = x.shape.every((length, axis) => axis === 0 || lengths[axis] === length);
  const isInside = from[0] >= 0 && lengths[0] >= 0 && from[0] + lengths[0] <= x.shape[0];
  if (!takesRows || !isInside) return undefined;
  const row = sizeOf(x.shape.slice(1));
  const rows = knownValue(
    { shape: lengths, dtype: x.dtype },
    x.data.slice(from[0] * row, (from[0] + lengths[0]) * row),
  );
  return rows;
}
