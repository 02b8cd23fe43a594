import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sameShape, type TensorType } from '../tensor-type.ts';
import { applyActivation, type FusedActivation } from './activation.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { requireWindows } from './require-windows.ts';

/**
 * 2-D convolution and its two gradients. tfjs stores images as NHWC and filters as `[kH, kW, in, out]`; ONNX wants NCHW
 * and `[out, in, kH, kW]`. Each kernel is lowered between transposes, which `cancel-transposes` removes again wherever
 * one kernel's end meets the next one's begin.
 *
 * ONNX: https://onnx.ai/onnx/operators/onnx__Conv.html, https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */

type Conv2DInfo = tf.backend_util.Conv2DInfo;

/** Attributes of the three convolutions; tfjs has gradients for dilation 1 only, and so they carry none. */
type Geometry = Omit<tf.Conv2DAttrs, 'dilations'> & Partial<Pick<tf.Conv2DAttrs, 'dilations'>>;

/** Geometry of a convolution of an image batch of shape `[N, H, W, C]` with a filter `[kH, kW, C, O]`. */
function geometry(
  imageShape: readonly number[],
  filterShape: readonly number[],
  attributes: Geometry,
): Conv2DInfo {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attributes;
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
  return requireWindows('Conv2D', info);
}

function convAttributes(info: Conv2DInfo) {
  const { top, left, bottom, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
  };
}

/** Layout of a kernel's images: how to reach NCHW and how to come back. */
function layout(builder: OnnxBuilder, { dataFormat }: tf.Conv2DAttrs) {
  return dataFormat === 'NCHW'
    ? { enter: (x: Value) => x, leave: (x: Value) => x }
    : { enter: (x: Value) => builder.channelsFirst(x), leave: (x: Value) => builder.channelsLast(x) };
}

function inferConv2D(x: Value, filter: Value, attributes: tf.Conv2DAttrs): TensorType {
  return { shape: geometry(x.shape, filter.shape, attributes).outShape, dtype: x.dtype };
}

function lowerConv2D(
  builder: OnnxBuilder,
  x: Value,
  filter: Value,
  bias: Value | null,
  attributes: tf.Conv2DAttrs,
  activate: (y: Value) => Value = (y) => y,
): Value {
  const info = geometry(x.shape, filter.shape, attributes);
  const { enter, leave } = layout(builder, attributes);
  const weights = builder.transpose(filter, [3, 2, 0, 1]);
  const inputs = bias === null ? [enter(x), weights] : [enter(x), weights, bias];
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  return leave(activate(builder.node('Conv', inputs, { shape, dtype: x.dtype }, convAttributes(info))));
}

const conv2D: Kernel<readonly [Value, Value], tf.Conv2DAttrs> = {
  name: 'Conv2D',
  inputs: ['x', 'filter'],
  infer: ([x, filter], attributes) => inferConv2D(x, filter, attributes),
  lower: (builder, [x, filter], attributes) => lowerConv2D(builder, x, filter, null, attributes),
};

type FusedInputs = readonly [Value, Value, Value | null, Value | null];

const fusedConv2D: Kernel<FusedInputs, tf.FusedConv2DAttrs & FusedActivation> = {
  name: 'FusedConv2D',
  inputs: ['x', 'filter', 'bias', 'preluActivationWeights'],
  infer: ([x, filter], attributes) => inferConv2D(x, filter, attributes),
  lower: (builder, [x, filter, bias, slope], attributes) => {
    // ONNX adds a bias by channel. One of another shape waits for tfjs's layout, as the slopes of a PReLU do.
    const late = bias !== null && !sameShape(bias.shape, filter.shape.slice(3));
    if (late || attributes.activation === 'prelu') {
      const y = lowerConv2D(builder, x, filter, late ? null : bias, attributes);
      const sum = late ? builder.binary('Add', y, bias) : y;
      return applyActivation(builder, sum, attributes, slope && byChannel(builder, slope, attributes));
    }
    return lowerConv2D(builder, x, filter, bias, attributes, (y) =>
      applyActivation(builder, y, attributes, null),
    );
  },
};

/** Slopes `[C]` of a PReLU, aligned with the channels of an image in the kernel's layout. */
function byChannel(builder: OnnxBuilder, slope: Value, { dataFormat }: tf.Conv2DAttrs): Value {
  const isVector = slope.shape.length === 1 && slope.shape[0] !== 1;
  return dataFormat === 'NCHW' && isVector ? builder.reshape(slope, [slope.shape[0], 1, 1]) : slope;
}

interface InputGradientAttributes extends tf.Conv2DAttrs {
  inputShape: [number, number, number, number];
}

/** Gradient by the image: with stride 1 a convolution with the filter reversed in space, otherwise ConvTranspose. */
const conv2DBackpropInput: Kernel<readonly [Value, Value], InputGradientAttributes> = {
  name: 'Conv2DBackpropInput',
  inputs: ['dy', 'filter'],
  infer: ([dy], { inputShape }) => ({ shape: inputShape, dtype: dy.dtype }),
  lower: (builder, [dy, filter], attributes) => {
    const info = geometry(attributes.inputShape, filter.shape, attributes);
    const { enter, leave } = layout(builder, attributes);
    const type = { shape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth], dtype: dy.dtype };
    const { top, left, bottom, right } = info.padInfo;
    const reachesImage =
      Math.max(top, bottom) < info.filterHeight && Math.max(left, right) < info.filterWidth;
    if (info.strideHeight === 1 && info.strideWidth === 1 && reachesImage) {
      // Whatever of the input the window never reached has gradient 0, which the far padding gives.
      const before = [info.filterHeight - 1 - top, info.filterWidth - 1 - left] as const;
      const after = [
        info.inHeight - info.outHeight + info.filterHeight - 1 - before[0],
        info.inWidth - info.outWidth + info.filterWidth - 1 - before[1],
      ] as const;
      const weights = builder.transpose(reverseSpatially(builder, filter), [2, 3, 0, 1]);
      return leave(builder.node('Conv', [enter(dy), weights], type, { pads: [...before, ...after] }));
    }
    const reach = [
      (info.outHeight - 1) * info.strideHeight + info.filterHeight - top,
      (info.outWidth - 1) * info.strideWidth + info.filterWidth - left,
    ] as const;
    // ConvTranspose makes `reach` rows and crops or extends them to the image's size.
    const crop = [Math.max(0, reach[0] - info.inHeight), Math.max(0, reach[1] - info.inWidth)];
    const extend = [Math.max(0, info.inHeight - reach[0]), Math.max(0, info.inWidth - reach[1])] as const;
    const shape = [type.shape[0], type.shape[1], info.inHeight - extend[0], info.inWidth - extend[1]];
    const gradient = builder.node(
      'ConvTranspose',
      [enter(dy), builder.transpose(filter, [3, 2, 0, 1])],
      { shape, dtype: dy.dtype },
      { strides: [info.strideHeight, info.strideWidth], pads: [top, left, ...crop] },
    );
    return leave(builder.pad(gradient, [0, 0, 0, 0], [0, 0, ...extend]));
  },
};

/** Reverses the two spatial axes of a filter `[kH, kW, in, out]`. */
function reverseSpatially(builder: OnnxBuilder, filter: Value): Value {
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  const flat = builder.reshape(filter, [height * width, inputs, outputs]);
  const order = builder.int64s([...Array(height * width).keys()].reverse());
  return builder.reshape(builder.node('Gather', [flat, order], flat, { axis: 0 }), filter.shape);
}

interface FilterGradientAttributes extends tf.Conv2DAttrs {
  filterShape: [number, number, number, number];
}

/**
 * Gradient by the filter: one matrix product of the image's patches with `dy`. For every place of the filter's window
 * the rows it saw are sliced from the padded image; side by side they are the patches `[N·oH·oW, kH·kW·in]`, and
 * `patchesᵀ · dy` is the gradient in tfjs's own layout.
 */
const conv2DBackpropFilter: Kernel<readonly [Value, Value], FilterGradientAttributes> = {
  name: 'Conv2DBackpropFilter',
  inputs: ['x', 'dy'],
  infer: ([x], { filterShape }) => ({ shape: filterShape, dtype: x.dtype }),
  lower: (builder, [x, dy], attributes) => {
    const info = geometry(x.shape, attributes.filterShape, attributes);
    const last = (value: Value): Value =>
      attributes.dataFormat === 'NCHW' ? builder.channelsLast(value) : value;
    const { top, left, bottom, right } = info.padInfo;
    const padded = builder.pad(last(x), [0, top, left, 0], [0, bottom, right, 0]);
    const windows: Value[] = [];
    for (let row = 0; row < info.filterHeight; row++) {
      for (let column = 0; column < info.filterWidth; column++) {
        windows.push(
          builder.slice(
            padded,
            [1, 2],
            [row, column],
            [
              row + (info.outHeight - 1) * info.strideHeight + 1,
              column + (info.outWidth - 1) * info.strideWidth + 1,
            ],
            [info.strideHeight, info.strideWidth],
          ),
        );
      }
    }
    const rows = info.batchSize * info.outHeight * info.outWidth;
    const columns = info.filterHeight * info.filterWidth * info.inChannels;
    const patches = builder.reshape(builder.concat(windows, 3), [rows, columns]);
    const gradient = builder.gemm(patches, builder.reshape(last(dy), [rows, info.outChannels]), {
      transposeA: true,
    });
    return builder.reshape(gradient, attributes.filterShape);
  },
};

export const conv2DKernels: readonly AnyKernel[] = [
  conv2D,
  fusedConv2D,
  conv2DBackpropInput,
  conv2DBackpropFilter,
];
