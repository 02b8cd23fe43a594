import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf, toTensorData } from '../tensor-type.ts';
import { canPad, imageOfPool, poolAttributes } from './pool-padding.ts';
import {
  countsOf,
  gradientByWindow,
  resized,
  sizesOf,
  windowAxis,
  windowSize,
  zeros,
  type WindowAxis,
} from './windows.ts';

/**
 * Mean of each window of a float32 image `[N, C, …]`, with any number of axes of space, over its elements inside of the
 * image; `ofNothing` where there are none.
 *
 * ONNX: https://onnx.ai/onnx/operators/onnx__AveragePool.html
 */
export function average(
  builder: OnnxBuilder,
  x: Value,
  axes: readonly WindowAxis[],
  ofNothing: number,
): Value {
  const type = { shape: [...x.shape.slice(0, 2), ...countsOf(axes)], dtype: x.dtype };
  if (sizeOf(type.shape.slice(1)) === 0) return zeros(builder, type);
  const { image, pads } = imageOfPool(builder, x, axes, 0);
  const mean = builder.node('AveragePool', [image], type, poolAttributes(axes, pads));
  if (canPad(axes)) return mean;
  // The padded zeros were counted, and windows of nothing but padding give 0.
  const inside = axes.map(({ size, count, length, stride, before }) =>
    Array.from({ length: count }, (_, place) => {
      const start = place * stride - before;
      return Math.max(0, Math.min(size, start + length) - Math.max(0, start));
    }),
  );
  const counts = inside.reduce((table, along) => table.flatMap((n) => along.map((m) => n * m)), [1]);
  const constant = (values: readonly number[]): Value =>
    builder.constant(toTensorData(values, 'float32'), { shape: countsOf(axes), dtype: 'float32' });
  const scaled = builder.binary('Mul', mean, constant(counts.map((n) => windowSize(axes) / Math.max(1, n))));
  if (!counts.includes(0) || ofNothing === 0) return scaled;
  return builder.binary('Add', scaled, constant(counts.map((n) => (n === 0 ? ofNothing : 0))));
}

/**
 * Gradient of {@link average} by the image as tfjs has it: every element gets `1 / windowSize` of the gradient of each
 * window that it lies in, also of those that hang over the edge and whose mean is over fewer elements.
 */
export function averageGradient(builder: OnnxBuilder, dy: Value, axes: readonly WindowAxis[]): Value {
  const gradient = gradientByWindow(builder, dy, 2, axes);
  const type = { shape: [...dy.shape.slice(0, 2), ...sizesOf(axes)], dtype: dy.dtype };
  if (sizeOf(gradient.shape.slice(1)) === 0) return zeros(builder, type);
  if (axes.every(({ stride, length }) => stride >= length)) {
    const share = builder.binary('Mul', gradient, builder.scalar(1 / windowSize(axes), 'float32'));
    const spread = spreadOut(builder, share, axes, true);
    const before = axes.map((axis) => -axis.before);
    const after = axes.map((axis) => axis.size + axis.before - axis.count * axis.stride);
    return resized(builder, spread, 2, before, after);
  }
  // Each element of the image sums what the windows give it, which is a mean over a window on the spread gradient.
  const places = axes.map(({ size, count, length, stride, before }) =>
    windowAxis({
      size: count * stride,
      count: size,
      length,
      stride: 1,
      dilation: 1,
      before: length - 1 - before,
    }),
  );
  const { image, pads } = imageOfPool(builder, spreadOut(builder, gradient, axes, false), places, 0);
  return builder.node('AveragePool', [image], type, {
    ...poolAttributes(places, pads),
    count_include_pad: 1,
  });
}

/** Spreads the values of windows a stride apart: each followed by zeros, or repeated over its window first. */
function spreadOut(builder: OnnxBuilder, dy: Value, axes: readonly WindowAxis[], isRepeated: boolean): Value {
  const outer = dy.shape.slice(0, 2);
  const single = builder.reshape(dy, [...outer, ...axes.flatMap(({ count }) => [count, 1])]);
  const lengths = axes.map(({ length }) => (isRepeated ? length : 1));
  // A 1 stands for whatever is there, so that the batch may stay open.
  const target = [1, 1, ...axes.flatMap(({ count }, i) => [count, lengths[i]])];
  const repeated = isRepeated
    ? builder.node('Expand', [single, builder.int64s(target)], {
        shape: [...outer, ...target.slice(2)],
        dtype: dy.dtype,
      })
    : single;
  const gaps = [0, 0, ...axes.flatMap(({ stride }, i) => [0, stride - lengths[i]])];
  const padded = builder.pad(
    repeated,
    gaps.map(() => 0),
    gaps,
  );
  return builder.reshape(padded, [...outer, ...axes.map(({ count, stride }) => count * stride)]);
}
