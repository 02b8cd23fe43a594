import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { TensorType } from '../tensor-type.ts';

/**
 * The geometry that convolutions, pools and dilations share: a window that steps over an image, one axis of space at a
 * time, so that kernels of two and of three dimensions have one lowering.
 */

/** How a window steps over one axis of an image. */
export interface WindowAxis {
  /** Elements of the image. */
  readonly size: number;
  /** Places of the window, and so elements of the result. */
  readonly count: number;
  /** Elements of the window. */
  readonly length: number;
  /** From one place of the window to the next. */
  readonly stride: number;
  /** From one element of the window to the next. */
  readonly dilation: number;
  /** Elements of padding before the image; negative if the first window begins inside of it. */
  readonly before: number;
  /** The same behind the image: as much as the last window reaches, whatever tfjs was told to pad. */
  readonly after: number;
}

/** An axis from what determines it; the padding behind the image follows. */
export function windowAxis(axis: Omit<WindowAxis, 'after'>): WindowAxis {
  const { size, count, length, stride, dilation, before } = axis;
  const missing = (count - 1) * stride + (length - 1) * dilation + 1 - before - size;
  // A rest too short for another step is no padding; what would make room for one has to go.
  return { ...axis, after: missing < 0 && missing > -stride ? 0 : missing };
}

/**
 * The axes of space of a convolution or pool, as tfjs works them out.
 * @throws RangeError for a window that is larger than its image, of which tfjs makes a result of negative size.
 */
export function windowAxes(
  kernel: string,
  info: tf.backend_util.Conv2DInfo | tf.backend_util.Conv3DInfo,
): readonly WindowAxis[] {
  const axes = [
    {
      size: info.inHeight,
      count: info.outHeight,
      length: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: info.padInfo.top,
    },
    {
      size: info.inWidth,
      count: info.outWidth,
      length: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: info.padInfo.left,
    },
  ];
  if ('inDepth' in info) {
    axes.unshift({
      size: info.inDepth,
      count: info.outDepth,
      length: info.filterDepth,
      stride: info.strideDepth,
      dilation: info.dilationDepth,
      before: info.padInfo.front,
    });
  }
  return axes.map((axis) => {
    if (axis.count < 0) {
      const reach = (axis.length - 1) * axis.dilation + 1;
      throw new RangeError(
        `Cannot trace kernel "${kernel}": its window must lie within the padded image, which has ${axis.size} elements ` +
          `along an axis where the window reaches over ${reach}; choose a smaller window or more padding.`,
      );
    }
    // tfjs may round up to -0.
    return windowAxis({ ...axis, count: axis.count + 0 });
  });
}

/** The axes of the same image and windows seen from behind. */
export function reversedAxes(axes: readonly WindowAxis[]): readonly WindowAxis[] {
  return axes.map((axis) => {
    const { size, count, length, stride, dilation, before } = axis;
    const reach = (count - 1) * stride + (length - 1) * dilation + 1;
    return windowAxis({ ...axis, before: reach - size - before });
  });
}

/** Counts of windows along each axis. */
export function countsOf(axes: readonly WindowAxis[]): number[] {
  return axes.map(({ count }) => count);
}

/** Sizes of the image along each axis. */
export function sizesOf(axes: readonly WindowAxis[]): number[] {
  return axes.map(({ size }) => size);
}

/** Number of elements of a window. */
export function windowSize(axes: readonly WindowAxis[]): number {
  return axes.reduce((product, { length }) => product * length, 1);
}

/** Whether a pool does nothing, which tfjs notices, so that NaN stays. */
export function isIdentity(axes: readonly WindowAxis[]): boolean {
  return axes.every(({ length, size, count }) => length === 1 && size === count);
}

/** Zeros of a type, empty ones included: what a sum over no windows gives. */
export function zeros(builder: OnnxBuilder, { shape, dtype }: TensorType): Value {
  return builder.expand(builder.scalar(0, dtype), shape);
}

/** The places in a window, row-major, as offsets in the image. */
export function windowOffsets(axes: readonly WindowAxis[]): number[][] {
  return axes.reduce<number[][]>(
    (offsets, { length, dilation }) =>
      offsets.flatMap((offset) => Array.from({ length }, (_, place) => [...offset, place * dilation])),
    [[]],
  );
}

/**
 * Crops or pads an image along its axes of space, which begin at axis `first`, by `before` and `after` elements:
 * positive numbers pad with `fill`, negative ones crop.
 */
export function resized(
  builder: OnnxBuilder,
  x: Value,
  first: number,
  before: readonly number[],
  after: readonly number[],
  fill = 0,
): Value {
  const axes = before.map((_, i) => first + i);
  const isCropped = [...before, ...after].some((size) => size < 0);
  const starts = before.map((size) => Math.max(0, -size));
  const ends = after.map((size, i) => x.shape[axes[i]] - Math.max(0, -size));
  const cropped = isCropped ? builder.slice(x, axes, starts, ends) : x;
  const around = (sizes: readonly number[]): number[] =>
    x.shape.map((_, axis) => Math.max(0, sizes[axis - first] ?? 0));
  return builder.pad(cropped, around(before), around(after), fill);
}

/** The image cut to what the windows reach, and the paddings of ONNX around it; channels come first. */
export function reached(
  builder: OnnxBuilder,
  x: Value,
  axes: readonly WindowAxis[],
): { image: Value; pads: number[] } {
  const outside = (size: number): number => Math.min(0, size);
  const image = resized(
    builder,
    x,
    2,
    axes.map(({ before }) => outside(before)),
    axes.map(({ after }) => outside(after)),
  );
  const pads = [...axes.map(({ before }) => before), ...axes.map(({ after }) => after)];
  return { image, pads: pads.map((size) => Math.max(0, size)) };
}

/**
 * The gradient by the result of a kernel, cut to the windows that its gradient kernel counts, which knows no
 * `dimRoundingMode`: tfjs leaves out those at the end. The axes of space begin at axis `first`.
 */
export function gradientByWindow(
  builder: OnnxBuilder,
  dy: Value,
  first: number,
  axes: readonly WindowAxis[],
): Value {
  const surplus = axes.map(({ count }, i) => count - dy.shape[first + i]);
  return resized(
    builder,
    dy,
    first,
    axes.map(() => 0),
    surplus,
  );
}

/**
 * Refuses a gradient that has fewer places than the window, where tfjs reads beyond the end of the tensor.
 * @throws TypeError when an axis of `shape`, whose axes of space begin at axis `first`, is too short.
 */
export function requireWindows(
  kernel: string,
  shape: readonly number[],
  first: number,
  axes: readonly WindowAxis[],
): void {
  axes.forEach(({ count }, i) => {
    if (shape[first + i] >= count) return;
    throw new TypeError(
      `Cannot trace kernel "${kernel}" on a gradient of shape [${shape.join(',')}]: it must have a value for each place of ` +
        `the window, axis ${first + i} has ${shape[first + i]} for ${count}; change strides, pad or the shape of the result.`,
    );
  });
}
