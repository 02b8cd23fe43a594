import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { formatType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { maximum, maximumGradient, maximumWithPosition, type MaximumOptions } from './pooled-maximum.ts';
import { computedIn } from './stored-as.ts';
import { isIdentity, requireWindows, windowAxes, type WindowAxis } from './windows.ts';

/**
 * Maximum pooling of NHWC images, with positions or without, and its gradient. Where several positions of a window share
 * the maximum, the first in row-major order counts, as in tfjs `cpu`. int32 images are pooled in float32, which is exact
 * for numbers below 2²⁴.
 */

type Geometry = Pick<tf.MaxPoolAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

/** Axes of space, and the shape of the result. */
function geometry(
  kernel: string,
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Geometry,
): { axes: readonly WindowAxis[]; shape: number[] } {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const axes = windowAxes(kernel, info);
  return { axes, shape: [info.batchSize, ...axes.map(({ count }) => count), info.outChannels] };
}

const maxPool: Kernel<readonly [Value], tf.MaxPoolAttrs & MaximumOptions> = {
  name: 'MaxPool',
  inputs: ['x'],
  infer: ([x], attributes) => ({
    shape: geometry('MaxPool', x.shape, attributes).shape,
    dtype: x.dtype,
  }),
  lower: (builder, [x], attributes) => {
    const { axes } = geometry('MaxPool', x.shape, attributes);
    if (isIdentity(axes)) return x;
    return computedIn(builder, 'float32', [x], x.dtype, (image) =>
      builder.channelsLast(maximum(builder, builder.channelsFirst(image), axes, attributes)),
    );
  },
};

const maxPoolGrad: Kernel<readonly [Value, Value, Value], tf.MaxPoolGradAttrs & MaximumOptions> = {
  name: 'MaxPoolGrad',
  inputs: ['dy', 'input', 'output'],
  infer: ([dy, input], attributes) => {
    requireWindows('MaxPoolGrad', dy.shape, 1, geometry('MaxPoolGrad', input.shape, attributes).axes);
    return { shape: input.shape, dtype: 'float32' };
  },
  lower: (builder, [dy, input, output], attributes) => {
    const { axes } = geometry('MaxPoolGrad', input.shape, attributes);
    return computedIn(builder, 'float32', [dy, input, output], 'float32', (gradient, image, pooled) => {
      const [first, x, largest] = [gradient, image, pooled].map((value) => builder.channelsFirst(value));
      return builder.channelsLast(
        maximumGradient(builder, { dy: first, x, largest }, axes, 'first', attributes),
      );
    });
  },
};

const maxPoolWithArgmax: Kernel<readonly [Value], tf.MaxPoolWithArgmaxAttrs> = {
  name: 'MaxPoolWithArgmax',
  inputs: ['x'],
  infer: ([x], attributes) => {
    if (x.shape.length !== 4) {
      throw new TypeError(
        `Cannot trace kernel "MaxPoolWithArgmax" on ${formatType(x)}: it takes a batch of images, which has rank 4; reshape it first.`,
      );
    }
    const { axes, shape } = geometry('MaxPoolWithArgmax', x.shape, attributes);
    for (const { before, after, length } of axes) {
      if (Math.max(before, after) < length && Math.min(before, after) >= 0) continue;
      throw new RangeError(
        `Cannot trace kernel "MaxPoolWithArgmax": its padding must be smaller than its window of ${length}, ` +
          `got ${before} before and ${after} behind; pad less.`,
      );
    }
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  lower: (builder, [x], attributes) => {
    const { axes } = geometry('MaxPoolWithArgmax', x.shape, attributes);
    const image = builder.channelsFirst(builder.cast(x, 'float32'));
    const [largest, position] = maximumWithPosition(builder, image, axes);
    const [batch, height, width, depth] = x.shape as [number, number, number, number];
    const counted = (count: number, step: number, shape: readonly number[]): Value =>
      builder.constant(
        BigInt64Array.from({ length: count }, (_, i) => BigInt(i * step)),
        { shape, dtype: 'int64' },
      );
    // tfjs counts in NHWC, and only what has a maximum.
    const byPixel = builder.binary('Mul', position, builder.scalar(depth, 'int64'));
    let index = builder.binary('Add', byPixel, counted(depth, 1, [depth, 1, 1]));
    if (attributes.includeBatchInIndex) {
      index = builder.binary('Add', index, counted(batch, height * width * depth, [batch, 1, 1, 1]));
    }
    const none = builder.compare('Less', position, builder.scalar(0, 'int64'));
    const argmax = builder.where(none, builder.scalar(-1, 'int64'), index);
    return [
      builder.channelsLast(builder.cast(largest, x.dtype)),
      builder.channelsLast(builder.cast(argmax, 'int32')),
    ];
  },
};

export const maxPoolKernels: readonly AnyKernel[] = [maxPool, maxPoolGrad, maxPoolWithArgmax];
