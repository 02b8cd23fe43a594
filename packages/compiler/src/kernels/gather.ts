import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s, rowNumbers, withoutNegative } from './rows.ts';
import { tensorInfo } from './tensor-info.ts';

/** Picking rows by number. A number outside fails the run, as it does in tfjs `cpu`. */

function gatherInfo(x: Value, indices: Value, { axis, batchDims }: tf.GatherV2Attrs) {
  const along = tf.util.parseAxisParam(axis, [...x.shape])[0];
  const { segment_util } = tf.backend_util;
  const info = segment_util.collectGatherOpShapeInfo(tensorInfo(x), tensorInfo(indices), along, batchDims);
  return { along, ...info };
}

/** Rows `indices` of `x` along `axis`; each batch, that is an index into the first `batchDims` axes, has its own. */
const gather: Kernel<readonly [Value, Value], tf.GatherV2Attrs> = {
  name: 'GatherV2',
  inputs: ['x', 'indices'],
  infer: ([x, indices], attributes) => ({
    shape: gatherInfo(x, indices, attributes).outputShape,
    dtype: x.dtype,
  }),
  lower: (builder, [x, indices], attributes, [type]) => {
    const { along, batchSize, outerSize, dimSize, sliceSize } = gatherInfo(x, indices, attributes);
    if (attributes.batchDims === 0) {
      return builder.node('Gather', [x, belowAll(builder, indices, dimSize)], type, { axis: along });
    }
    // By a name of its own, as an error's index and range are here no longer those of the caller.
    builder.kernel = 'GatherV2 by batches';
    const count = batchSize * outerSize * dimSize;
    const perBatch = builder.reshape(indices, [batchSize, 1, sizeOf(indices.shape) / batchSize]);
    const firsts = [...Array(batchSize * outerSize).keys()].map((block) => block * dimSize);
    const first = int32s(builder, firsts, [batchSize, outerSize, 1]);
    const outside = builder.compare(
      'Or',
      builder.compare('Less', perBatch, builder.scalar(0, 'int32')),
      builder.compare('GreaterOrEqual', perBatch, builder.scalar(dimSize, 'int32')),
    );
    const rows = builder.where(
      outside,
      builder.scalar(count, 'int32'),
      builder.binary('Add', perBatch, first),
    );
    return gatherRows(builder, builder.reshape(x, [count, sliceSize]), rows, type.shape);
  },
};

/**
 * Indices among `size` from which a negative one is moved down by `size`, where ONNX, which counts it from the end, has no
 * row either. What onnxruntime says, -5 not in [-4, 3], still tells the index, -1.
 */
function belowAll(builder: OnnxBuilder, indices: Value, size: number): Value {
  const negative = builder.compare('Less', indices, builder.scalar(0, indices.dtype));
  const moved = builder.binary('Sub', indices, builder.scalar(size, indices.dtype));
  return builder.where(negative, moved, indices);
}

/** Rows of a matrix, in any shape. */
function gatherRows(builder: OnnxBuilder, matrix: Value, rows: Value, shape: readonly number[]): Value {
  const type = { shape: [...rows.shape, matrix.shape[1]], dtype: matrix.dtype };
  return builder.reshape(builder.node('Gather', [matrix, rows], type, { axis: 0 }), shape);
}

function gatherNdInfo(params: Value, indices: Value) {
  const { prepareAndValidate } = tf.backend_util;
  const [shape, , width, strides] = prepareAndValidate(tensorInfo(params), tensorInfo(indices));
  return { shape, width, strides };
}

/** Slices of `params` at positions `indices[..., :]` along its first axes. */
const gatherNd: Kernel<readonly [Value, Value]> = {
  name: 'GatherNd',
  inputs: ['params', 'indices'],
  infer: ([params, indices]) => ({ shape: gatherNdInfo(params, indices).shape, dtype: params.dtype }),
  lower: (builder, [params, indices], _, [type]) => {
    const { width, strides } = gatherNdInfo(params, indices);
    const size = sizeOf(params.shape) / width;
    const rows = withoutNegative(builder, rowNumbers(builder, indices, strides), size);
    return gatherRows(builder, builder.reshape(params, [size, width]), rows, type.shape);
  },
};

export const gatherKernels: readonly AnyKernel[] = [gather, gatherNd];
