import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

const softmax: Kernel<readonly [Value], tf.SoftmaxAttrs> = {
  name: 'Softmax',
  inputs: ['logits'],
  infer: ([logits]) => logits,
  lower: (builder, [logits], { dim }) => builder.unary('Softmax', logits, { axis: axisOf(logits, dim) }),
};

function axisOf(logits: Value, axis: number): number {
  return axis < 0 ? logits.shape.length + axis : axis;
}

export const softmaxKernels: readonly AnyKernel[] = [softmax];
