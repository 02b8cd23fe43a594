import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { average, averageGradient } from './pooled-average.ts';
import { maximum, maximumGradient, type MaximumOptions } from './pooled-maximum.ts';
import { floats, requireDType } from './require-dtype.ts';
import { computedIn } from './stored-as.ts';
import { requireWindows, windowAxes, type WindowAxis } from './windows.ts';

/**
 * Maximum and average pooling of NDHWC images, and their gradients. Unlike in two dimensions, the gradient of a maximum
 * goes to the last of several in tfjs, the mean of nothing is 0, and the result is float32 for every dtype.
 */

type Geometry = Pick<tf.MaxPool3DAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

function geometry(
  kernel: string,
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Geometry,
): readonly WindowAxis[] {
  const info = tf.backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return windowAxes(kernel, info);
}

function pooledShape(kernel: string, { shape }: Value, attributes: Geometry): number[] {
  return [shape[0], ...geometry(kernel, shape, attributes).map(({ count }) => count), shape[4]];
}

const maxPool3D: Kernel<readonly [Value], tf.MaxPool3DAttrs & MaximumOptions> = {
  name: 'MaxPool3D',
  inputs: ['x'],
  infer: ([x], attributes) => ({ shape: pooledShape('MaxPool3D', x, attributes), dtype: 'float32' }),
  lower: (builder, [x], attributes) => {
    const axes = geometry('MaxPool3D', x.shape, attributes);
    const image = builder.channelsFirst(builder.cast(x, 'float32'));
    return builder.channelsLast(maximum(builder, image, axes, attributes));
  },
};

const maxPool3DGrad: Kernel<readonly [Value, Value, Value], tf.MaxPool3DGradAttrs & MaximumOptions> = {
  name: 'MaxPool3DGrad',
  inputs: ['dy', 'input', 'output'],
  infer: ([dy, input], attributes) => {
    requireWindows('MaxPool3DGrad', dy.shape, 1, geometry('MaxPool3DGrad', input.shape, attributes));
    return { shape: input.shape, dtype: 'float32' };
  },
  lower: (builder, [dy, input, output], attributes) => {
    const axes = geometry('MaxPool3DGrad', input.shape, attributes);
    return computedIn(builder, 'float32', [dy, input, output], 'float32', (gradient, image, pooled) => {
      const [last, x, largest] = [gradient, image, pooled].map((value) => builder.channelsFirst(value));
      return builder.channelsLast(
        maximumGradient(builder, { dy: last, x, largest }, axes, 'last', attributes),
      );
    });
  },
};

const avgPool3D: Kernel<readonly [Value], tf.AvgPool3DAttrs> = {
  name: 'AvgPool3D',
  inputs: ['x'],
  infer: ([x], attributes) => {
    requireDType('AvgPool3D', [x], floats);
    return { shape: pooledShape('AvgPool3D', x, attributes), dtype: 'float32' };
  },
  lower: (builder, [x], attributes) => {
    const axes = geometry('AvgPool3D', x.shape, attributes);
    return builder.channelsLast(average(builder, builder.channelsFirst(x), axes, 0));
  },
};

const avgPool3DGrad: Kernel<readonly [Value, Value], tf.AvgPool3DGradAttrs> = {
  name: 'AvgPool3DGrad',
  inputs: ['dy', 'input'],
  infer: ([dy, input], attributes) => {
    requireDType('AvgPool3DGrad', [dy], floats);
    requireWindows('AvgPool3DGrad', dy.shape, 1, geometry('AvgPool3DGrad', input.shape, attributes));
    return { shape: input.shape, dtype: 'float32' };
  },
  lower: (builder, [dy, input], attributes) => {
    const axes = geometry('AvgPool3DGrad', input.shape, attributes);
    return builder.channelsLast(averageGradient(builder, builder.channelsFirst(dy), axes));
  },
};

export const pool3DKernels: readonly AnyKernel[] = [maxPool3D, maxPool3DGrad, avgPool3D, avgPool3DGrad];
