import type { Value } from '../graph.ts';
import { formatType, type DType } from '../tensor-type.ts';

/** Element types that most of ONNX's arithmetic is defined on. */
export const numbers: readonly DType[] = ['float32', 'int32'];

/** The element type that ONNX's transcendental functions are defined on. */
export const floats: readonly DType[] = ['float32'];

/**
 * Refuses operands that ONNX has no operator for, so that the error names the kernel and not a node of a finished model.
 * @throws TypeError when an operand's dtype is not one of `allowed`.
 */
export function requireDType(kernel: string, operands: readonly Value[], allowed: readonly DType[]): void {
  for (const operand of operands) {
    if (allowed.includes(operand.dtype)) continue;
    throw new TypeError(
      `Cannot trace kernel "${kernel}" on ${formatType(operand)}: ONNX computes it on ${allowed.join(' or ')}, ` +
        `not on ${operand.dtype}; convert the operand with tf.cast first.`,
    );
  }
}
