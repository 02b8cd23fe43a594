import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { broadcastShape, sameShape } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { storedAs } from './stored-as.ts';

type BatchNormInputs = readonly [
  x: Value,
  scale: Value | null,
  offset: Value | null,
  mean: Value,
  variance: Value,
];

/**
 * `scale·(x - mean) / √(variance + ε) + offset` for `x: [N, H, W, C]`, with the statistics `[C]` or of the rank of `x`.
 * Computed as `x·a + b`, with `a` and `b` of the statistics' shape: two passes over `x`, which a runtime may merge with the
 * convolution before. Not as ONNX's BatchNormalization, which would turn the layout.
 */
const fusedBatchNorm: Kernel<BatchNormInputs, Partial<tf.FusedBatchNormAttrs>> = {
  name: 'FusedBatchNorm',
  inputs: ['x', 'scale', 'offset', 'mean', 'variance'],
  infer: ([x, ...statistics]) => {
    for (const statistic of statistics) {
      if (statistic === null || sameShape(broadcastShape(x.shape, statistic.shape), x.shape)) continue;
      throw new TypeError(
        `Cannot normalize [${x.shape.join(',')}] by [${statistic.shape.join(',')}]: mean, variance, offset and scale must broadcast to the shape of x; reshape them first.`,
      );
    }
    return x;
  },
  lower: (builder, [x, ...statistics], { varianceEpsilon }) => {
    const [scale, offset, mean, variance] = statistics.map((value) =>
      value === null ? null : builder.cast(value, 'float32'),
    );
    const epsilon = builder.scalar(varianceEpsilon ?? 0.001, 'float32');
    const deviation = builder.unary('Sqrt', builder.binary('Add', variance!, epsilon));
    const a =
      scale === null ? builder.unary('Reciprocal', deviation) : builder.binary('Div', scale, deviation);
    const shift = builder.binary('Mul', mean!, a);
    const b = offset === null ? builder.unary('Neg', shift) : builder.binary('Sub', offset, shift);
    const scaled = builder.binary('Mul', builder.cast(x, 'float32'), a);
    return storedAs(builder, builder.binary('Add', scaled, b), x.dtype);
  },
};

export const batchNormKernels: readonly AnyKernel[] = [fusedBatchNorm];
