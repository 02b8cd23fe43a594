import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { computedIn } from './stored-as.ts';
import {
  countsOf,
  requireWindows,
  resized,
  windowAxes,
  windowOffsets,
  zeros,
  type WindowAxis,
} from './windows.ts';

/**
 * Grey-scale dilation of NHWC images by a filter `[kH, kW, C]`, and its two gradients:
 *
 *     y[n, i, j, c] = max over (h, w) of x[n, i·stride + h·dilation - pad, …, c] + filter[h, w, c]
 *
 * over what lies inside of the image, passing over NaN; -(2⁵³ - 1) where that leaves nothing, as in tfjs. ONNX has no
 * operator for it: all windows are gathered at once, `[N, window, places, C]`.
 */

type Geometry = tf.Dilation2DAttrs;

/** What tfjs begins the maximum with. */
const lowest = Number.MIN_SAFE_INTEGER;

function geometry(kernel: string, x: Value, filter: Value, attributes: Geometry): readonly WindowAxis[] {
  const { strides, pad, dilations } = attributes;
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
  return windowAxes(kernel, info);
}

/** Corners of the windows in the image, row-major; negative in the padding. */
function corners([rows, columns]: readonly WindowAxis[]): [row: number, column: number][] {
  const along = ({ count, stride, before }: WindowAxis): number[] =>
    Array.from({ length: count }, (_, place) => place * stride - before);
  return along(rows).flatMap((row) => along(columns).map((column): [number, number] => [row, column]));
}

/** A constant table `[window, places]` of int64 numbers. */
function table(
  builder: OnnxBuilder,
  axes: readonly WindowAxis[],
  entry: (row: number, column: number) => number,
): Value {
  const offsets = windowOffsets(axes);
  const places = corners(axes);
  const entries = offsets.flatMap(([down, right]) =>
    places.map(([row, column]) => BigInt(entry(row + down, column + right))),
  );
  return builder.constant(BigInt64Array.from(entries), {
    shape: [offsets.length, places.length],
    dtype: 'int64',
  });
}

/** Every sum of image and filter, `[N, window, places, C]`; -∞ outside of the image and for NaN. */
function sums(builder: OnnxBuilder, x: Value, filter: Value, axes: readonly WindowAxis[]): Value {
  const [rows, columns] = axes;
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => axis.after);
  const padded = resized(builder, x, 1, before, after, -Infinity);
  const [batch, height, width, depth] = padded.shape as [number, number, number, number];
  const positions = table(
    builder,
    axes,
    (row, column) => (row + rows.before) * width + column + columns.before,
  );
  const [window, places] = positions.shape as [number, number];
  const patches = builder.node(
    'Gather',
    [builder.reshape(padded, [batch, height * width, depth]), positions],
    { shape: [batch, window, places, depth], dtype: x.dtype },
    { axis: 1 },
  );
  const sum = builder.binary('Add', patches, builder.reshape(filter, [window, 1, depth]));
  const isNaN = builder.node('IsNaN', [sum], { shape: sum.shape, dtype: 'bool' });
  return builder.where(isNaN, builder.scalar(-Infinity, 'float32'), sum);
}

/** Which place of its window gave each result, the first of several: int64 `[N, places, C]`. */
function winners(builder: OnnxBuilder, x: Value, filter: Value, axes: readonly WindowAxis[]): Value {
  const all = sums(builder, x, filter, axes);
  const [batch, , places, depth] = all.shape;
  const type = { shape: [batch, places, depth], dtype: 'int64' } as const;
  return builder.node('ArgMax', [all], type, { axis: 1, keepdims: 0 });
}

const dilation2D: Kernel<readonly [Value, Value], Geometry> = {
  name: 'Dilation2D',
  inputs: ['x', 'filter'],
  infer: ([x, filter], attributes) => {
    const axes = geometry('Dilation2D', x, filter, attributes);
    return { shape: [x.shape[0], ...countsOf(axes), x.shape[3]], dtype: x.dtype };
  },
  lower: (builder, [x, filter], attributes, [type]) => {
    if (sizeOf(type.shape) === 0) return zeros(builder, type);
    const axes = geometry('Dilation2D', x, filter, attributes);
    return computedIn(builder, 'float32', [x, filter], x.dtype, (image, shape) => {
      const all = sums(builder, image, shape, axes);
      const [batch, , places, depth] = all.shape;
      const reduced = { shape: [batch, places, depth], dtype: all.dtype };
      const largest = builder.node('ReduceMax', [all], reduced, { axes: [1], keepdims: 0 });
      const result = builder.binary('Max', largest, builder.scalar(lowest, 'float32'));
      return builder.reshape(result, type.shape);
    });
  },
};

type GradientInputs = readonly [Value, Value, Value];

const dilation2DBackpropFilter: Kernel<GradientInputs, Geometry> = {
  name: 'Dilation2DBackpropFilter',
  inputs: ['x', 'filter', 'dy'],
  infer: ([x, filter, dy], attributes) => {
    const axes = geometry('Dilation2DBackpropFilter', x, filter, attributes);
    requireWindows('Dilation2DBackpropFilter', dy.shape, 1, axes);
    return filter;
  },
  lower: (builder, [x, filter, dy], attributes) => {
    if (sizeOf(dy.shape) === 0 || sizeOf(filter.shape) === 0) return zeros(builder, filter);
    const axes = geometry('Dilation2DBackpropFilter', x, filter, attributes);
    return computedIn(builder, 'float32', [x, filter, dy], filter.dtype, (image, shape, gradient) => {
      const places = winners(builder, image, shape, axes);
      const [batch, count, depth] = places.shape as [number, number, number];
      const window = sizeOf(filter.shape.slice(0, 2));
      const numbers = builder.reshape(builder.int64s([...Array(window).keys()]), [window, 1, 1, 1]);
      const isWinner = builder.cast(builder.compare('Equal', numbers, places), 'float32');
      const shares = builder.binary('Mul', isWinner, builder.reshape(gradient, [batch, count, depth]));
      return builder.reshape(builder.reduceSum(shares, [1, 2], false), filter.shape);
    });
  },
};

const dilation2DBackpropInput: Kernel<GradientInputs, Geometry> = {
  name: 'Dilation2DBackpropInput',
  inputs: ['x', 'filter', 'dy'],
  infer: ([x, filter, dy], attributes) => {
    const axes = geometry('Dilation2DBackpropInput', x, filter, attributes);
    requireWindows('Dilation2DBackpropInput', dy.shape, 1, axes);
    return x;
  },
  lower: (builder, [x, filter, dy], attributes) => {
    if (sizeOf(dy.shape) === 0 || sizeOf(filter.shape) === 0) return zeros(builder, x);
    const axes = geometry('Dilation2DBackpropInput', x, filter, attributes);
    return computedIn(builder, 'float32', [x, filter, dy], x.dtype, (image, shape, gradient) => {
      const places = winners(builder, image, shape, axes);
      const [batch, count, depth] = places.shape as [number, number, number];
      const [rows, columns] = axes;
      const within = (position: number, size: number): number => Math.min(Math.max(0, position), size - 1);
      // The first place wins where nothing does, and may lie in the padding; tfjs gives the gradient to the edge then.
      const pixels = table(
        builder,
        axes,
        (row, column) => within(row, rows.size) * columns.size + within(column, columns.size),
      );
      const entry = builder.binary(
        'Add',
        builder.binary('Mul', places, builder.scalar(count, 'int64')),
        builder.reshape(builder.int64s([...Array(count).keys()]), [count, 1]),
      );
      const flat = builder.reshape(pixels, [sizeOf(pixels.shape)]);
      const indices = builder.node('Gather', [flat, entry], entry, { axis: 0 });
      const none = builder.expand(builder.scalar(0, 'float32'), [batch, rows.size * columns.size, depth]);
      const sum = builder.node(
        'ScatterElements',
        [none, indices, builder.reshape(gradient, [batch, count, depth])],
        none,
        { axis: 1, reduction: 'add' },
      );
      return builder.reshape(sum, x.shape);
    });
  },
};

export const dilation2DKernels: readonly AnyKernel[] = [
  dilation2D,
  dilation2DBackpropFilter,
  dilation2DBackpropInput,
];
