import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { floats, requireDType } from './require-dtype.ts';
import { requireWindows } from './require-windows.ts';

/**
 * Maximum pooling of NHWC images and its gradient. Where several positions of a window share the maximum, the gradient
 * goes to the first in row-major order, as in tfjs `cpu`. What differs are windows with NaN, which tfjs passes over and
 * a runtime may give as the maximum, and windows of nothing but -∞, which are finite to onnxruntime.
 *
 * ONNX: https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */

type Conv2DInfo = tf.backend_util.Conv2DInfo;

function geometry(shape: readonly number[], attributes: tf.MaxPoolAttrs): Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { top, bottom, left, right } = info.padInfo;
  if (Math.max(top, bottom) >= info.filterHeight || Math.max(left, right) >= info.filterWidth) {
    throw new RangeError(
      `Cannot trace kernel "MaxPool": its padding must be smaller than its window of ${info.filterHeight}×${info.filterWidth}, ` +
        `got ${top}, ${bottom}, ${left} and ${right} (top, bottom, left, right).`,
    );
  }
  return requireWindows('MaxPool', info);
}

function poolAttributes(info: Conv2DInfo) {
  const { top, left, bottom, right } = info.padInfo;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
  };
}

function pooledShape(info: Conv2DInfo): number[] {
  return [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
}

const maxPool: Kernel<readonly [Value], tf.MaxPoolAttrs> = {
  name: 'MaxPool',
  inputs: ['x'],
  infer: ([x], attributes) => {
    requireDType('MaxPool', [x], floats);
    return { shape: geometry(x.shape, attributes).outShape, dtype: x.dtype };
  },
  lower: (builder, [x], attributes) => {
    const info = geometry(x.shape, attributes);
    const type = { shape: pooledShape(info), dtype: x.dtype };
    return builder.channelsLast(
      builder.node('MaxPool', [builder.channelsFirst(x)], type, poolAttributes(info)),
    );
  },
};

const maxPoolGrad: Kernel<readonly [Value, Value, Value], tf.MaxPoolGradAttrs> = {
  name: 'MaxPoolGrad',
  inputs: ['dy', 'input', 'output'],
  infer: ([, input]) => input,
  lower: (builder, [dy, input, output], attributes) => {
    const info = geometry(input.shape, attributes);
    return tilesExactly(info)
      ? gradientByPhases(builder, dy, input, output, info)
      : gradientByPositions(builder, dy, input, info);
  },
};

/** Whether the windows cover the image side by side, without overlap, gap or padding. */
function tilesExactly(info: Conv2DInfo): boolean {
  return (
    info.filterHeight === info.filterWidth &&
    info.strideHeight === info.filterHeight &&
    info.strideWidth === info.filterWidth &&
    info.outHeight * info.strideHeight === info.inHeight &&
    info.outWidth * info.strideWidth === info.inWidth
  );
}

/**
 * Windows side by side: a phase is the image of one position of all windows. The gradient still unclaimed passes from
 * phase to phase, and stays with the first that is not less than the maximum.
 */
function gradientByPhases(
  builder: OnnxBuilder,
  dy: Value,
  input: Value,
  output: Value,
  info: Conv2DInfo,
): Value {
  const size = info.filterHeight;
  const x = builder.channelsFirst(input);
  const maximum = builder.channelsFirst(output);
  const claimed: Value[] = [];
  let rest = builder.channelsFirst(dy);
  for (let position = 0; position < size * size; position++) {
    if (position === size * size - 1) {
      claimed.push(rest);
      break;
    }
    const start = [Math.floor(position / size), position % size];
    const phase = builder.slice(x, [2, 3], start, [info.inHeight, info.inWidth], [size, size]);
    const passedOn = builder.cast(builder.compare('Less', phase, maximum), dy.dtype);
    const next = builder.binary('Mul', rest, passedOn);
    claimed.push(builder.binary('Sub', rest, next));
    rest = next;
  }
  const stacked = builder.concat(claimed, 1);
  const gradient = builder.node('DepthToSpace', [stacked], x, { blocksize: size, mode: 'DCR' });
  return builder.channelsLast(gradient);
}

/** Any other geometry: MaxPool tells where each maximum stood, and the gradient is added up there. */
function gradientByPositions(builder: OnnxBuilder, dy: Value, input: Value, info: Conv2DInfo): Value {
  const x = builder.channelsFirst(input);
  const shape = pooledShape(info);
  const [, positions] = builder.nodeWithOutputs(
    'MaxPool',
    [x],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' },
    ],
    poolAttributes(info),
  );
  const zeros = builder.expand(builder.scalar(0, dy.dtype), [sizeOf(x.shape)]);
  const flat = [sizeOf(shape)];
  const inputs = [zeros, builder.reshape(positions, flat), builder.reshape(builder.channelsFirst(dy), flat)];
  const sums = builder.node('ScatterElements', inputs, zeros, { axis: 0, reduction: 'add' });
  return builder.channelsLast(builder.reshape(sums, x.shape));
}

export const maxPoolKernels: readonly AnyKernel[] = [maxPool, maxPoolGrad];
