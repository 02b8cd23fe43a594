import * as tf from '@tensorflow/tfjs';
import { binaryRows, unaryRows } from '../testing/elementwise-rows.ts';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

function comparison(kernel: string, op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelCase[] {
  return binaryRows(kernel, op, { gradient: notReal });
}

function logical(kernel: string, op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelCase {
  return {
    name: kernel,
    covers: [kernel],
    inputs: { a: { shape: [2, 1], dtype: 'bool' }, b: { shape: [1, 2], dtype: 'bool' } },
    fn: ({ a, b }) => op(a, b),
    also: [{ a: [0, 1], b: [0, 1] }],
    gradient: notReal,
  };
}

export const comparisonCases: readonly KernelCase[] = [
  ...unaryRows('IsNan', (x) => tf.isNaN(x), { gradient: notReal }),
  ...unaryRows('IsInf', (x) => tf.isInf(x), { gradient: notReal }),
  ...unaryRows('IsFinite', (x) => tf.isFinite(x), { gradient: notReal }),
  ...comparison('Equal', (a, b) => tf.equal(a, b)),
  ...comparison('NotEqual', (a, b) => tf.notEqual(a, b)),
  ...comparison('Greater', (a, b) => tf.greater(a, b)),
  ...comparison('GreaterEqual', (a, b) => tf.greaterEqual(a, b)),
  ...comparison('Less', (a, b) => tf.less(a, b)),
  ...comparison('LessEqual', (a, b) => tf.lessEqual(a, b)),
  logical('LogicalAnd', (a, b) => tf.logicalAnd(a, b)),
  logical('LogicalOr', (a, b) => tf.logicalOr(a, b)),
  {
    name: 'LogicalNot',
    covers: ['LogicalNot'],
    inputs: { x: { shape: [3], dtype: 'bool' } },
    fn: ({ x }) => tf.logicalNot(x),
    also: [{ x: [0, 1] }],
    gradient: notReal,
  },
  {
    name: 'Select, broadcast all three ways',
    covers: ['Select'],
    inputs: {
      condition: { shape: [3, 1, 1], dtype: 'bool' },
      t: { shape: [1, 4, 1] },
      e: { shape: [2] },
    },
    fn: ({ condition, t, e }) => tf.where(condition, t, e),
    also: [{ t: [NaN], e: [Infinity, -0] }],
    gradient: {
      check: 'drawn values',
      because: 'a gradient of NaN times 0 is what tfjs has where the value is not chosen',
    },
  },
  {
    name: 'Select of int32 and float32',
    covers: ['Select'],
    inputs: {
      condition: { shape: [5], dtype: 'bool' },
      t: { shape: [5], dtype: 'int32' },
      e: { shape: [5] },
    },
    fn: ({ condition, t, e }) => tf.where(condition, t, e),
  },
  {
    name: 'Select of bool',
    covers: ['Select'],
    inputs: {
      condition: { shape: [8], dtype: 'bool' },
      t: { shape: [8], dtype: 'bool' },
      e: { shape: [8], dtype: 'bool' },
    },
    fn: ({ condition, t, e }) => tf.where(condition, t, e),
    also: [{ condition: [0, 1], t: [0, 0, 1, 1], e: [0, 0, 0, 0, 1, 1, 1, 1] }],
    gradient: notReal,
  },
];
