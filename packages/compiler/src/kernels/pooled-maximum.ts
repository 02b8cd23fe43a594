import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import { canPad, imageOfPool, poolAttributes } from './pool-padding.ts';
import {
  countsOf,
  gradientByWindow,
  resized,
  reversedAxes,
  sizesOf,
  zeros,
  type WindowAxis,
} from './windows.ts';

/**
 * Maximum over windows of float32 images `[N, C, …]` with any number of axes of space, and its gradient.
 *
 * In tfjs a maximum passes over NaN, and is -∞ where that leaves nothing. ONNX says nothing of NaN, and onnxruntime begins
 * with the lowest finite number. Images therefore have NaN replaced before, and that number after, unless `numbersOnly`
 * promises that they have neither NaN nor a window of nothing but -∞.
 *
 * ONNX: https://onnx.ai/onnx/operators/onnx__MaxPool.html
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
