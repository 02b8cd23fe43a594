import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { formatType, sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { rowNumbers, scatterRows, withoutNegative } from './rows.ts';
import { tensorInfo } from './tensor-info.ts';

/** Writing slices to positions. A position outside fails the run, as it does in tfjs `cpu`. */

interface Scatter {
  readonly indices: Value;
  readonly updates: Value;
  /** What is written to, in its own shape. */
  readonly data: Value;
  readonly reduction?: 'add';
}

function scatter(builder: OnnxBuilder, { indices, updates, data, reduction }: Scatter): Value {
  const { sliceRank, sliceSize, strides, numUpdates } = shapesOf(updates, indices, data.shape);
  if (sizeOf(data.shape) === 0 || numUpdates === 0) return data;
  const size = sizeOf(data.shape) / sliceSize;
  const rows = withoutNegative(builder, rowNumbers(builder, indices, strides.slice(0, sliceRank)), size);
  const written = scatterRows(builder, {
    data: builder.reshape(data, [size, sliceSize]),
    rows,
    updates,
    ...(reduction && { reduction }),
  });
  return builder.reshape(written, data.shape);
}

function shapesOf(updates: Value, indices: Value, shape: readonly number[]) {
  return tf.backend_util.calculateShapes(tensorInfo(updates), tensorInfo(indices), [...shape]);
}

/** Sums of the slices that are written to each position of a tensor of zeros. */
const scatterNd: Kernel<readonly [Value, Value], tf.ScatterNdAttrs> = {
  name: 'ScatterNd',
  inputs: ['indices', 'updates'],
  infer: ([, updates], { shape }) => ({ shape, dtype: updates.dtype }),
  lower: (builder, [indices, updates], { shape }) => {
    const data = builder.expand(builder.scalar(0, updates.dtype), shape);
    return scatter(builder, { indices, updates, data, reduction: 'add' });
  },
};

/** A tensor in which slices are replaced; the last one counts where several have one position. */
const tensorScatterUpdate: Kernel<readonly [Value, Value, Value]> = {
  name: 'TensorScatterUpdate',
  inputs: ['tensor', 'indices', 'updates'],
  infer: ([tensor, , updates]) => {
    if (tensor.dtype === updates.dtype) return tensor;
    throw new TypeError(
      `Cannot write ${formatType(updates)} into ${formatType(tensor)}: both must have one dtype; convert with tf.cast first.`,
    );
  },
  lower: (builder, [data, indices, updates]) => scatter(builder, { indices, updates, data }),
};

/** `defaultValue` everywhere but at the positions of `sparseValues`, which is a single number or one for each. */
const sparseToDense: Kernel<readonly [Value, Value, Value], tf.SparseToDenseAttrs> = {
  name: 'SparseToDense',
  inputs: ['sparseIndices', 'sparseValues', 'defaultValue'],
  infer: ([, values], { outputShape }) => ({ shape: outputShape, dtype: values.dtype }),
  lower: (builder, [indices, values, defaultValue], { outputShape }) => {
    const { numUpdates } = shapesOf(values, indices, outputShape);
    const data = builder.expand(builder.cast(builder.reshape(defaultValue, []), values.dtype), outputShape);
    const updates = values.shape.length === 0 ? builder.expand(values, [numUpdates]) : values;
    return scatter(builder, { indices, updates, data });
  },
};

export const scatterKernels: readonly AnyKernel[] = [scatterNd, tensorScatterUpdate, sparseToDense];
