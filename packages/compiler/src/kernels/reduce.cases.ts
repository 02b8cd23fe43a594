import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import type { ToleranceName } from '../testing/tolerances.ts';

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

interface ReductionOptions {
  readonly gradient?: GradientCheck;
  readonly tolerance?: ToleranceName;
  readonly also?: readonly number[];
}

const gradientOfNothing: GradientCheck = {
  check: 'none',
  because: 'there is no element to have a gradient by',
};

/** A reduction: of some axes and of all, counted from either end, kept or not, of nothing, and of each dtype. */
function reduction(
  kernel: string,
  reduce: Reduce,
  { gradient, tolerance, also = [NaN, 1, -1, Infinity, -Infinity, 0, -0, 1, 1] }: ReductionOptions = {},
): KernelCase[] {
  const covers = [kernel];
  const optional = {
    ...(gradient === undefined ? {} : { gradient }),
    ...(tolerance === undefined ? {} : { tolerance }),
  };
  const row = (
    name: string,
    shape: readonly number[],
    fn: (x: tf.Tensor) => tf.Tensor,
    extra: Partial<KernelCase> = {},
  ): KernelCase => ({
    name: `${kernel} ${name}`,
    covers,
    inputs: { x: { shape } },
    fn: ({ x }) => fn(x),
    ...optional,
    ...extra,
  });
  return [
    row('over the last axis', [5, 3], (x) => reduce(x, -1), { also: [{ x: also }] }),
    row('over outer axes, kept', [2, 3, 4], (x) => reduce(x, [0, 2], true)),
    row('over axes in any order', [2, 3, 4], (x) => reduce(x, [-1, 0])),
    row('over everything', [3, 3], (x) => reduce(x)),
    row('over no axes', [2, 3], (x) => reduce(x, [])),
    row('of a scalar', [], (x) => reduce(x)),
    row('of an empty batch', [0, 3], (x) => reduce(x, 1)),
    row('over nothing', [2, 0], (x) => reduce(x, 1), { gradient: gradientOfNothing }),
    row('over nothing, kept', [2, 0, 3], (x) => reduce(x, 1, true), { gradient: gradientOfNothing }),
    ...(['int32', 'bool'] as const).map((dtype) =>
      row(`of ${dtype}`, [4, 3], (x) => reduce(x, 1), {
        inputs: { x: { shape: [4, 3], dtype } },
        also: [{ x: [0, 0, 0, 1, 1, 1, 0, 1, 0] }],
        gradient: notReal,
      }),
    ),
  ];
}

/** `any` or `all`: tfjs takes bool only. */
function logical(kernel: string, reduce: Reduce): KernelCase[] {
  const row = (name: string, shape: readonly number[], fn: (x: tf.Tensor) => tf.Tensor): KernelCase => ({
    name: `${kernel} ${name}`,
    covers: [kernel],
    inputs: { x: { shape, dtype: 'bool' } },
    fn: ({ x }) => fn(x),
    also: [{ x: [0, 0, 0, 1, 1, 1, 0, 1, 0] }, { x: [0] }, { x: [1] }],
    gradient: notReal,
  });
  return [
    row('over the last axis', [3, 3], (x) => reduce(x, -1)),
    row('over outer axes, kept', [2, 3, 2], (x) => reduce(x, [0, 2], true)),
    row('over everything', [2, 3], (x) => reduce(x)),
    row('of a scalar', [], (x) => reduce(x)),
    row('of an empty batch', [0, 3], (x) => reduce(x, 1)),
    row('over nothing', [2, 0], (x) => reduce(x, 1)),
  ];
}

/** Where the extremum is; the first of equal ones. */
function argument(kernel: string, find: (x: tf.Tensor, axis: number) => tf.Tensor): KernelCase[] {
  const row = (
    name: string,
    inputs: KernelCase['inputs'],
    axis: number,
    also: KernelCase['also'] = [],
  ): KernelCase => ({
    name: `${kernel} ${name}`,
    covers: [kernel],
    inputs,
    fn: ({ x }) => find(x, axis),
    also,
    gradient: notReal,
  });
  return [
    row('over the last axis, with ties and infinities', { x: { shape: [4, 3] } }, -1, [
      { x: [1, 1, 1, 0, -0, 0, -Infinity, -Infinity, -Infinity, 2, 3, 3] },
      { x: [Infinity, 1, Infinity, -1, -2, -2] },
      { x: [1, NaN, 2, 3, 2, NaN, 1, NaN, NaN, NaN, NaN, NaN] },
      { x: [NaN, 2, 1, NaN, -Infinity, Infinity, NaN, NaN, 1, -Infinity, NaN, -Infinity] },
    ]),
    row('over the first axis', { x: { shape: [5, 2] } }, 0, [{ x: [NaN, 1, 2, NaN, 3, 0, NaN, 2, 1, NaN] }]),
    row('of a vector', { x: { shape: [7] } }, 0),
    row('of an empty batch', { x: { shape: [0, 3] } }, 1),
    row('over nothing', { x: { shape: [2, 0] } }, 1),
    row('of int32', { x: { shape: [4, 5], dtype: 'int32' } }, 1, [{ x: [3, -3, 3, -3, 0] }]),
    row('of bool', { x: { shape: [4, 3], dtype: 'bool' } }, 1, [{ x: [0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0] }]),
  ];
}

/** Rows with NaN in each place, beside infinities and among numbers, and rows without. */
const unordered = [NaN, 1, 2, 1, NaN, 2, 1, 2, NaN, Infinity, NaN, -Infinity, Infinity, -Infinity, 0];

export const reduceCases: readonly KernelCase[] = [
  ...reduction('Sum', (x, axis, keepDims) => tf.sum(x, axis, keepDims), {
    tolerance: 'sum',
  }),
  ...reduction('Mean', (x, axis, keepDims) => tf.mean(x, axis, keepDims), {
    tolerance: 'sum',
  }),
  ...reduction('Prod', (x, axis, keepDims) => tf.prod(x, axis, keepDims), {
    gradient: { check: 'none', because: 'the rows below check it where tfjs 4.22 has one' },
  }),
  ...[
    [2, 3],
    [2, 5],
    [4, 1],
  ].map((shape): KernelCase => ({
    name: `Prod of [${shape.join(',')}] over the last axis and its gradient`,
    covers: ['Prod', 'Cumprod'],
    inputs: { x: { shape } },
    fn: ({ x }) => tf.prod(x, 1),
    also: [{ x: [0, 2, 3, 4, 0, 0] }],
  })),
  {
    name: 'Prod over everything and its gradient',
    covers: ['Prod', 'Cumprod'],
    inputs: { x: { shape: [2, 3] } },
    fn: ({ x }) => tf.prod(x),
  },
  ...reduction('Max', (x, axis, keepDims) => tf.max(x, axis, keepDims), {
    tolerance: 'exact',
    also: unordered,
  }),
  ...reduction('Min', (x, axis, keepDims) => tf.min(x, axis, keepDims), {
    tolerance: 'exact',
    also: unordered,
  }),
  ...(['Max', 'Min'] as const).map((kernel): KernelCase => ({
    name: `${kernel} and its gradient at ties`,
    covers: [kernel, 'Equal'],
    inputs: { x: { shape: [3, 4] } },
    fn: ({ x }) => (kernel === 'Max' ? tf.max(x, 1) : tf.min(x, 1)),
    also: [{ x: [1, 1, 1, 1, 2, 1, 2, 1, 0, -0, -1, 1] }],
  })),
  ...logical('Any', (x, axis, keepDims) => tf.any(x, axis, keepDims)),
  ...logical('All', (x, axis, keepDims) => tf.all(x, axis, keepDims)),
  ...argument('ArgMax', (x, axis) => tf.argMax(x, axis)),
  ...argument('ArgMin', (x, axis) => tf.argMin(x, axis)),
];
