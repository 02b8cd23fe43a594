import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { average, averageGradient } from './pooled-average.ts';
import { floats, requireDType } from './require-dtype.ts';
import { isIdentity, requireWindows, windowAxes, type WindowAxis } from './windows.ts';

/**
 * Average pooling of NHWC images, over the elements of a window that lie inside of the image, and its gradient, which in
 * tfjs divides by the size of the whole window all the same. A window with nothing inside gives NaN.
 */

type Geometry = Pick<tf.AvgPoolAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

function geometry(
  kernel: string,
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Geometry,
): readonly WindowAxis[] {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return windowAxes(kernel, info);
}

const avgPool: Kernel<readonly [Value], tf.AvgPoolAttrs> = {
  name: 'AvgPool',
  inputs: ['x'],
  infer: ([x], attributes) => {
    requireDType('AvgPool', [x], floats);
    const counts = geometry('AvgPool', x.shape, attributes).map(({ count }) => count);
    return { shape: [x.shape[0], ...counts, x.shape[3]], dtype: x.dtype };
  },
  lower: (builder, [x], attributes) => {
    const axes = geometry('AvgPool', x.shape, attributes);
    return isIdentity(axes) ? x : builder.channelsLast(average(builder, builder.channelsFirst(x), axes, NaN));
  },
};

const avgPoolGrad: Kernel<readonly [Value, Value], tf.AvgPoolGradAttrs> = {
  name: 'AvgPoolGrad',
  inputs: ['dy', 'input'],
  infer: ([dy, input], attributes) => {
    requireDType('AvgPoolGrad', [dy], floats);
    requireWindows('AvgPoolGrad', dy.shape, 1, geometry('AvgPoolGrad', input.shape, attributes));
    return { shape: input.shape, dtype: 'float32' };
  },
  lower: (builder, [dy, input], attributes) => {
    const axes = geometry('AvgPoolGrad', input.shape, attributes);
    return builder.channelsLast(averageGradient(builder, builder.channelsFirst(dy), axes));
  },
};

export const avgPoolKernels: readonly AnyKernel[] = [avgPool, avgPoolGrad];
