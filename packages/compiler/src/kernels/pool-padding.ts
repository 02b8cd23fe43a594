import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { reached, resized, type WindowAxis } from './windows.ts';

/**
 * Attributes of a pool. Where a Pad stands before a pool, onnxruntime adds its widths to the pool's own `pads`, and so makes
 * of zeros what a pool pads with; it leaves alone what says "valid" or "same".
 */
export function poolAttributes(axes: readonly WindowAxis[], pads: readonly number[]) {
  const isSame = axes.every(({ size, count, length, stride }, i) => {
    const padding = (count - 1) * stride + length - size;
    const before = Math.floor(padding / 2);
    const isHalf = pads[i] === before && pads[axes.length + i] === padding - before;
    return padding >= 0 && isHalf && count === Math.ceil(size / stride);
  });
  const padding = pads.every((size) => size === 0)
    ? { auto_pad: 'VALID' }
    : isSame
      ? { auto_pad: 'SAME_UPPER' }
      : { pads };
  return {
    kernel_shape: axes.map(({ length }) => length),
    strides: axes.map(({ stride }) => stride),
    ...padding,
  };
}

/** Whether a pool of ONNX can pad as it has to: by less than its window. */
export function canPad(axes: readonly WindowAxis[]): boolean {
  return axes.every(({ before, after, length }) => Math.max(before, after) < length);
}

/** The image cut or padded to what the windows reach, and what is left to pad for ONNX. */
export function imageOfPool(builder: OnnxBuilder, x: Value, axes: readonly WindowAxis[], fill: number) {
  if (canPad(axes)) return reached(builder, x, axes);
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => axis.after);
  return { image: resized(builder, x, 2, before, after, fill), pads: axes.flatMap(() => [0, 0]) };
}
