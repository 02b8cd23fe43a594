import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { numericDType } from './stored-as.ts';

/** Sums and products of all elements up to each one, along an axis; of bool in int32. */

interface ScanAttributes {
  readonly axis: number;
  /** Whether an element counts not in its own result, but in the next. */
  readonly exclusive: boolean;
  /** Whether to go from the last element to the first. */
  readonly reverse: boolean;
}

type Scan = (builder: OnnxBuilder, x: Value, axis: number, attributes: ScanAttributes) => Value;

function scan(name: string, lower: Scan): Kernel<readonly [Value], ScanAttributes> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => ({ shape: x.shape, dtype: numericDType(x) }),
    lower: (builder, [x], attributes, [type]) => {
      const [axis] = tf.util.parseAxisParam(attributes.axis, [...x.shape]);
      return lower(builder, builder.cast(x, type.dtype), axis, attributes);
    },
  };
}

/** https://onnx.ai/onnx/operators/onnx__CumSum.html */
const cumulativeSum: Scan = (builder, x, axis, { exclusive, reverse }) =>
  builder.node('CumSum', [x, builder.scalar(axis, 'int64')], x, {
    exclusive: exclusive ? 1 : 0,
    reverse: reverse ? 1 : 0,
  });

/**
 * ONNX has no cumulative product. Each round multiplies every element by the one that lies twice as far away as in the
 * round before, so that n elements take ⌈log₂ n⌉ rounds (W. D. Hillis, G. L. Steele, "Data parallel algorithms", 1986).
 */
const cumulativeProduct: Scan = (builder, x, axis, { exclusive, reverse }) => {
  const size = x.shape[axis];
  const shifted = (y: Value, by: number): Value => {
    const [start, end] = reverse ? [by, size] : [0, size - by];
    const room = x.shape.map((_, i) => (i === axis ? by : 0));
    const none = room.map(() => 0);
    const moved = builder.slice(y, [axis], [start], [end]);
    return reverse ? builder.pad(moved, none, room, 1) : builder.pad(moved, room, none, 1);
  };
  if (exclusive && size <= 1) return builder.expand(builder.scalar(1, x.dtype), x.shape);
  let product = exclusive ? shifted(x, 1) : x;
  for (let distance = 1; distance < size; distance *= 2) {
    product = builder.binary('Mul', product, shifted(product, distance));
  }
  return product;
};

export const scanKernels: readonly AnyKernel[] = [
  scan('Cumsum', cumulativeSum),
  scan('Cumprod', cumulativeProduct),
];
