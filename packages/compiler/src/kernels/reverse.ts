import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Turning axes round. */

/**
 * Elements of `x` with the order along each of `axes` turned round. An axis whose size is open may be among them, since
 * the bounds that ONNX is given count from the end.
 */
function reverseAxes(builder: OnnxBuilder, x: Value, axes: readonly number[]): Value {
  // ONNX's checker takes a backward slice of no elements to have one.
  if (axes.length === 0 || sizeOf(x.shape) === 0) return x;
  const each = (bound: number): Value => builder.int64s(axes.map(() => bound));
  // A slice that runs backwards ends before position 0, and what lies before that is clamped to it.
  const bounds = [each(-1), each(-(2 ** 31)), builder.int64s(axes), each(-1)];
  return builder.node('Slice', [x, ...bounds], x);
}

function axesOf({ shape }: Value, { dims }: tf.ReverseAttrs): number[] {
  return shape.length === 0 ? [] : tf.util.parseAxisParam(dims, [...shape]);
}

const reverse: Kernel<readonly [Value], tf.ReverseAttrs> = {
  name: 'Reverse',
  inputs: ['x'],
  infer: ([x], attributes) => {
    // Throws for axes that there are none of.
    axesOf(x, attributes);
    return x;
  },
  lower: (builder, [x], attributes) => reverseAxes(builder, x, axesOf(x, attributes)),
};

/** Images `[batch, height, width, channels]`, mirrored. */
const flipLeftRight: Kernel<readonly [Value]> = {
  name: 'FlipLeftRight',
  inputs: ['image'],
  infer: ([image]) => image,
  lower: (builder, [image]) => reverseAxes(builder, image, [2]),
};

export const reverseKernels: readonly AnyKernel[] = [reverse, flipLeftRight];
