import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { formatType, sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { scatterRows } from './rows.ts';

/**
 * Sums of the rows of `x` that belong to each of `numSegments` segments; rows of no segment are left out. It is the
 * gradient of a gather, and so of an embedding. As in tfjs `cpu`, the result is float32 whatever `x` is. There a NaN or
 * an infinity spoils every segment, since rows are multiplied by 0 to leave them out; here it spoils its own.
 */
const unsortedSegmentSum: Kernel<readonly [Value, Value], tf.UnsortedSegmentSumAttrs> = {
  name: 'UnsortedSegmentSum',
  inputs: ['x', 'segmentIds'],
  infer: ([x, segmentIds], { numSegments }) => {
    if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== x.shape[0]) {
      throw new TypeError(
        `Cannot sum ${formatType(x)} by the segments ${formatType(segmentIds)}: there has to be one segment for each row, in one axis; reshape them first.`,
      );
    }
    return { shape: x.shape.with(0, numSegments), dtype: 'float32' };
  },
  lower: (builder, [x, segmentIds], { numSegments }, [type]) => {
    const [count] = x.shape;
    const width = sizeOf(x.shape.slice(1));
    const zeros = builder.expand(builder.scalar(0, 'float32'), [numSegments, width]);
    const zero = builder.scalar(0, 'int32');
    const inside = builder.compare(
      'And',
      builder.compare('GreaterOrEqual', segmentIds, zero),
      builder.compare('Less', segmentIds, builder.scalar(numSegments, 'int32')),
    );
    const sums = scatterRows(builder, {
      data: zeros,
      rows: builder.where(inside, segmentIds, zero),
      updates: builder.where(
        builder.reshape(inside, [count, 1]),
        builder.reshape(builder.cast(x, 'float32'), [count, width]),
        builder.scalar(0, 'float32'),
      ),
      reduction: 'add',
    });
    return builder.reshape(sums, type.shape);
  },
};

export const segmentKernels: readonly AnyKernel[] = [unsortedSegmentSum];
