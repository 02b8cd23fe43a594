import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { TensorType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s } from './rows.ts';

/**
 * Images `[batch, height, width, channels]` in another size, and the gradients. ONNX:
 * https://onnx.ai/onnx/operators/onnx__Resize.html. It is given factors and not sizes, which would name the batch's.
 */

type Image = readonly [batch: number, height: number, width: number, channels: number];

function imageShape({ shape }: Value): Image {
  return shape as unknown as Image;
}

/** How far apart, in pixels of the input, neighbouring pixels of the output lie along an axis. */
function stepOf(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

/** Resizes in NCHW, so that the layout changes cancel between convolutions. */
function resizeByFactors(
  builder: OnnxBuilder,
  images: Value,
  { height, width, attributes }: { height: number; width: number; attributes: Record<string, string> },
): Value {
  const [batch, oldHeight, oldWidth, channels] = imageShape(images);
  const factors = Float32Array.of(1, 1, factor(oldHeight, height), factor(oldWidth, width));
  const inputs = [
    builder.channelsFirst(images),
    null,
    builder.constant(factors, { shape: [4], dtype: 'float32' }),
  ];
  const type = { shape: [batch, channels, height, width], dtype: images.dtype };
  return builder.channelsLast(builder.node('Resize', inputs, type, attributes));
}

/** The float32 next to `to / from` by which onnxruntime, in float32 and rounding down, gets from `from` to `to`. */
function factor(from: number, to: number): number {
  const nearest = Math.fround(to / from);
  return Math.floor(Math.fround(nearest * from)) < to ? Math.fround(nearest * (1 + 2 ** -23)) : nearest;
}

const resizeBilinear: Kernel<readonly [Value], tf.ResizeBilinearAttrs> = {
  name: 'ResizeBilinear',
  inputs: ['images'],
  infer: ([images], { size: [height, width] }) => {
    const [batch, , , channels] = imageShape(images);
    return { shape: [batch, height, width, channels], dtype: 'float32' };
  },
  lower: (builder, [images], { size: [height, width], alignCorners, halfPixelCenters }) => {
    const centers = halfPixelCenters ? 'half_pixel' : 'asymmetric';
    const attributes = {
      mode: 'linear',
      coordinate_transformation_mode: alignCorners ? 'align_corners' : centers,
    };
    return resizeByFactors(builder, builder.cast(images, 'float32'), { height, width, attributes });
  },
};

/** Where each pixel of the output along an axis is taken from. */
function nearestSources(
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: { alignCorners: boolean; halfPixelCenters: boolean },
): number[] {
  const step = stepOf(from, to, alignCorners);
  return Array.from({ length: to }, (_, i) => {
    const place = step * (halfPixelCenters ? i + 0.5 : i);
    return Math.min(from - 1, alignCorners ? Math.round(place) : Math.floor(place));
  });
}

/** Whether every pixel becomes a block of so-many equal ones, as upSampling2d makes it. */
function isRepetition(images: Value, height: number, width: number, alignCorners: boolean): boolean {
  const [, oldHeight, oldWidth] = imageShape(images);
  return !alignCorners && height % oldHeight === 0 && width % oldWidth === 0;
}

const resizeNearest: Kernel<readonly [Value], tf.ResizeNearestNeighborAttrs> = {
  name: 'ResizeNearestNeighbor',
  inputs: ['images'],
  infer: ([images], { size: [height, width] }) => {
    const [batch, , , channels] = imageShape(images);
    return { shape: [batch, height, width, channels], dtype: images.dtype };
  },
  lower: (builder, [images], { size: [height, width], alignCorners, halfPixelCenters }) => {
    const [batch, oldHeight, oldWidth, channels] = imageShape(images);
    if (images.dtype !== 'bool' && isRepetition(images, height, width, alignCorners)) {
      const attributes = {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      };
      return resizeByFactors(builder, images, { height, width, attributes });
    }
    // ONNX rounds places in float32, tfjs in float64, and neighbours are chosen by a hair.
    const options = { alignCorners, halfPixelCenters };
    const rows = int32s(builder, nearestSources(oldHeight, height, options));
    const columns = int32s(builder, nearestSources(oldWidth, width, options));
    const tall = { shape: [batch, height, oldWidth, channels], dtype: images.dtype };
    return builder.node(
      'Gather',
      [builder.node('Gather', [images, rows], tall, { axis: 1 }), columns],
      { shape: [batch, height, width, channels], dtype: images.dtype },
      { axis: 2 },
    );
  },
};

type Weights = readonly (readonly [source: number, weight: number])[];

/** A matrix `[to, from]` with the weights that each pixel of the output has for those of the input along an axis. */
function weightMatrix(builder: OnnxBuilder, from: number, rows: readonly Weights[]): Value {
  const data = new Float32Array(rows.length * from);
  rows.forEach((weights, i) => {
    for (const [source, weight] of weights) data[i * from + source] += weight;
  });
  return builder.constant(data, { shape: [rows.length, from], dtype: 'float32' });
}

/** Weights of linear interpolation, as tfjs has them in its gradient: without regard to `halfPixelCenters`. */
function linearWeights(from: number, to: number, alignCorners: boolean): Weights[] {
  const step = stepOf(from, to, alignCorners);
  return Array.from({ length: to }, (_, i) => {
    const place = i * step;
    const low = Math.floor(place);
    return [
      [low, 1 - (place - low)],
      [Math.min(Math.ceil(place), from - 1), place - low],
    ];
  });
}

/**
 * Resizing is linear and works on each axis by itself, `y = H·x·Wᵀ` for each channel, so its gradient is `Hᵀ·dy·W`.
 * @param dy `[batch, height, width, channels]`.
 * @param rows `H`.
 * @param columns `W`.
 */
function transposedResize(builder: OnnxBuilder, dy: Value, rows: Value, columns: Value): Value {
  const [batch, height, width, channels] = imageShape(dy);
  const oldHeight = rows.shape[1];
  const oldWidth = columns.shape[1];
  const first = builder.channelsFirst(dy);
  const flat = builder.reshape(first, [batch * channels * height, width]);
  const narrow = builder.reshape(builder.gemm(flat, columns), [batch, channels, height, oldWidth]);
  const type: TensorType = { shape: [batch, channels, oldHeight, oldWidth], dtype: 'float32' };
  return builder.channelsLast(builder.node('MatMul', [builder.transpose(rows, [1, 0]), narrow], type));
}

/** tfjs 4.22 `cpu` gives this gradient a wrong shape where height and width differ; here it is that of the images. */
const resizeBilinearGrad: Kernel<readonly [Value, Value], tf.ResizeBilinearGradAttrs> = {
  name: 'ResizeBilinearGrad',
  inputs: ['images', 'dy'],
  infer: ([images]) => ({ shape: images.shape, dtype: 'float32' }),
  lower: (builder, [images, dy], { alignCorners }) => {
    const [, oldHeight, oldWidth] = imageShape(images);
    const [, height, width] = imageShape(dy);
    const rows = weightMatrix(builder, oldHeight, linearWeights(oldHeight, height, alignCorners));
    const columns = weightMatrix(builder, oldWidth, linearWeights(oldWidth, width, alignCorners));
    return transposedResize(builder, dy, rows, columns);
  },
};

/** Each pixel gets the sum of the gradients of its copies; `halfPixelCenters` is of no account, as in tfjs. */
const resizeNearestGrad: Kernel<readonly [Value, Value], tf.ResizeNearestNeighborGradAttrs> = {
  name: 'ResizeNearestNeighborGrad',
  inputs: ['images', 'dy'],
  infer: ([images]) => images,
  lower: (builder, [images, dy], { alignCorners }) => {
    const [batch, oldHeight, oldWidth, channels] = imageShape(images);
    const [, height, width] = imageShape(dy);
    if (isRepetition(images, height, width, alignCorners)) {
      const block = [height / oldHeight, width / oldWidth];
      const means = builder.node(
        'AveragePool',
        [builder.channelsFirst(dy)],
        { shape: [batch, channels, oldHeight, oldWidth], dtype: 'float32' },
        { kernel_shape: block, strides: block },
      );
      // Three times as fast as sums over two axes of six.
      return builder.channelsLast(
        builder.binary('Mul', means, builder.scalar(block[0] * block[1], 'float32')),
      );
    }
    const options = { alignCorners, halfPixelCenters: false };
    const weights = (from: number, to: number): Value =>
      weightMatrix(
        builder,
        from,
        nearestSources(from, to, options).map((source) => [[source, 1]]),
      );
    return transposedResize(builder, dy, weights(oldHeight, height), weights(oldWidth, width));
  },
};

export const resizeKernels: readonly AnyKernel[] = [
  resizeBilinear,
  resizeBilinearGrad,
  resizeNearest,
  resizeNearestGrad,
];
