import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

export const softmaxCases: readonly KernelCase[] = [
  {
    name: 'Softmax of rows, also of ones that exp cannot hold',
    covers: ['Softmax'],
    inputs: { logits: { shape: [4, 3] } },
    fn: ({ logits }) => tf.softmax(logits),
    also: [
      { logits: [1e30, 1, 2, -1e30, 0, 1, 1000, 1001, 999, 5, 5, 5] },
      { logits: [NaN, 1, 2, -Infinity, 0, 1, Infinity, 1, 2, -Infinity, -Infinity, -Infinity] },
    ],
  },
  {
    name: 'Softmax of a vector',
    covers: ['Softmax'],
    inputs: { logits: { shape: [5] } },
    fn: ({ logits }) => tf.softmax(logits),
  },
  {
    name: 'Softmax of rank 3 along an axis counted from the front',
    covers: ['Softmax'],
    inputs: { logits: { shape: [2, 3, 4] } },
    fn: ({ logits }) => tf.softmax(logits, 2),
  },
  {
    name: 'Softmax of one class',
    covers: ['Softmax'],
    inputs: { logits: { shape: [3, 1] } },
    fn: ({ logits }) => tf.softmax(logits),
  },
  {
    name: 'Softmax of int32',
    covers: ['Softmax'],
    inputs: { logits: { shape: [3, 4], dtype: 'int32' } },
    fn: ({ logits }) => tf.engine().runKernel('Softmax', { logits }, { dim: 1 }),
    gradient: notReal,
  },
  {
    name: 'Softmax of an empty batch',
    covers: ['Softmax'],
    inputs: { logits: { shape: [0, 3] } },
    fn: ({ logits }) => tf.softmax(logits),
  },
  {
    name: 'logSoftmax, which tfjs records as several kernels, of rows far apart',
    covers: ['Max', 'Exp', 'Log'],
    inputs: { logits: { shape: [2, 3] } },
    fn: ({ logits }) => tf.logSoftmax(logits),
    also: [{ logits: [200, 201, 202, -200, -201, -202] }],
  },
];
