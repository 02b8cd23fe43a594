import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import {
  convolutionFilterGradient,
  convolutionInputGradient,
  convolutionWeights,
  convolve,
} from './convolution.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { numbers, requireDType } from './require-dtype.ts';
import { computedIn } from './stored-as.ts';
import { requireWindows, windowAxes, type WindowAxis } from './windows.ts';

/**
 * 3-D convolution of NDHWC images with filters `[kD, kH, kW, in, out]`, and its two gradients. int32 images are convolved
 * in float32, which is exact while the sums stay below 2²⁴.
 */

/** Attributes of the three convolutions; tfjs has gradients for dilation 1 only, and so they carry none. */
type Geometry = Pick<tf.Conv3DAttrs, 'strides' | 'pad'> & Partial<Pick<tf.Conv3DAttrs, 'dilations'>>;

/** Axes of space, and the shape of the result. */
function geometry(
  kernel: string,
  imageShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations }: Geometry,
): { axes: readonly WindowAxis[]; shape: number[] } {
  const info = tf.backend_util.computeConv3DInfo(
    imageShape as [number, number, number, number, number],
    filterShape as [number, number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
  );
  const axes = windowAxes(kernel, info);
  return { axes, shape: [info.batchSize, ...axes.map(({ count }) => count), info.outChannels] };
}

const conv3D: Kernel<readonly [Value, Value], tf.Conv3DAttrs> = {
  name: 'Conv3D',
  inputs: ['x', 'filter'],
  infer: ([x, filter], attributes) => {
    // tfjs drops fractions after each product where an int32 image meets real weights.
    requireDType('Conv3D', [x, filter], x.dtype === 'int32' ? ['int32'] : numbers);
    return { shape: geometry('Conv3D', x.shape, filter.shape, attributes).shape, dtype: x.dtype };
  },
  lower: (builder, [x, filter], attributes) => {
    const { axes } = geometry('Conv3D', x.shape, filter.shape, attributes);
    return computedIn(builder, 'float32', [x, filter], x.dtype, (image, weights) =>
      builder.channelsLast(
        convolve(builder, builder.channelsFirst(image), convolutionWeights(builder, weights, false), axes),
      ),
    );
  },
};

const conv3DBackpropInput: Kernel<readonly [Value, Value], tf.Conv3DBackpropInputV2Attrs> = {
  name: 'Conv3DBackpropInputV2',
  inputs: ['dy', 'filter'],
  infer: ([dy, filter], attributes) => {
    const { axes } = geometry('Conv3DBackpropInputV2', attributes.inputShape, filter.shape, attributes);
    requireWindows('Conv3DBackpropInputV2', dy.shape, 1, axes);
    return { shape: attributes.inputShape, dtype: 'float32' };
  },
  lower: (builder, [dy, filter], attributes) => {
    const { axes } = geometry('Conv3DBackpropInputV2', attributes.inputShape, filter.shape, attributes);
    return computedIn(builder, 'float32', [dy, filter], 'float32', (gradient, weights) =>
      builder.channelsLast(
        convolutionInputGradient(builder, builder.channelsFirst(gradient), weights, axes, false),
      ),
    );
  },
};

const conv3DBackpropFilter: Kernel<readonly [Value, Value], tf.Conv3DBackpropFilterV2Attrs> = {
  name: 'Conv3DBackpropFilterV2',
  inputs: ['x', 'dy'],
  infer: ([x, dy], attributes) => {
    const { axes } = geometry('Conv3DBackpropFilterV2', x.shape, attributes.filterShape, attributes);
    requireWindows('Conv3DBackpropFilterV2', dy.shape, 1, axes);
    return { shape: attributes.filterShape, dtype: 'float32' };
  },
  lower: (builder, [x, dy], attributes) => {
    const { axes } = geometry('Conv3DBackpropFilterV2', x.shape, attributes.filterShape, attributes);
    return computedIn(builder, 'float32', [x, dy], 'float32', (image, gradient) =>
      convolutionFilterGradient(builder, image, gradient, axes),
    );
  },
};

export const conv3DKernels: readonly AnyKernel[] = [conv3D, conv3DBackpropInput, conv3DBackpropFilter];
