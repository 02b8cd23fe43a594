import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { storedAs } from './stored-as.ts';

/**
 * Local response normalization (A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional
 * neural networks", 2012): `y = x·(bias + α·Σ x²)^-β`, where the sum goes over the channels at most `depthRadius` away. Not
 * as ONNX's LRN, whose parameters onnxruntime wants to be positive, and whose gradient takes the sum anyway.
 */

/** Sum over the channels at most `radius` away, those before the first and after the last counting as 0. */
function sumOfNeighbours(builder: OnnxBuilder, x: Value, radius: number): Value {
  if (sizeOf(x.shape) === 0) return x;
  const channels = x.shape[x.shape.length - 1];
  const reach = Math.min(radius, channels - 1);
  const rows = builder.reshape(x, [1, 1, sizeOf(x.shape) / channels, channels]);
  const window = [1, 1, 1, 2 * reach + 1];
  const ones = builder.constant(new Float32Array(sizeOf(window)).fill(1), {
    shape: window,
    dtype: 'float32',
  });
  return builder.reshape(builder.node('Conv', [rows, ones], rows, { pads: [0, reach, 0, reach] }), x.shape);
}

/** `bias + α·Σ x²`. */
function norm(
  builder: OnnxBuilder,
  x: Value,
  { depthRadius, bias, alpha }: Pick<tf.LRNAttrs, 'depthRadius' | 'bias' | 'alpha'>,
): Value {
  const squares = sumOfNeighbours(builder, builder.binary('Mul', x, x), depthRadius);
  const scaled = builder.binary('Mul', squares, builder.scalar(alpha, 'float32'));
  return builder.binary('Add', scaled, builder.scalar(bias, 'float32'));
}

function power(builder: OnnxBuilder, x: Value, exponent: number): Value {
  return builder.binary('Pow', x, builder.scalar(exponent, 'float32'));
}

const lrn: Kernel<readonly [Value], tf.LRNAttrs> = {
  name: 'LRN',
  inputs: ['x'],
  infer: ([x]) => x,
  lower: (builder, [input], attributes) => {
    const x = builder.cast(input, 'float32');
    const factor = power(builder, norm(builder, x, attributes), -attributes.beta);
    return storedAs(builder, builder.binary('Mul', x, factor), input.dtype);
  },
};

/** `dy·n^-β - 2αβ·x·Σ (dy·y/n)`, with `n` the norm and the sum over the same channels as there. */
const lrnGrad: Kernel<readonly [Value, Value, Value], tf.LRNGradAttrs> = {
  name: 'LRNGrad',
  inputs: ['x', 'y', 'dy'],
  infer: ([x, , dy]) => ({ shape: dy.shape, dtype: x.dtype }),
  lower: (builder, [input, output, slope], attributes) => {
    const [x, y, dy] = [input, output, slope].map((value) => builder.cast(value, 'float32'));
    const { alpha, beta, depthRadius } = attributes;
    const n = norm(builder, x, attributes);
    const own = builder.binary('Mul', dy, power(builder, n, -beta));
    const shares = builder.binary('Div', builder.binary('Mul', dy, y), n);
    const others = builder.binary('Mul', x, sumOfNeighbours(builder, shares, depthRadius));
    const scaled = builder.binary('Mul', others, builder.scalar(2 * alpha * beta, 'float32'));
    return storedAs(builder, builder.binary('Sub', own, scaled), input.dtype);
  },
};

export const lrnKernels: readonly AnyKernel[] = [lrn, lrnGrad];
