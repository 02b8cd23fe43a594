import type * as tf from '@tensorflow/tfjs';
import type { Attributes, Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf, type TensorType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s } from './rows.ts';
import { imageShape, type Image } from './sample.ts';

/**
 * Images `[batch, height, width, channels]` in another size, and the gradients. ONNX:
 * https://onnx.ai/onnx/operators/onnx__Resize.html. What has an operator of its own is lowered in NCHW, so that the
 * layout changes cancel between convolutions.
 */

function resized(images: Value, [height, width]: readonly [number, number]): number[] {
  const [batch, , , channels] = imageShape(images);
  return [batch, height, width, channels];
}

/** How the centers of pixels lie on those of the other image; both may not be set, which tfjs sees to. */
interface Centers {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** How far apart, in pixels of the input, neighbouring pixels of the output lie along an axis. */
function stepOf(from: number, to: number, { alignCorners }: Centers): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

/** ONNX's Resize by factors, since sizes would name that of the batch, which may be open. */
function resize(builder: OnnxBuilder, images: Value, shape: readonly number[], mode: Attributes): Value {
  // onnxruntime's Resize divides by the number of elements.
  if (sizeOf(shape) === 0) return builder.expand(builder.scalar(0, images.dtype), shape);
  const [batch, oldHeight, oldWidth, channels] = imageShape(images);
  const [, height, width] = shape as unknown as Image;
  const factors = Float32Array.of(1, 1, factor(oldHeight, height), factor(oldWidth, width));
  const scales = builder.constant(factors, { shape: [4], dtype: 'float32' });
  const type = { shape: [batch, channels, height, width], dtype: images.dtype };
  const inputs = [builder.channelsFirst(images), null, scales];
  return builder.channelsLast(builder.node('Resize', inputs, type, mode));
}

/**
 * The smallest float32 that is at least `to / from`, so that `from` times it, rounded down, is `to` in float32 and in
 * float64: onnxruntime-node computes sizes in the one and onnxruntime-web in the other.
 */
function factor(from: number, to: number): number {
  const nearest = Math.fround(to / from);
  return nearest * from < to ? Math.fround(nearest * (1 + 3 * 2 ** -25)) : nearest;
}

const resizeBilinear: Kernel<readonly [Value], tf.ResizeBilinearAttrs> = {
  name: 'ResizeBilinear',
  inputs: ['images'],
  infer: ([images], { size }) => ({ shape: resized(images, size), dtype: 'float32' }),
  lower: (builder, [images], { alignCorners, halfPixelCenters }, [{ shape }]) => {
    const unaligned = halfPixelCenters ? 'half_pixel' : 'asymmetric';
    return resize(builder, builder.cast(images, 'float32'), shape, {
      mode: 'linear',
      coordinate_transformation_mode: alignCorners ? 'align_corners' : unaligned,
    });
  },
};

/** Whether every pixel becomes a block of so-many equal ones, as upSampling2d makes it. */
function isRepetition(small: Value, large: TensorType, { alignCorners }: Centers): boolean {
  const [, oldHeight, oldWidth] = imageShape(small);
  const [, height, width] = imageShape(large);
  return !alignCorners && height % oldHeight === 0 && width % oldWidth === 0;
}

/** Which pixel each pixel of the output is a copy of, along an axis. */
function nearestSources(from: number, to: number, centers: Centers): number[] {
  const step = stepOf(from, to, centers);
  return Array.from({ length: to }, (_, i) => {
    const place = step * (centers.halfPixelCenters ? i + 0.5 : i);
    return Math.min(from - 1, centers.alignCorners ? Math.round(place) : Math.floor(place));
  });
}

const resizeNearest: Kernel<readonly [Value], tf.ResizeNearestNeighborAttrs> = {
  name: 'ResizeNearestNeighbor',
  inputs: ['images'],
  infer: ([images], { size }) => ({ shape: resized(images, size), dtype: images.dtype }),
  lower: (builder, [images], centers, [type]) => {
    if (isRepetition(images, type, centers)) {
      return resize(builder, images, type.shape, {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      });
    }
    // ONNX rounds places in float32, tfjs in float64, and either neighbour may be chosen by a hair.
    const [batch, oldHeight, oldWidth, channels] = imageShape(images);
    const [, height, width] = imageShape(type);
    const rows = int32s(builder, nearestSources(oldHeight, height, centers));
    const columns = int32s(builder, nearestSources(oldWidth, width, centers));
    const tall = { shape: [batch, height, oldWidth, channels], dtype: images.dtype };
    const stretched = builder.node('Gather', [images, rows], tall, { axis: 1 });
    return builder.node('Gather', [stretched, columns], type, { axis: 2 });
  },
};

/** What a pixel of the output takes from the pixels of the input, along an axis. */
type Weights = readonly (readonly [source: number, weight: number])[];

/** Weights of linear interpolation; beyond the outermost centers, those of the outermost pixels. */
function linearWeights(from: number, to: number, centers: Centers): Weights[] {
  const step = stepOf(from, to, centers);
  return Array.from({ length: to }, (_, i) => {
    const place = centers.halfPixelCenters ? step * (i + 0.5) - 0.5 : step * i;
    const inside = Math.min(Math.max(place, 0), from - 1);
    const low = Math.floor(inside);
    return [
      [low, 1 - (inside - low)],
      [Math.ceil(inside), inside - low],
    ];
  });
}

/** A matrix `[to, from]`. */
function weightMatrix(builder: OnnxBuilder, from: number, rows: readonly Weights[]): Value {
  const data = new Float32Array(rows.length * from);
  rows.forEach((weights, i) => {
    for (const [source, weight] of weights) data[i * from + source] += weight;
  });
  return builder.constant(data, { shape: [rows.length, from], dtype: 'float32' });
}

/**
 * Resizing is linear and works on each axis by itself, `y = H·x·Wᵀ` for each channel, so its gradient is `Hᵀ·dy·W`.
 * @param dy `[batch, height, width, channels]`.
 * @param weights of an axis, from the one size to the other.
 */
function transposedResize(
  builder: OnnxBuilder,
  { images, dy, weights }: { images: Value; dy: Value; weights: (from: number, to: number) => Weights[] },
): Value {
  const [batch, oldHeight, oldWidth, channels] = imageShape(images);
  const [, height, width] = imageShape(dy);
  const rows = weightMatrix(builder, oldHeight, weights(oldHeight, height));
  const columns = weightMatrix(builder, oldWidth, weights(oldWidth, width));
  const lines = builder.reshape(builder.channelsFirst(dy), [batch * channels * height, width]);
  const narrow = builder.reshape(builder.gemm(lines, columns), [batch, channels, height, oldWidth]);
  const type: TensorType = { shape: [batch, channels, oldHeight, oldWidth], dtype: 'float32' };
  return builder.channelsLast(builder.node('MatMul', [builder.transpose(rows, [1, 0]), narrow], type));
}

/**
 * tfjs 4.22 `cpu` gives this gradient a wrong shape where height and width differ and leaves `halfPixelCenters` out of
 * account; here it is the derivative.
 */
const resizeBilinearGrad: Kernel<readonly [Value, Value], tf.ResizeBilinearGradAttrs> = {
  name: 'ResizeBilinearGrad',
  inputs: ['images', 'dy'],
  infer: ([images]) => ({ shape: images.shape, dtype: 'float32' }),
  lower: (builder, [images, dy], centers, [{ shape }]) => {
    if (sizeOf(dy.shape) === 0) return builder.expand(builder.scalar(0, 'float32'), shape);
    const weights = (from: number, to: number): Weights[] => linearWeights(from, to, centers);
    return transposedResize(builder, { images, dy, weights });
  },
};

/**
 * Each pixel gets the sum of the gradients of its copies. tfjs 4.22 `cpu` mixes up the images of a batch and leaves
 * `halfPixelCenters` out of account; here it is the derivative.
 */
const resizeNearestGrad: Kernel<readonly [Value, Value], tf.ResizeNearestNeighborGradAttrs> = {
  name: 'ResizeNearestNeighborGrad',
  inputs: ['images', 'dy'],
  infer: ([images]) => ({ shape: images.shape, dtype: 'float32' }),
  lower: (builder, [images, dy], centers, [{ shape }]) => {
    if (sizeOf(dy.shape) === 0) return builder.expand(builder.scalar(0, 'float32'), shape);
    if (!isRepetition(images, dy, centers)) {
      const weights = (from: number, to: number): Weights[] =>
        nearestSources(from, to, centers).map((source) => [[source, 1]]);
      return transposedResize(builder, { images, dy, weights });
    }
    const [batch, oldHeight, oldWidth, channels] = imageShape(images);
    const [, height, width] = imageShape(dy);
    const block = [height / oldHeight, width / oldWidth];
    const type: TensorType = { shape: [batch, channels, oldHeight, oldWidth], dtype: 'float32' };
    const attributes = { kernel_shape: block, strides: block };
    // Means and a product are three times as fast as sums over two axes of six.
    const means = builder.node('AveragePool', [builder.channelsFirst(dy)], type, attributes);
    const sums = builder.binary('Mul', means, builder.scalar(block[0] * block[1], 'float32'));
    return builder.channelsLast(sums);
  },
};

export const resizeKernels: readonly AnyKernel[] = [
  resizeBilinear,
  resizeBilinearGrad,
  resizeNearest,
  resizeNearestGrad,
];
