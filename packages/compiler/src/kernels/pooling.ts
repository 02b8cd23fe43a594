import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf, toTensorData } from '../tensor-type.ts';
import {
  countsOf,
  gradientByWindow,
  reached,
  resized,
  reversedAxes,
  sizesOf,
  windowAxis,
  windowSize,
  zeros,
  type WindowAxis,
} from './windows.ts';

/**
 * Maximum and average over windows of float32 images `[N, C, …]` with any number of axes of space, and their gradients.
 *
 * In tfjs a maximum passes over NaN, and is -∞ where that leaves nothing. ONNX says nothing of NaN, and onnxruntime begins
 * with the lowest finite number. Images therefore have NaN replaced before, and that number after, unless `numbersOnly`
 * promises that they have neither NaN nor a window of nothing but -∞.
 *
 * ONNX: https://onnx.ai/onnx/operators/onnx__MaxPool.html, https://onnx.ai/onnx/operators/onnx__AveragePool.html
 */
export interface MaximumOptions {
  readonly numbersOnly?: boolean;
}

/** What onnxruntime gives for a window without numbers above it, or else -∞. */
const lowest = -3.4028234663852886e38;

/** The image without NaN. */
function withoutNaN(builder: OnnxBuilder, x: Value, { numbersOnly = false }: MaximumOptions): Value {
  if (numbersOnly) return x;
  const isNaN = builder.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' });
  return builder.where(isNaN, builder.scalar(-Infinity, 'float32'), x);
}

function poolAttributes(axes: readonly WindowAxis[], pads: readonly number[]) {
  return {
    kernel_shape: axes.map(({ length }) => length),
    strides: axes.map(({ stride }) => stride),
    // Where a Pad stands before a pool, onnxruntime would add its widths to the pool's own `pads`, and so make of zeros
    // what a pool pads with; it leaves alone what says "valid".
    ...(pads.every((size) => size === 0) ? { auto_pad: 'VALID' } : { pads }),
  };
}

/** Whether a pool of ONNX can pad as it has to: by less than its window. */
function canPad(axes: readonly WindowAxis[]): boolean {
  return axes.every(({ before, after, length }) => Math.max(before, after) < length);
}

/** The image cut or padded to what the windows reach, and what is left to pad for ONNX. */
function imageOfPool(builder: OnnxBuilder, x: Value, axes: readonly WindowAxis[], fill: number) {
  if (canPad(axes)) return reached(builder, x, axes);
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => axis.after);
  return { image: resized(builder, x, 2, before, after, fill), pads: axes.flatMap(() => [0, 0]) };
}

/** Largest of each window. */
export function maximum(
  builder: OnnxBuilder,
  x: Value,
  axes: readonly WindowAxis[],
  options: MaximumOptions = {},
): Value {
  const type = { shape: [...x.shape.slice(0, 2), ...countsOf(axes)], dtype: x.dtype };
  if (sizeOf(type.shape.slice(1)) === 0) return zeros(builder, type);
  const { image, pads } = imageOfPool(builder, withoutNaN(builder, x, options), axes, -Infinity);
  const largest = builder.node('MaxPool', [image], type, poolAttributes(axes, pads));
  return options.numbersOnly ? largest : infiniteWhereNone(builder, largest);
}

function isNone(builder: OnnxBuilder, largest: Value): Value {
  return builder.compare('LessOrEqual', largest, builder.scalar(lowest, 'float32'));
}

function infiniteWhereNone(builder: OnnxBuilder, largest: Value): Value {
  return builder.where(isNone(builder, largest), builder.scalar(-Infinity, 'float32'), largest);
}

/** Largest of each window, and where its first stands: an int64 position in the channel, row-major; -1 if there is none. */
export function maximumWithPosition(
  builder: OnnxBuilder,
  x: Value,
  axes: readonly WindowAxis[],
): [maximum: Value, position: Value] {
  const shape = [...x.shape.slice(0, 2), ...countsOf(axes)];
  const types = [
    { shape, dtype: 'float32' },
    { shape, dtype: 'int64' },
  ] as const;
  if (sizeOf(shape.slice(1)) === 0) return [zeros(builder, types[0]), zeros(builder, types[1])];
  const image = withoutNaN(builder, x, {});
  const pads = [...axes.map(({ before }) => before), ...axes.map(({ after }) => after)];
  const [largest, index] = builder.nodeWithOutputs('MaxPool', [image], types, poolAttributes(axes, pads));
  const channel = builder.scalar(sizeOf(sizesOf(axes)), 'int64');
  const position = builder.where(
    isNone(builder, largest),
    builder.scalar(-1, 'int64'),
    builder.binary('Mod', index, channel),
  );
  return [infiniteWhereNone(builder, largest), position];
}

/**
 * Gradient of {@link maximum} by the image, which goes to the first maximum of each window in row-major order, or to the
 * last. Where there is nothing but -∞ and NaN it goes nowhere, or to the very last. `largest` is what {@link maximum}
 * gave.
 */
export function maximumGradient(
  builder: OnnxBuilder,
  { dy, x, largest }: { dy: Value; x: Value; largest: Value },
  axes: readonly WindowAxis[],
  goesTo: 'first' | 'last',
  options: MaximumOptions = {},
): Value {
  const gradient = gradientByWindow(builder, dy, 2, axes);
  if (sizeOf(gradient.shape.slice(1)) === 0) return zeros(builder, x);
  // In tfjs the last maximum is one that nothing exceeds, -∞ included; the first is one that exceeds -∞.
  const found =
    options.numbersOnly || goesTo === 'last' ? gradient : ofNumbers(builder, gradient, largest, axes);
  if (goesTo === 'last') {
    const backwards = gradientByPosition(
      builder,
      reversed(builder, found),
      reversed(builder, withoutNaN(builder, x, options)),
      reversedAxes(axes),
    );
    return reversed(builder, backwards);
  }
  return tilesSquares(axes)
    ? gradientByPhase(builder, found, x, largest, axes[0].length)
    : gradientByPosition(builder, found, withoutNaN(builder, x, options), axes);
}

/** The gradient where the window has a maximum, and 0 elsewhere. */
function ofNumbers(builder: OnnxBuilder, dy: Value, largest: Value, axes: readonly WindowAxis[]): Value {
  const minusInfinity = builder.scalar(-Infinity, 'float32');
  const isNumber = builder.compare('Greater', gradientByWindow(builder, largest, 2, axes), minusInfinity);
  return builder.where(isNumber, dy, builder.scalar(0, 'float32'));
}

/** Reverses the axes of space. */
function reversed(builder: OnnxBuilder, x: Value): Value {
  const axes = [...x.shape.keys()].slice(2);
  const positions = [-1, Number.MIN_SAFE_INTEGER].map((end) => builder.int64s(axes.map(() => end)));
  const steps = builder.int64s(axes.map(() => -1));
  return builder.node('Slice', [x, ...positions, builder.int64s(axes), steps], x);
}

/** Whether square windows cover an image side by side, without overlap, gap or padding. */
function tilesSquares(axes: readonly WindowAxis[]): boolean {
  return (
    axes.length === 2 &&
    axes.every(
      ({ size, count, length, stride, before }) =>
        length === axes[0].length && stride === length && before === 0 && count * length === size,
    )
  );
}

/**
 * Windows side by side: a phase is the image of one position of all windows. The gradient still unclaimed passes from
 * phase to phase, and stays with the first that is the maximum.
 */
function gradientByPhase(builder: OnnxBuilder, dy: Value, x: Value, largest: Value, length: number): Value {
  const claimed: Value[] = [];
  let rest = dy;
  for (let position = 0; position < length * length - 1; position++) {
    const start = [Math.floor(position / length), position % length];
    const phase = builder.slice(x, [2, 3], start, x.shape.slice(2), [length, length]);
    // Not "less than the maximum", which would let NaN claim the gradient.
    const claims = builder.cast(builder.compare('Equal', phase, largest), dy.dtype);
    const share = builder.binary('Mul', rest, claims);
    claimed.push(share);
    rest = builder.binary('Sub', rest, share);
  }
  const stacked = builder.concat([...claimed, rest], 1);
  return builder.node('DepthToSpace', [stacked], x, { blocksize: length, mode: 'DCR' });
}

/** Any other geometry: MaxPool tells where each maximum stands, and the gradient is added up there. */
function gradientByPosition(builder: OnnxBuilder, dy: Value, x: Value, axes: readonly WindowAxis[]): Value {
  const { image, pads } = imageOfPool(builder, x, axes, -Infinity);
  const types = [
    { shape: dy.shape, dtype: x.dtype },
    { shape: dy.shape, dtype: 'int64' },
  ] as const;
  const [, positions] = builder.nodeWithOutputs('MaxPool', [image], types, poolAttributes(axes, pads));
  const none = builder.expand(builder.scalar(0, dy.dtype), [sizeOf(image.shape)]);
  const flat = [sizeOf(dy.shape)];
  const inputs = [none, builder.reshape(positions, flat), builder.reshape(dy, flat)];
  const sums = builder.node('ScatterElements', inputs, none, { axis: 0, reduction: 'add' });
  // What was cut off has no gradient, what was padded is none of the image's.
  const undone = (size: number): number => (canPad(axes) ? Math.max(0, -size) : -size);
  return resized(
    builder,
    builder.reshape(sums, image.shape),
    2,
    axes.map(({ before }) => undone(before)),
    axes.map(({ after }) => undone(after)),
  );
}

/**
 * Mean of each window over its elements inside of the image, and `ofNothing` where there are none.
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
  const repeated = builder.expand(single, [...outer, ...axes.flatMap(({ count }, i) => [count, lengths[i]])]);
  const gaps = [0, 0, ...axes.flatMap(({ stride }, i) => [0, stride - lengths[i]])];
  const padded = builder.pad(
    repeated,
    gaps.map(() => 0),
    gaps,
  );
  return builder.reshape(padded, [...outer, ...axes.map(({ count, stride }) => count * stride)]);
}
