import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { formatType, sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s, scatterRows } from './rows.ts';

/** Histograms of whole numbers. A negative number fails the run, as it does in tfjs; one of `size` or more is left out. */

/**
 * Counts `[rows, size]` of the numbers in each row of `x`, `[rows, count]`: their weights added up, 1 for each if
 * `weights` has no elements, or for `binary` just 1 where there are any.
 */
function countRows(
  builder: OnnxBuilder,
  [x, weights]: readonly [Value, Value],
  { size, binary }: { size: number; binary: boolean },
): Value {
  const [rows, count] = x.shape;
  // A number of no bin fails the run. What is left out goes into a last bin of each row, which is cut off.
  const bins = size + 1;
  const bounded = builder.binary('Min', x, builder.scalar(size, 'int32'));
  const first = builder.reshape(
    int32s(
      builder,
      [...Array(rows).keys()].map((row) => row * bins),
    ),
    [rows, 1],
  );
  const bin = builder.where(
    builder.compare('Less', x, builder.scalar(0, 'int32')),
    builder.scalar(rows * bins, 'int32'),
    builder.binary('Add', bounded, first),
  );
  const one = builder.expand(builder.scalar(1, weights.dtype), [rows * count, 1]);
  const weighted = !binary && sizeOf(weights.shape) > 0;
  const counts = scatterRows(builder, {
    data: builder.expand(builder.scalar(0, weights.dtype), [rows * bins, 1]),
    rows: builder.reshape(bin, [rows * count]),
    updates: weighted ? weights : one,
    ...(binary ? {} : { reduction: 'add' }),
  });
  return builder.slice(builder.reshape(counts, [rows, bins]), [1], [0], [size]);
}

function requireWeights(kernel: string, x: Value, weights: Value): void {
  if (sizeOf(weights.shape) === 0 || sizeOf(weights.shape) === sizeOf(x.shape)) return;
  throw new TypeError(
    `Cannot trace kernel "${kernel}" on ${formatType(x)} with weights ${formatType(weights)}: there must be one weight for each number, or none.`,
  );
}

const bincount: Kernel<readonly [Value, Value], tf.BincountAttrs> = {
  name: 'Bincount',
  inputs: ['x', 'weights'],
  infer: ([x, weights], { size }) => {
    requireWeights('Bincount', x, weights);
    return { shape: [size], dtype: weights.dtype };
  },
  lower: (builder, [x, weights], { size }) => {
    // Images count pixel by pixel.
    const row = builder.reshape(x, [1, sizeOf(x.shape)]);
    return builder.reshape(countRows(builder, [row, weights], { size, binary: false }), [size]);
  },
};

const denseBincount: Kernel<readonly [Value, Value], tf.DenseBincountAttrs> = {
  name: 'DenseBincount',
  inputs: ['x', 'weights'],
  infer: ([x, weights], { size }) => {
    requireWeights('DenseBincount', x, weights);
    return { shape: [...x.shape.slice(0, -1), size], dtype: weights.dtype };
  },
  lower: (builder, [x, weights], { size, binaryOutput = false }, [type]) => {
    const matrix = builder.reshape(x, [x.shape.length === 1 ? 1 : x.shape[0], x.shape.at(-1)!]);
    // tfjs `cpu` does not look at binaryOutput where x is a vector.
    const binary = binaryOutput && x.shape.length > 1;
    return builder.reshape(countRows(builder, [matrix, weights], { size, binary }), type.shape);
  },
};

export const bincountKernels: readonly AnyKernel[] = [bincount, denseBincount];
