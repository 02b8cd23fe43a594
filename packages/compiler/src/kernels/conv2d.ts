import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sameShape, type TensorType } from '../tensor-type.ts';
import { activatedDType, applyActivation, type FusedActivation } from './activation.ts';
import {
  convolutionFilterGradient,
  convolutionInputGradient,
  convolutionWeights,
  convolve,
} from './convolution.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { floats, requireDType } from './require-dtype.ts';
import { computedIn } from './stored-as.ts';
import { requireWindows, windowAxes, type WindowAxis } from './windows.ts';

/**
 * 2-D convolution, alone and fused with bias and activation, and its two gradients. tfjs stores images as NHWC and filters
 * as `[kH, kW, in, out]`; ONNX wants NCHW and `[out, in, kH, kW]`. Each kernel is lowered between transposes, which
 * `cancel-transposes` removes again wherever one kernel's end meets the next one's begin.
 */

/** Attributes of the three convolutions; tfjs has gradients for dilation 1 only, and so they carry none. */
type Geometry = Omit<tf.Conv2DAttrs, 'dilations'> & Partial<Pick<tf.Conv2DAttrs, 'dilations'>>;

/** Geometry of a convolution of an image batch of shape `[N, H, W, C]` with a filter `[kH, kW, C, O]`. */
function geometry(
  kernel: string,
  imageShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dilations, dimRoundingMode }: Geometry,
): { axes: readonly WindowAxis[]; shape: readonly number[] } {
  const info = tf.backend_util.computeConv2DInfo(
    imageShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(dataFormat),
  );
  const axes = windowAxes(kernel, info);
  const counts = axes.map(({ count }) => count);
  const { batchSize, outChannels } = info;
  const shape =
    dataFormat === 'NCHW' ? [batchSize, outChannels, ...counts] : [batchSize, ...counts, outChannels];
  return { axes, shape };
}

type Layout = Pick<tf.Conv2DAttrs, 'dataFormat'>;

/** Position of the first axis of space. */
function firstAxis({ dataFormat }: Layout): number {
  return dataFormat === 'NCHW' ? 2 : 1;
}

/** Layout of a kernel's images: how to reach NCHW and how to come back. */
function layout(builder: OnnxBuilder, { dataFormat }: Layout) {
  return dataFormat === 'NCHW'
    ? { enter: (x: Value) => x, leave: (x: Value) => x }
    : { enter: (x: Value) => builder.channelsFirst(x), leave: (x: Value) => builder.channelsLast(x) };
}

function inferConv2D(kernel: string, x: Value, filter: Value, attributes: tf.Conv2DAttrs): TensorType {
  requireDType(kernel, [x, filter], floats);
  return { shape: geometry(kernel, x.shape, filter.shape, attributes).shape, dtype: x.dtype };
}

function lowerConv2D(
  builder: OnnxBuilder,
  x: Value,
  filter: Value,
  bias: Value | null,
  attributes: tf.Conv2DAttrs,
  activate: (y: Value) => Value = (y) => y,
): Value {
  const { axes } = geometry('Conv2D', x.shape, filter.shape, attributes);
  const { enter, leave } = layout(builder, attributes);
  const weights = convolutionWeights(builder, filter, false);
  return leave(activate(convolve(builder, enter(x), weights, axes, { bias })));
}

const conv2D: Kernel<readonly [Value, Value], tf.Conv2DAttrs> = {
  name: 'Conv2D',
  inputs: ['x', 'filter'],
  infer: ([x, filter], attributes) => inferConv2D('Conv2D', x, filter, attributes),
  lower: (builder, [x, filter], attributes) => lowerConv2D(builder, x, filter, null, attributes),
};

/** Inputs of a fused convolution: image, filter, and the optional bias and slopes of a PReLU. */
export type FusedInputs = readonly [Value, Value, Value | null, Value | null];

const fusedConv2D: Kernel<FusedInputs, tf.FusedConv2DAttrs & FusedActivation> = {
  name: 'FusedConv2D',
  inputs: ['x', 'filter', 'bias', 'preluActivationWeights'],
  infer: ([x, filter], attributes) => {
    const { shape, dtype } = inferConv2D('FusedConv2D', x, filter, attributes);
    return { shape, dtype: activatedDType(attributes, dtype) };
  },
  lower: (builder, [x, filter, bias, slope], attributes) =>
    lowerFused(
      builder,
      { bias, slope, channels: filter.shape[3] },
      attributes,
      (early, activate) => lowerConv2D(builder, x, filter, early, attributes, activate),
      (channels) => byChannel(builder, channels, attributes),
    ),
};

/**
 * A fused convolution: `convolve(bias, activate)` is asked to add the bias and apply the activation where the channels
 * stand first. A bias that is not by channel waits for tfjs's layout, as the slopes of a PReLU do.
 */
export function lowerFused(
  builder: OnnxBuilder,
  { bias, slope, channels }: { bias: Value | null; slope: Value | null; channels: number },
  attributes: FusedActivation,
  convolve: (bias: Value | null, activate?: (y: Value) => Value) => Value,
  align: (slope: Value) => Value = (values) => values,
): Value {
  const late = bias !== null && !sameShape(bias.shape, [channels]);
  if (late || attributes.activation === 'prelu') {
    const y = convolve(late ? null : bias);
    const sum = late ? builder.binary('Add', y, bias) : y;
    return applyActivation(builder, sum, attributes, slope && align(slope));
  }
  return convolve(bias, (y) => applyActivation(builder, y, attributes, null));
}

/** Slopes `[C]` of a PReLU, aligned with the channels of an image in the kernel's layout. */
function byChannel(builder: OnnxBuilder, slope: Value, { dataFormat }: Layout): Value {
  const isVector = slope.shape.length === 1 && slope.shape[0] !== 1;
  return dataFormat === 'NCHW' && isVector ? builder.reshape(slope, [slope.shape[0], 1, 1]) : slope;
}

const conv2DBackpropInput: Kernel<readonly [Value, Value], tf.Conv2DBackpropInputAttrs> = {
  name: 'Conv2DBackpropInput',
  inputs: ['dy', 'filter'],
  infer: ([dy, filter], attributes) => {
    const { inputShape } = attributes;
    const { axes } = geometry('Conv2DBackpropInput', inputShape, filter.shape, attributes);
    requireWindows('Conv2DBackpropInput', dy.shape, firstAxis(attributes), axes);
    return { shape: inputShape, dtype: 'float32' };
  },
  lower: (builder, [dy, filter], attributes) => {
    const { axes } = geometry('Conv2DBackpropInput', attributes.inputShape, filter.shape, attributes);
    const { enter, leave } = layout(builder, attributes);
    return computedIn(builder, 'float32', [dy, filter], 'float32', (gradient, weights) =>
      leave(convolutionInputGradient(builder, enter(gradient), weights, axes, false)),
    );
  },
};

const conv2DBackpropFilter: Kernel<readonly [Value, Value], tf.Conv2DBackpropFilterAttrs> = {
  name: 'Conv2DBackpropFilter',
  inputs: ['x', 'dy'],
  infer: ([x, dy], attributes) => {
    const { filterShape } = attributes;
    const { axes } = geometry('Conv2DBackpropFilter', x.shape, filterShape, attributes);
    requireWindows('Conv2DBackpropFilter', dy.shape, firstAxis(attributes), axes);
    return { shape: filterShape, dtype: 'float32' };
  },
  lower: (builder, [x, dy], attributes) => {
    const { axes } = geometry('Conv2DBackpropFilter', x.shape, attributes.filterShape, attributes);
    const last = (value: Value): Value =>
      attributes.dataFormat === 'NCHW' ? builder.channelsLast(value) : value;
    return computedIn(builder, 'float32', [x, dy], 'float32', (image, gradient) =>
      convolutionFilterGradient(builder, last(image), last(gradient), axes),
    );
  },
};

export const conv2DKernels: readonly AnyKernel[] = [
  conv2D,
  fusedConv2D,
  conv2DBackpropInput,
  conv2DBackpropFilter,
];
