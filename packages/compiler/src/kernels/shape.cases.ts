import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

const dtypes = ['float32', 'int32', 'bool'] as const;

/** Moves elements of every dtype in the same way. */
function moving(
  name: string,
  covers: readonly string[],
  shape: readonly number[],
  fn: (x: tf.Tensor) => tf.Tensor,
): KernelCase[] {
  return dtypes.map((dtype) => ({
    name: dtype === 'float32' ? name : `${name}, ${dtype}`,
    covers,
    inputs: { x: { shape, dtype } },
    fn: ({ x }) => fn(x),
    tolerance: 'exact',
    ...(dtype === 'float32' ? { also: [{ x: [NaN, -0, Infinity] }] } : { gradient: notReal }),
  }));
}

const noSegmentSum = {
  check: 'refused',
  kernel: 'UnsortedSegmentSum',
  because: 'tfjs adds up the gradient of gathered rows with a kernel that the table lacks',
} as const;

export const shapeCases: readonly KernelCase[] = [
  ...moving('Reshape with an inferred size', ['Reshape'], [2, 2, 3], (x) => tf.reshape(x, [-1, 4])),
  ...moving('Reshape to a scalar', ['Reshape'], [1, 1], (x) => tf.reshape(x, [])),
  ...moving('Reshape of an empty tensor', ['Reshape'], [2, 0], (x) => tf.reshape(x, [0, 5])),
  ...moving('ExpandDims at the end', ['ExpandDims'], [2, 3], (x) => tf.expandDims(x, -1)),
  ...moving('ExpandDims at the front, counted from the end', ['ExpandDims'], [2, 3], (x) =>
    tf.expandDims(x, -3),
  ),
  ...moving('ExpandDims of a scalar', ['ExpandDims'], [], (x) => tf.expandDims(x, 0)),
  ...moving('Transpose', ['Transpose'], [2, 3, 4], (x) => tf.transpose(x, [2, 0, 1])),
  ...moving('Transpose of an empty tensor', ['Transpose'], [2, 0, 3], (x) => tf.transpose(x)),
  {
    name: 'Transpose of axes of size 1',
    covers: ['Transpose'],
    inputs: { x: { shape: [1, 5, 1, 2] } },
    fn: ({ x }) => tf.transpose(x, [2, 1, 0, 3]),
    tolerance: 'exact',
  },
  ...dtypes.map((dtype): KernelCase => ({
    name: `Concat of ${dtype} along the last axis`,
    covers: ['Concat'],
    inputs: { a: { shape: [2, 3], dtype }, b: { shape: [2, 1], dtype } },
    fn: ({ a, b }) => tf.concat([a, b], -1),
    tolerance: 'exact',
    ...(dtype === 'float32' ? {} : { gradient: notReal }),
  })),
  {
    name: 'Concat and the SplitV of its gradient',
    covers: ['Concat', 'SplitV'],
    inputs: { a: { shape: [1, 2, 2] }, b: { shape: [3, 2, 2] }, c: { shape: [2, 2, 2] } },
    fn: ({ a, b, c }) => tf.concat([a, b, c], 0),
    tolerance: 'exact',
  },
  {
    name: 'Concat with an empty tensor',
    covers: ['Concat'],
    inputs: { a: { shape: [0, 3] }, b: { shape: [2, 3] } },
    fn: ({ a, b }) => tf.concat([a, b], 0),
    tolerance: 'exact',
  },
  {
    name: 'SplitV into equal parts along the last axis',
    covers: ['SplitV'],
    inputs: { x: { shape: [2, 6] } },
    fn: ({ x }) => tf.concat(tf.split(x, 3, -1).toReversed(), 1),
    tolerance: 'exact',
  },
  {
    name: 'SplitV with an inferred part, and one part unused',
    covers: ['SplitV'],
    inputs: { x: { shape: [5, 2], dtype: 'int32' } },
    fn: ({ x }) => tf.concat(tf.split(x, [1, -1, 2], 0).slice(1), 0),
    gradient: notReal,
  },
  {
    name: 'SplitV into one part',
    covers: ['SplitV'],
    inputs: { x: { shape: [2, 3] } },
    fn: ({ x }) => tf.neg(tf.split(x, 1, 1)[0]),
    gradient: { check: 'none', because: 'tfjs 4.22 itself fails at the gradient of a single part' },
  },
  ...moving('Slice', ['Slice'], [2, 3], (x) => tf.slice(x, [1, 0], [1, 2])),
  ...moving('Slice to the end', ['Slice'], [4, 3], (x) => tf.slice(x, [1], [-1])),
  ...moving('Slice of nothing', ['Slice'], [2, 3], (x) => tf.slice(x, [1, 0], [0, 2])),
  ...moving('Slice of everything', ['Slice'], [2, 3], (x) => tf.slice(x, [0, 0], [2, 3])),
  ...moving('PadV2', ['PadV2'], [2, 3], (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      1,
    ),
  ),
  ...moving('PadV2 of an empty tensor', ['PadV2'], [0, 3], (x) =>
    tf.pad(x, [
      [1, 1],
      [0, 2],
    ]),
  ),
  ...moving('PadV2 by nothing', ['PadV2'], [2], (x) => tf.pad(x, [[0, 0]])),
  ...moving('Tile', ['Tile'], [2, 3], (x) => tf.tile(x, [2, 3])),
  ...moving('Tile of an empty tensor', ['Tile'], [0, 3], (x) => tf.tile(x, [2, 1])),
  {
    name: 'Tile of a scalar',
    covers: ['Tile'],
    inputs: { x: { shape: [] } },
    fn: ({ x }) => tf.tile(x, []),
    gradient: { check: 'none', because: 'tfjs 4.22 has no gradient of tile for scalars' },
  },
  {
    name: 'Tile, as broadcastTo records it',
    covers: ['Tile'],
    inputs: { x: { shape: [2, 1] } },
    fn: ({ x }) => tf.broadcastTo(x, [4, 2, 3]),
  },
  ...dtypes.map((dtype): KernelCase => ({
    name: `GatherV2 of ${dtype} along the last axis`,
    covers: ['GatherV2'],
    inputs: { x: { shape: [2, 3], dtype }, indices: { shape: [2, 2], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, tf.clipByValue(indices, 0, 2), -1),
    tolerance: 'exact',
    gradient: dtype === 'float32' ? noSegmentSum : notReal,
  })),
  {
    name: 'GatherV2 of one row',
    covers: ['GatherV2'],
    inputs: { x: { shape: [3, 2] }, index: { shape: [], dtype: 'int32' } },
    fn: ({ x, index }) => tf.gather(x, tf.clipByValue(index, 0, 2)),
    tolerance: 'exact',
    gradient: noSegmentSum,
  },
  {
    name: 'GatherV2 of no rows',
    covers: ['GatherV2'],
    inputs: { x: { shape: [3, 2] }, indices: { shape: [0], dtype: 'int32' } },
    fn: ({ x, indices }) => tf.gather(x, indices),
    gradient: noSegmentSum,
  },
  ...dtypes.map((dtype): KernelCase => ({
    name: `OneHot of ${dtype}, with indices outside`,
    covers: ['OneHot'],
    inputs: { indices: { shape: [6], dtype: 'int32' } },
    fn: ({ indices }) => tf.oneHot(indices, 4, 1, 0, dtype),
    also: [{ indices: [0, 3, -1, 4, -4, 2147483647] }],
    gradient: notReal,
  })),
  ...dtypes.map((dtype): KernelCase => ({
    name: `OneHot of ${dtype} with other values, of a matrix`,
    covers: ['OneHot'],
    inputs: { indices: { shape: [2, 3], dtype: 'int32' } },
    fn: ({ indices }) =>
      tf.oneHot(indices, 4, dtype === 'float32' ? 2.5 : 0, dtype === 'float32' ? -1 : 1, dtype),
    also: [{ indices: [0, 3, -1, 4, 1, 2] }],
    gradient: notReal,
  })),
  {
    name: 'OneHot with a value of its own',
    covers: ['OneHot'],
    inputs: { indices: { shape: [3], dtype: 'int32' } },
    fn: ({ indices }) => tf.oneHot(indices, 3, 2.5, 0),
    also: [{ indices: [0, 2, 3] }],
    gradient: notReal,
  },
  {
    name: 'OneHot of a scalar',
    covers: ['OneHot'],
    inputs: { index: { shape: [], dtype: 'int32' } },
    fn: ({ index }) => tf.oneHot(index, 3),
    also: [{ index: [2] }],
    gradient: notReal,
  },
  {
    name: 'OneHot of uint8 labels',
    covers: ['OneHot', 'Cast'],
    inputs: { labels: { shape: [4], dtype: 'uint8' } },
    fn: ({ labels }) => tf.oneHot(labels, 10),
    also: [{ labels: [0, 9, 10, 255] }],
    gradient: notReal,
  },
];
