import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** `exp(x) / Σ exp(x)` along any axis, in float32 whatever the operand's dtype; tfjs `cpu` takes the last axis only. */
const softmax: Kernel<readonly [Value], tf.SoftmaxAttrs> = {
  name: 'Softmax',
  inputs: ['logits'],
  infer: ([logits]) => ({ shape: logits.shape, dtype: 'float32' }),
  lower: (builder, [logits], { dim }) =>
    builder.unary('Softmax', builder.cast(logits, 'float32'), { axis: axisOf(logits, dim) }),
};

function axisOf(logits: Value, axis: number): number {
  return axis < 0 ? logits.shape.length + axis : axis;
}

export const softmaxKernels: readonly AnyKernel[] = [softmax];
