import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';
import { denseModel } from '../testing/small-models.ts';

/** The activations that tfjs fuses, with what each needs besides. */
const fused = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'] as const;

/** Activations of layers, the first three of which tfjs fuses into the product. */
const layered = ['linear', 'relu', 'elu', 'sigmoid', 'tanh', 'softmax', 'selu', 'softplus'] as const;

/** Both operands transposed or not, each of `[2, 3]` and `[3, 4]` before it is transposed. */
const transposes = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

const reluModel = denseModel('relu');

function product(
  name: string,
  a: readonly number[],
  b: readonly number[],
  extra: Partial<KernelCase> = {},
): KernelCase {
  return {
    name: `BatchMatMul ${name}`,
    covers: ['BatchMatMul'],
    inputs: { a: { shape: a }, b: { shape: b } },
    fn: ({ a: left, b: right }) => tf.matMul(left, right),
    tolerance: 'sum',
    ...extra,
  };
}

export const matMulCases: readonly KernelCase[] = [
  ...transposes.map(({ transposeA, transposeB }) =>
    product(
      `of matrices (transposed: ${transposeA}, ${transposeB})`,
      transposeA ? [3, 2] : [2, 3],
      transposeB ? [4, 3] : [3, 4],
      {
        fn: ({ a, b }) => tf.matMul(a, b, transposeA, transposeB),
        also: [{ a: [NaN, 0, 1, -1, 1e20, 2] }],
        gradient: {
          check: 'drawn values',
          because: 'where NaN meets a zero of dy, sums in another order differ',
        },
      },
    ),
  ),
  ...transposes.map(({ transposeA, transposeB }) =>
    product(
      `of stacks (transposed: ${transposeA}, ${transposeB})`,
      transposeA ? [5, 3, 2] : [5, 2, 3],
      transposeB ? [5, 4, 3] : [5, 3, 4],
      { fn: ({ a, b }) => tf.matMul(a, b, transposeA, transposeB) },
    ),
  ),
  product('of a row and a column', [1, 7], [7, 1]),
  product('of a column and a row', [7, 1], [1, 5]),
  product('of stacks of one', [1, 1, 2, 3], [1, 1, 3, 4]),
  product('of a stack and a matrix', [5, 2, 3], [3, 4], {
    gradient: {
      check: 'none',
      because: 'tfjs 4.22 itself fails at the gradient of a matrix that it broadcast',
    },
  }),
  product('of an empty batch', [0, 3], [3, 4]),
  product('over nothing', [2, 0], [0, 4]),
  product('of stacks over nothing', [5, 2, 0], [5, 0, 4]),
  product('of int32', [2, 3], [3, 4], {
    inputs: { a: { shape: [2, 3], dtype: 'int32' }, b: { shape: [3, 4], dtype: 'int32' } },
    gradient: notReal,
  }),
  product('of bool', [2, 3], [3, 4], {
    inputs: { a: { shape: [2, 3], dtype: 'bool' }, b: { shape: [3, 4], dtype: 'bool' } },
    // tfjs counts on in a tensor of bool; what is meant is whether the count is 0.
    fn: ({ a, b }) => tf.notEqual(tf.matMul(a, b), tf.scalar(false, 'bool')),
    gradient: notReal,
  }),
  ...(['linear', 'relu', 'relu6', 'leakyrelu'] as const).map((activation): KernelCase => ({
    name: `_FusedMatMul of int32 with ${activation}`,
    covers: ['_FusedMatMul'],
    inputs: {
      a: { shape: [5, 3], dtype: 'int32' },
      b: { shape: [3, 4], dtype: 'int32' },
      bias: { shape: [4], dtype: 'int32' },
    },
    fn: ({ a, b, bias }) => tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
    gradient: notReal,
  })),
  ...fused.map((activation): KernelCase => ({
    name: `_FusedMatMul with ${activation}`,
    covers: ['_FusedMatMul', 'BatchMatMul'],
    inputs: {
      a: { shape: [5, 3] },
      b: { shape: [3, 4] },
      bias: { shape: [4] },
      ...(activation === 'prelu' ? { slope: { shape: [4] } } : {}),
    },
    fn: ({ a, b, bias, slope }) =>
      tf.fused.matMul({
        a,
        b,
        bias,
        activation,
        leakyreluAlpha: 0.3,
        ...(activation === 'prelu' ? { preluActivationWeights: slope } : {}),
      }),
    also: [{ a: [0], bias: [0, -0, 3, -3] }],
    tolerance: 'sum',
  })),
  ...([[], [1], [1, 4], [5, 1], [5, 4]] as const).map((shape): KernelCase => ({
    name: `_FusedMatMul with a bias of shape [${shape.join(',')}]`,
    covers: ['_FusedMatMul'],
    inputs: { a: { shape: [5, 3] }, b: { shape: [3, 4] }, bias: { shape } },
    fn: ({ a, b, bias }) => tf.fused.matMul({ a, b, bias, activation: 'relu' }),
    tolerance: 'sum',
  })),
  {
    name: '_FusedMatMul of stacks, transposed, without a bias',
    covers: ['_FusedMatMul'],
    inputs: { a: { shape: [2, 3, 5] }, b: { shape: [2, 4, 3] } },
    fn: ({ a, b }) => tf.fused.matMul({ a, b, transposeA: true, transposeB: true, activation: 'relu' }),
    tolerance: 'sum',
  },
  {
    name: '_FusedMatMul of stacks with a bias',
    covers: ['_FusedMatMul'],
    inputs: { a: { shape: [2, 5, 3] }, b: { shape: [2, 3, 4] }, bias: { shape: [4] } },
    fn: ({ a, b, bias }) => tf.fused.matMul({ a, b, bias }),
    tolerance: 'sum',
  },
  ...layered.map((activation): KernelCase => {
    const model = denseModel(activation);
    const isFused = activation === 'linear' || activation === 'relu' || activation === 'elu';
    return {
      name: `dense layer with ${activation}`,
      covers: isFused ? ['_FusedMatMul', 'BatchMatMul'] : ['_FusedMatMul'],
      inputs: { x: { shape: [5, 3] } },
      fn: ({ x }) => model.predict(x) as tf.Tensor,
      tolerance: 'sum',
    };
  }),
  {
    name: 'dense layer on a batch of 1',
    covers: ['_FusedMatMul'],
    inputs: { x: { shape: [1, 3] } },
    fn: ({ x }) => reluModel.predict(x) as tf.Tensor,
    tolerance: 'sum',
  },
];
