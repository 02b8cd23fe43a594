import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type TensorFunction } from '../trace.ts';
import { trustConvolutions } from './trust-convolutions.ts';

const specs = {
  x: { shape: [1, 6, 6, 2], dtype: 'float32' },
  filter: { shape: [3, 3, 2, 2], dtype: 'float32' },
  bias: { shape: [2], dtype: 'float32' },
  mask: { shape: [1, 6, 6, 2], dtype: 'bool' },
} as const;

const convolve = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor4D =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');

const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, 3, 2, 'valid');

function looksForNaN(graph: Graph): boolean {
  return lower(graph).nodes.some(({ op }) => op === 'IsNaN');
}

describe('trustConvolutions', () => {
  it.each<[string, TensorFunction]>([
    ['a convolution', ({ x, filter }) => ({ y: pool(convolve(x, filter)) })],
    ['an activation', ({ x, filter }) => ({ y: pool(tf.relu(convolve(x, filter))) })],
    [
      'zeros around one',
      ({ x, filter }) => ({
        y: pool(
          tf.pad4d(convolve(x, filter), [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ]),
        ),
      }),
    ],
    [
      'two parts',
      ({ x, filter }) => {
        const convolved = convolve(x, filter);
        return { y: pool(tf.concat([tf.relu(convolved), convolve(convolved, filter)], 3)) };
      },
    ],
    ['a bias', ({ x, filter, bias }) => ({ y: pool(tf.add(convolve(x, filter), bias)) })],
    ['a constant', ({ x, filter }) => ({ y: pool(tf.mul(convolve(x, filter), tf.tensor1d([0.5, -2]))) })],
    [
      'batch normalization',
      ({ x, filter, bias }) => {
        const convolved = convolve(x, filter);
        const { mean, variance } = tf.moments(convolved, [0, 1, 2]);
        return {
          y: pool(tf.batchNorm(convolved, mean as tf.Tensor1D, variance as tf.Tensor1D, bias as tf.Tensor1D)),
        };
      },
    ],
    [
      'a sum of two',
      ({ x, filter }) => {
        const convolved = tf.relu(convolve(x, filter));
        return { y: pool(tf.add(convolved, convolve(convolved, filter))) };
      },
    ],
    ['a pool before', ({ x, filter }) => ({ y: pool(tf.avgPool(convolve(x, filter), 2, 1, 'same')) })],
    [
      'a convolution, with the gradient',
      ({ x, filter }) => ({ dx: tf.grad((v) => pool(convolve(v, filter)))(x) }),
    ],
  ])('drops the search for NaN after %s', async (_, fn) => {
    const before = trace(fn, specs);
    const after = trustConvolutions(before);
    expect([looksForNaN(before), looksForNaN(after)]).toEqual([true, false]);
    await expectSameResults(lower(before), lower(after));
  });

  it.each<[string, TensorFunction]>([
    ['an input', ({ x }) => ({ y: pool(x) })],
    ['an input, with the gradient', ({ x }) => ({ dx: tf.grad((v) => pool(v))(x) })],
    ['an input beside one', ({ x, filter }) => ({ y: pool(tf.concat([convolve(x, filter), x], 3)) })],
    ['the sum of one and an input', ({ x, filter }) => ({ y: pool(tf.add(convolve(x, filter), x)) })],
    [
      'rows that an input may take out',
      ({ x, filter, bias }) => ({
        y: pool(tf.add(convolve(x, filter), tf.reshape(tf.tile(bias, [3]), [6, 1, 1]))),
      }),
    ],
    [
      'vectors beside one',
      ({ x, filter, bias }) => {
        const elements = tf.reshape(convolve(x, filter), [72]);
        return { y: pool(tf.reshape(tf.concat([elements, bias, bias, bias, bias]), [1, 8, 5, 2])) };
      },
    ],
    ['a quotient', ({ x, filter, bias }) => ({ y: pool(tf.div(tf.relu(convolve(x, filter)), bias)) })],
    ['a slope without end', ({ x, filter }) => ({ y: pool(tf.leakyRelu(convolve(x, filter), Infinity)) })],
    [
      'a constant with holes',
      ({ x, filter }) => ({ y: pool(tf.add(convolve(x, filter), tf.tensor1d([0, -Infinity]))) }),
    ],
    [
      'a convolution of which some was taken out',
      ({ x, filter, mask }) => ({ y: pool(tf.where(mask, convolve(x, filter), -Infinity)) }),
    ],
    [
      'a convolution with nothing around it',
      ({ x, filter }) => ({
        y: pool(
          tf.pad4d(
            convolve(x, filter),
            [
              [0, 0],
              [3, 0],
              [0, 0],
              [0, 0],
            ],
            -Infinity,
          ),
        ),
      }),
    ],
  ])('keeps it after %s', (_, fn) => {
    expect(looksForNaN(trustConvolutions(trace(fn, specs)))).toBe(true);
  });
});
