import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Blocks of space moved into the batch, and back. tfjs says how, see `getReshaped` and its siblings in `backend_util`. */

const { getPermuted, getReshaped, getReshapedPermuted, getSliceBeginCoords, getSliceSize } = tf.backend_util;

function croppedShape(x: Value, { blockShape, crops }: tf.BatchToSpaceNDAttrs) {
  const whole = getReshapedPermuted([...x.shape], blockShape, tf.util.sizeFromShape(blockShape));
  const rest = whole.slice(1 + blockShape.length);
  return { whole, shape: [...getSliceSize(whole, crops, blockShape.length), ...rest] };
}

const batchToSpace: Kernel<readonly [Value], tf.BatchToSpaceNDAttrs> = {
  name: 'BatchToSpaceND',
  inputs: ['x'],
  infer: ([x], attributes) => ({ shape: croppedShape(x, attributes).shape, dtype: x.dtype }),
  lower: (builder, [x], attributes) => {
    const { blockShape, crops } = attributes;
    const blocks = getReshaped([...x.shape], blockShape, tf.util.sizeFromShape(blockShape));
    const { whole, shape } = croppedShape(x, attributes);
    const spread = builder.transpose(
      builder.reshape(x, blocks),
      getPermuted(blocks.length, blockShape.length),
    );
    const begin = getSliceBeginCoords(crops, blockShape.length);
    const axes = [...shape.keys()].filter((axis) => shape[axis] !== whole[axis]);
    if (axes.length === 0) return builder.reshape(spread, whole);
    return builder.slice(
      builder.reshape(spread, whole),
      axes,
      axes.map((axis) => begin[axis]),
      axes.map((axis) => begin[axis] + shape[axis]),
    );
  },
};

function paddings(x: Value, { blockShape, paddings: given }: tf.SpaceToBatchNDAttrs) {
  const rest = x.shape.slice(1 + blockShape.length).map(() => [0, 0]);
  const all = [[0, 0], ...given, ...rest];
  const shape = x.shape.map((size, axis) => all[axis][0] + size + all[axis][1]);
  return { before: all.map(([before]) => before), after: all.map(([, after]) => after), shape };
}

const spaceToBatch: Kernel<readonly [Value], tf.SpaceToBatchNDAttrs> = {
  name: 'SpaceToBatchND',
  inputs: ['x'],
  infer: ([x], attributes) => {
    const { blockShape } = attributes;
    const { shape } = paddings(x, attributes);
    const blocks = tf.util.sizeFromShape(blockShape);
    return { shape: getReshapedPermuted(shape, blockShape, blocks, false), dtype: x.dtype };
  },
  lower: (builder, [x], attributes, [type]) => {
    const { blockShape } = attributes;
    const { before, after, shape } = paddings(x, attributes);
    const blocks = getReshaped(shape, blockShape, tf.util.sizeFromShape(blockShape), false);
    const moved = builder.transpose(
      builder.reshape(builder.pad(x, before, after), blocks),
      getPermuted(blocks.length, blockShape.length, false),
    );
    return builder.reshape(moved, type.shape);
  },
};

export const spaceToBatchKernels: readonly AnyKernel[] = [batchToSpace, spaceToBatch];
