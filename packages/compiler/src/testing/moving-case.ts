import type * as tf from '@tensorflow/tfjs';
import { notReal } from './gradient-reasons.ts';
import type { GradientCheck, KernelCase } from './kernel-case.ts';

/** Every dtype of tfjs that graphs hold. */
export const dtypes = ['float32', 'int32', 'bool'] as const;

/**
 * A row for each dtype of a kernel that moves elements, all of them in the same way, and computes nothing.
 * @param gradient of the float32 row, where the usual checks make no sense.
 */
export function moving(
  name: string,
  covers: readonly string[],
  shape: readonly number[],
  fn: (x: tf.Tensor) => tf.Tensor,
  gradient?: GradientCheck,
): KernelCase[] {
  return dtypes.map((dtype) => ({
    name: dtype === 'float32' ? name : `${name}, ${dtype}`,
    covers,
    inputs: { x: { shape, dtype } },
    fn: ({ x }) => fn(x),
    tolerance: 'exact',
    ...(dtype === 'float32' ? { also: [{ x: [NaN, -0, Infinity] }] } : {}),
    ...(dtype === 'float32' ? gradient && { gradient } : { gradient: notReal }),
  }));
}
