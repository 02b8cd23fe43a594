import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Every so-manyth element along each axis, with NumPy's rules for what is left out, as tfjs resolves them. */
function sliceInfo(x: Value, attributes: tf.StridedSliceAttrs) {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  return tf.slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
}

const stridedSlice: Kernel<readonly [Value], tf.StridedSliceAttrs> = {
  name: 'StridedSlice',
  inputs: ['x'],
  infer: ([x], attributes) => ({ shape: sliceInfo(x, attributes).finalShape, dtype: x.dtype }),
  lower: (builder, [x], attributes, [type]) => {
    // ONNX's checker takes a backward slice of no elements to have one.
    if (sizeOf(x.shape) === 0 && sizeOf(type.shape) === 0) return builder.reshape(x, type.shape);
    const { begin, end, strides } = sliceInfo(x, attributes);
    const axes = [...x.shape.keys()].filter(
      (axis) => begin[axis] !== 0 || end[axis] !== x.shape[axis] || strides[axis] !== 1,
    );
    const along = (values: readonly number[]): number[] => axes.map((axis) => values[axis]);
    const cut = axes.length === 0 ? x : builder.slice(x, axes, along(begin), along(end), along(strides));
    return builder.reshape(cut, type.shape);
  },
};

export const stridedSliceKernels: readonly AnyKernel[] = [stridedSlice];
