import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradient of counts' };

function row(
  name: string,
  covers: 'Bincount' | 'DenseBincount',
  inputs: KernelCase['inputs'],
  fn: (x: tf.Tensor, weights?: tf.Tensor) => tf.Tensor,
): KernelCase {
  return {
    name: `${covers} ${name}`,
    covers: [covers],
    inputs,
    fn: (tensors) => fn(tensors['x'], tensors['weights']),
    also: [{ x: [0] }, { x: [2, 0, 2, 7, 1] }],
    gradient: noGradient,
  };
}

const vector = { shape: [7], dtype: 'int32', range: 'positive' } as const;
const matrix = { shape: [3, 5], dtype: 'int32', range: 'positive' } as const;
const bincount =
  (size: number) =>
  (x: tf.Tensor, weights: tf.Tensor = tf.tensor1d([])): tf.Tensor =>
    tf.bincount(x as tf.Tensor1D, weights as tf.Tensor1D, size);
const dense =
  (size: number, binary = false) =>
  (x: tf.Tensor, weights: tf.Tensor = tf.tensor1d([])): tf.Tensor =>
    tf.denseBincount(x as tf.Tensor1D, weights as tf.Tensor1D, size, binary);

export const bincountCases: readonly KernelCase[] = [
  row('without weights', 'Bincount', { x: vector }, bincount(8)),
  row('of an image', 'Bincount', { x: matrix }, bincount(8)),
  row('with numbers too large', 'Bincount', { x: vector }, bincount(3)),
  row('with weights', 'Bincount', { x: vector, weights: { shape: [7] } }, bincount(4)),
  row(
    'with weights of int32',
    'Bincount',
    { x: vector, weights: { shape: [7], dtype: 'int32' } },
    bincount(4),
  ),
  row('into no bins', 'Bincount', { x: vector }, bincount(0)),
  row('of nothing', 'Bincount', { x: { shape: [0], dtype: 'int32' } }, bincount(3)),
  row('of a vector', 'DenseBincount', { x: vector }, dense(4)),
  row('of a vector, which binaryOutput leaves as it is', 'DenseBincount', { x: vector }, dense(4, true)),
  row('of rows', 'DenseBincount', { x: matrix }, dense(4)),
  row('of rows with weights', 'DenseBincount', { x: matrix, weights: { shape: [3, 5] } }, dense(6)),
  row('of rows, whether there are any', 'DenseBincount', { x: matrix }, dense(4, true)),
  row(
    'of rows with weights, whether there are any',
    'DenseBincount',
    { x: matrix, weights: { shape: [3, 5] } },
    dense(4, true),
  ),
];
