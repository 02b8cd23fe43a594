import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { asDType, formatType, sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { tensorInfo } from './tensor-info.ts';

/** Kernels that move elements without computing on them. */

function resolveReshape(x: Value, shape: readonly number[]): number[] {
  return tf.util.inferFromImplicitShape([...shape], sizeOf(x.shape));
}

const reshape: Kernel<readonly [Value], tf.ReshapeAttrs> = {
  name: 'Reshape',
  inputs: ['x'],
  infer: ([x], { shape }) => {
    const target = resolveReshape(x, shape);
    if (sizeOf(target) !== sizeOf(x.shape)) {
      throw new TypeError(
        `Cannot reshape [${x.shape.join(',')}] to [${target.join(',')}]: both must have ${sizeOf(x.shape)} elements.`,
      );
    }
    return { shape: target, dtype: x.dtype };
  },
  lower: (builder, [x], _, [type]) => builder.reshape(x, type.shape),
};

const expandDims: Kernel<readonly [Value], tf.ExpandDimsAttrs> = {
  name: 'ExpandDims',
  inputs: ['input'],
  infer: ([x], { dim }) => {
    const rank = x.shape.length;
    if (dim < -rank - 1 || dim > rank) {
      throw new RangeError(
        `Cannot add axis ${dim} to ${formatType(x)}: it has to be in the interval [${-rank - 1}, ${rank}].`,
      );
    }
    return { shape: x.shape.toSpliced(dim < 0 ? rank + dim + 1 : dim, 0, 1), dtype: x.dtype };
  },
  lower: (builder, [x], _, [type]) => builder.reshape(x, type.shape),
};

const transpose: Kernel<readonly [Value], tf.TransposeAttrs> = {
  name: 'Transpose',
  inputs: ['x'],
  infer: ([x], { perm }) => ({ shape: perm.map((axis) => x.shape[axis]), dtype: x.dtype }),
  lower: (builder, [x], { perm }) => builder.transpose(x, perm),
};

function concatAxis(values: readonly Value[], axis: number): number {
  return tf.util.parseAxisParam(axis, [...values[0].shape])[0];
}

/** Parts one after the other; all become the dtype of the first, as in tfjs `cpu`. */
const concat: Kernel<readonly Value[], tf.ConcatAttrs> = {
  name: 'Concat',
  inputs: 'list',
  infer: (values, { axis }) => {
    const along = concatAxis(values, axis);
    const shapes = values.map(({ shape }) => [...shape]);
    tf.backend_util.assertParamsConsistent(shapes, along);
    return { shape: tf.backend_util.computeOutShape(shapes, along), dtype: values[0].dtype };
  },
  lower: (builder, values, { axis }) =>
    builder.concat(
      values.map((value) => builder.cast(value, values[0].dtype)),
      concatAxis(values, axis),
    ),
};

/** One position and one size per axis; a size of -1 is the rest of the axis. */
function sliceBounds(x: Value, { begin, size }: tf.SliceAttrs): [number[], number[]] {
  const bounds = tf.slice_util.parseSliceParams(tensorInfo(x), begin, size) as [number[], number[]];
  tf.slice_util.assertParamsValid(tensorInfo(x), ...bounds);
  return bounds;
}

const slice: Kernel<readonly [Value], tf.SliceAttrs> = {
  name: 'Slice',
  inputs: ['x'],
  infer: ([x], attributes) => ({ shape: sliceBounds(x, attributes)[1], dtype: x.dtype }),
  lower: (builder, [x], attributes) => {
    const [begin, size] = sliceBounds(x, attributes);
    // Only axes that are cut are named: an open size must not show up as a bound.
    const axes = [...x.shape.keys()].filter((axis) => size[axis] !== x.shape[axis]);
    if (axes.length === 0) return x;
    const from = axes.map((axis) => begin[axis]);
    return builder.slice(
      x,
      axes,
      from,
      from.map((start, i) => start + size[axes[i]]),
    );
  },
};

/** Start and end of each part along the axis that `split` cuts. */
function parts(x: Value, { axis, numOrSizeSplits }: tf.SplitVAttrs) {
  const along = tf.util.parseAxisParam(axis, [...x.shape])[0];
  const sizes = tf.backend_util.prepareSplitSize(tensorInfo(x), numOrSizeSplits, along);
  let end = 0;
  return { along, bounds: sizes.map((size): [number, number] => [end, (end += size)]) };
}

const split: Kernel<readonly [Value], tf.SplitVAttrs> = {
  name: 'SplitV',
  inputs: ['x'],
  infer: ([x], attributes) => {
    const { along, bounds } = parts(x, attributes);
    return bounds.map(([start, end]) => ({ shape: x.shape.with(along, end - start), dtype: x.dtype }));
  },
  lower: (builder, [x], attributes) => {
    const { along, bounds } = parts(x, attributes);
    if (bounds.length === 1) return [x];
    return bounds.map(([start, end]) => builder.slice(x, [along], [start], [end]));
  },
};

const tile: Kernel<readonly [Value], tf.TileAttrs> = {
  name: 'Tile',
  inputs: ['x'],
  infer: ([x], { reps }) => ({ shape: x.shape.map((size, axis) => size * reps[axis]), dtype: x.dtype }),
  lower: (builder, [x], { reps }, [type]) => builder.node('Tile', [x, builder.int64s(reps)], type),
};

/**
 * `onValue` where the new last axis equals the index, else `offValue`. By comparison and not by ONNX's OneHot, which
 * reads a negative index from the end where tfjs gives a row of `offValue`.
 */
const oneHot: Kernel<readonly [Value], tf.OneHotAttrs> = {
  name: 'OneHot',
  inputs: ['indices'],
  infer: ([indices], { depth, dtype }) => ({ shape: [...indices.shape, depth], dtype: asDType(dtype) }),
  lower: (builder, [indices], { depth, onValue, offValue }, [type]) => {
    const classes = builder.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      { shape: [depth], dtype: 'int32' },
    );
    const column = builder.reshape(builder.cast(indices, 'int32'), [...indices.shape, 1]);
    const hit = builder.compare('Equal', column, classes);
    if (onValue === 1 && offValue === 0) return builder.cast(hit, type.dtype);
    return builder.where(hit, builder.scalar(onValue, type.dtype), builder.scalar(offValue, type.dtype));
  },
};

export const shapeKernels: readonly AnyKernel[] = [
  reshape,
  expandDims,
  transpose,
  concat,
  slice,
  split,
  tile,
  oneHot,
];
