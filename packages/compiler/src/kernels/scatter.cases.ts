import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { dtypes } from '../testing/moving-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradients of scattering' };

interface Layout {
  readonly shape: readonly number[];
  readonly indices: readonly number[];
  readonly updates: readonly number[];
  /** Positions to write to. */
  readonly at: readonly number[];
}

const layouts: Readonly<Record<string, Layout>> = {
  'to elements': { shape: [3, 4], indices: [3, 2], updates: [3], at: [0, 1, 2, 3, 1, 0] },
  'to rows, one of them twice': { shape: [4, 3], indices: [3, 1], updates: [3, 3], at: [2, 0, 2] },
  'to a vector': { shape: [6], indices: [4, 1], updates: [4], at: [5, 0, 5, 5] },
  'to slices of two axes': { shape: [4, 2, 3], indices: [2, 2, 1], updates: [2, 2, 2, 3], at: [3, 1, 1, 0] },
  'at positions that overflow into the next row': {
    shape: [3, 2],
    indices: [2, 2],
    updates: [2],
    at: [0, 3, 1, 0],
  },
  'of nothing': { shape: [3, 2], indices: [0, 1], updates: [0, 2], at: [] },
  'into nothing': { shape: [3, 0], indices: [2, 1], updates: [2, 0], at: [1, 2] },
};

function rows(
  kernel: string,
  withTensor: boolean,
  fn: (inputs: Record<string, tf.Tensor>, layout: Layout) => tf.Tensor,
): KernelCase[] {
  return Object.entries(layouts).flatMap(([name, layout]) =>
    dtypes.map((dtype): KernelCase => ({
      name: `${kernel} ${name}, ${dtype}`,
      covers: [kernel],
      inputs: {
        updates: { shape: layout.updates, dtype },
        ...(withTensor ? { x: { shape: layout.shape, dtype } } : {}),
      },
      fn: (inputs) =>
        fn({ ...inputs, indices: tf.tensor([...layout.at], [...layout.indices], 'int32') }, layout),
      gradient: dtype === 'float32' ? noGradient : notReal,
    })),
  );
}

export const scatterCases: readonly KernelCase[] = [
  ...rows('ScatterNd', false, ({ indices, updates }, { shape }) =>
    // In tfjs, sums of bool are 2 and more, which is true as well.
    updates.dtype === 'bool'
      ? tf.notEqual(tf.scatterND(indices, updates, [...shape]), tf.zeros([...shape], 'bool'))
      : tf.scatterND(indices, updates, [...shape]),
  ),
  ...rows('TensorScatterUpdate', true, ({ x, indices, updates }) =>
    tf.tensorScatterUpdate(x, indices, updates),
  ),
  ...dtypes.flatMap((dtype): KernelCase[] => [
    {
      name: `SparseToDense of ${dtype}`,
      covers: ['SparseToDense'],
      inputs: { values: { shape: [3], dtype } },
      fn: ({ values }) =>
        tf.sparseToDense(
          tf.tensor2d([0, 1, 2, 3, 1, 0], [3, 2], 'int32'),
          values,
          [3, 4],
          tf.scalar(dtype === 'bool' ? true : 7, dtype),
        ),
      gradient: dtype === 'float32' ? noGradient : notReal,
    },
    {
      name: `SparseToDense of one number of ${dtype} in several places`,
      covers: ['SparseToDense'],
      inputs: { value: { shape: [], dtype } },
      fn: ({ value }) => tf.sparseToDense(tf.tensor1d([1, 4, 1], 'int32'), value, [6]),
      gradient: dtype === 'float32' ? noGradient : notReal,
    },
  ]),
  {
    name: 'SparseToDense at a scalar position',
    covers: ['SparseToDense'],
    inputs: { value: { shape: [] }, index: { shape: [], dtype: 'int32', range: 'positive' } },
    fn: ({ value, index }) => tf.sparseToDense(index, value, [6]),
    gradient: noGradient,
  },
  {
    name: 'SparseToDense of nothing',
    covers: ['SparseToDense'],
    inputs: { values: { shape: [0] } },
    fn: ({ values }) => tf.sparseToDense(tf.zeros([0], 'int32'), values, [2], 3),
    gradient: noGradient,
  },
];
