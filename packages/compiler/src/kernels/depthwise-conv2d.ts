import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { TensorType } from '../tensor-type.ts';
import { activatedDType, type FusedActivation } from './activation.ts';
import { lowerFused, type FusedInputs } from './conv2d.ts';
import {
  convolutionInputGradient,
  convolutionWeights,
  convolve,
  depthwiseFilterGradient,
} from './convolution.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { floats, requireDType } from './require-dtype.ts';
import { computedIn } from './stored-as.ts';
import { requireWindows, windowAxes, type WindowAxis } from './windows.ts';

/**
 * Depthwise convolution of NHWC images with filters `[kH, kW, C, multiplier]`: each channel is convolved for itself into
 * `multiplier` channels, `c·multiplier + m` of the result, which is the order of ONNX's groups too. With its gradients.
 */

type Geometry = Omit<tf.DepthwiseConv2dNativeAttrs, 'dataFormat' | 'dilations'> & {
  readonly dataFormat?: tf.DepthwiseConv2dNativeAttrs['dataFormat'];
  readonly dilations?: tf.DepthwiseConv2dNativeAttrs['dilations'] | null;
};

/**
 * Axes of space, and the shape of the result.
 * @throws RangeError for NCHW, which tfjs `cpu` takes for NHWC.
 */
function geometry(
  kernel: string,
  imageShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dilations, dimRoundingMode }: Geometry,
): { axes: readonly WindowAxis[]; shape: number[] } {
  if (dataFormat === 'NCHW') {
    throw new RangeError(
      `Cannot trace kernel "${kernel}" with dataFormat "NCHW": it has to be NHWC; transpose the image first.`,
    );
  }
  const info = tf.backend_util.computeConv2DInfo(
    imageShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  const axes = windowAxes(kernel, info);
  return { axes, shape: [info.batchSize, ...axes.map(({ count }) => count), info.outChannels] };
}

function inferDepthwise(kernel: string, x: Value, filter: Value, attributes: Geometry): TensorType {
  requireDType(kernel, [x, filter], floats);
  return { shape: geometry(kernel, x.shape, filter.shape, attributes).shape, dtype: x.dtype };
}

function lowerDepthwise(
  builder: OnnxBuilder,
  x: Value,
  filter: Value,
  bias: Value | null,
  attributes: Geometry,
  activate: (y: Value) => Value = (y) => y,
): Value {
  const { axes } = geometry('DepthwiseConv2dNative', x.shape, filter.shape, attributes);
  const weights = convolutionWeights(builder, filter, true);
  const options = { bias, groups: x.shape[3] };
  return builder.channelsLast(activate(convolve(builder, builder.channelsFirst(x), weights, axes, options)));
}

const depthwiseConv2dNative: Kernel<readonly [Value, Value], Geometry> = {
  name: 'DepthwiseConv2dNative',
  inputs: ['x', 'filter'],
  infer: ([x, filter], attributes) => inferDepthwise('DepthwiseConv2dNative', x, filter, attributes),
  lower: (builder, [x, filter], attributes) => lowerDepthwise(builder, x, filter, null, attributes),
};

const fusedDepthwiseConv2D: Kernel<FusedInputs, Geometry & FusedActivation> = {
  name: 'FusedDepthwiseConv2D',
  inputs: ['x', 'filter', 'bias', 'preluActivationWeights'],
  infer: ([x, filter], attributes) => {
    const { shape, dtype } = inferDepthwise('FusedDepthwiseConv2D', x, filter, attributes);
    return { shape, dtype: activatedDType(attributes, dtype) };
  },
  lower: (builder, [x, filter, bias, slope], attributes) =>
    lowerFused(
      builder,
      { bias, slope, channels: filter.shape[2] * filter.shape[3] },
      attributes,
      (early, activate) => lowerDepthwise(builder, x, filter, early, attributes, activate),
    ),
};

type InputGradientAttributes = Geometry & Pick<tf.DepthwiseConv2dNativeBackpropInputAttrs, 'inputShape'>;

const depthwiseBackpropInput: Kernel<readonly [Value, Value], InputGradientAttributes> = {
  name: 'DepthwiseConv2dNativeBackpropInput',
  inputs: ['dy', 'filter'],
  infer: ([dy, filter], attributes) => {
    const kernel = 'DepthwiseConv2dNativeBackpropInput';
    const { axes } = geometry(kernel, attributes.inputShape, filter.shape, attributes);
    requireWindows(kernel, dy.shape, 1, axes);
    return { shape: attributes.inputShape, dtype: 'float32' };
  },
  lower: (builder, [dy, filter], attributes) => {
    const kernel = 'DepthwiseConv2dNativeBackpropInput';
    const { axes } = geometry(kernel, attributes.inputShape, filter.shape, attributes);
    return computedIn(builder, 'float32', [dy, filter], 'float32', (gradient, weights) =>
      builder.channelsLast(
        convolutionInputGradient(builder, builder.channelsFirst(gradient), weights, axes, true),
      ),
    );
  },
};

type FilterGradientAttributes = Geometry & Pick<tf.DepthwiseConv2dNativeBackpropFilterAttrs, 'filterShape'>;

const depthwiseBackpropFilter: Kernel<readonly [Value, Value], FilterGradientAttributes> = {
  name: 'DepthwiseConv2dNativeBackpropFilter',
  inputs: ['x', 'dy'],
  infer: ([x, dy], attributes) => {
    const kernel = 'DepthwiseConv2dNativeBackpropFilter';
    const { axes } = geometry(kernel, x.shape, attributes.filterShape, attributes);
    requireWindows(kernel, dy.shape, 1, axes);
    return { shape: attributes.filterShape, dtype: 'float32' };
  },
  lower: (builder, [x, dy], attributes) => {
    const kernel = 'DepthwiseConv2dNativeBackpropFilter';
    const { axes } = geometry(kernel, x.shape, attributes.filterShape, attributes);
    return computedIn(builder, 'float32', [x, dy], 'float32', (image, gradient) =>
      depthwiseFilterGradient(builder, builder.channelsFirst(image), builder.channelsFirst(gradient), axes),
    );
  },
};

export const depthwiseConv2DKernels: readonly AnyKernel[] = [
  depthwiseConv2dNative,
  fusedDepthwiseConv2D,
  depthwiseBackpropInput,
  depthwiseBackpropFilter,
];
