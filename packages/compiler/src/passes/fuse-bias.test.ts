import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph, type Graph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { cancelTransposes } from './cancel-transposes.ts';
import { fuseBias } from './fuse-bias.ts';

const dense: Record<string, InputSpec> = {
  x: { shape: [5, 3], dtype: 'float32' },
  w: { shape: [3, 4], dtype: 'float32' },
  b: { shape: [4], dtype: 'float32' },
};

const images: Record<string, InputSpec> = {
  x: { shape: [2, 3, 4, 5], dtype: 'float32' },
  w: { shape: [2, 2, 3, 6], dtype: 'float32' },
  b: { shape: [6], dtype: 'float32' },
};

const convolve: TensorFunction = ({ x, w }) => ({
  y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NCHW'),
});

describe('fuseBias', () => {
  it('gives a bias to the product', async () => {
    const before = lower(trace(({ x, w, b }) => ({ y: tf.add(tf.matMul(x, w), b) }), dense));
    const after = fuseBias(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[5,3]
      %1 = input "w" : float32[3,4]
      %2 = input "b" : float32[4]
      %3 = Gemm(%0, %1) {transA: 0, transB: 0} : float32[5,4]
      %4 = Add(%3, %2) : float32[5,4]
      output "y" = %4"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[5,3]
      %1 = input "w" : float32[3,4]
      %2 = input "b" : float32[4]
      %3 = Gemm(%0, %1, %2) {transA: 0, transB: 0} : float32[5,4]
      output "y" = %3"
    `);
    await expectSameResults(before, after);
  });

  it('gives a bias that stands on the left, and has rank 2', async () => {
    const fn: TensorFunction = ({ x, w, b }) => ({ y: tf.add(tf.reshape(b, [1, 4]), tf.matMul(x, w)) });
    const before = lower(trace(fn, dense));
    const after = fuseBias(before);
    expect(after.nodes.map(({ op }) => op)).toEqual(['Gemm']);
    await expectSameResults(before, after);
  });

  it('gives a bias by channel to a convolution', async () => {
    const fn: TensorFunction = (inputs) => ({
      y: tf.add(convolve(inputs)['y'], tf.reshape(inputs['b'], [6, 1, 1])),
    });
    const before = lower(trace(fn, images));
    const after = fuseBias(before);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3,4,5]
      %1 = input "w" : float32[2,2,3,6]
      %2 = input "b" : float32[6]
      %3 = Transpose(%1) {perm: [3,2,0,1]} : float32[6,3,2,2]
      %4 = Conv(%0, %3, %2) {strides: [1,1], dilations: [1,1], pads: [0,0,0,0]} : float32[2,6,3,4]
      output "y" = %4"
    `);
    await expectSameResults(before, after);
  });

  it('gives a bias by channel to a transposed convolution', async () => {
    const specs: Record<string, InputSpec> = {
      x: { shape: [2, 3, 4, 5], dtype: 'float32' },
      w: { shape: [3, 3, 6, 5], dtype: 'float32' },
      b: { shape: [6], dtype: 'float32' },
    };
    const fn: TensorFunction = ({ x, w, b }) => ({
      y: tf.add(tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 8, 6], 2, 'same'), b),
    });
    // The transpose to tfjs's layout stands between product and bias until it is moved.
    const before = cancelTransposes(lower(trace(fn, specs)));
    const after = fuseBias(before);
    const convolutions = ({ nodes }: Graph): string[] =>
      nodes.filter(({ op }) => op !== 'Transpose' && op !== 'Reshape').map(({ op }) => op);
    expect(convolutions(before)).toEqual(['ConvTranspose', 'Add']);
    expect(convolutions(after)).toEqual(['ConvTranspose']);
    await expectSameResults(before, after, { tolerance: 'sum' });
  });

  it('leaves a convolution the name of its kernel and layer', () => {
    const layer = tf.layers.conv2d({ name: 'edges', filters: 6, kernelSize: 2, useBias: false });
    layer.build([2, 3, 4, 5]);
    const fn: TensorFunction = ({ x, b }) => ({ y: tf.add(layer.apply(x) as tf.Tensor, b) });
    const { nodes } = fuseBias(cancelTransposes(lower(trace(fn, images))));
    const [{ inputs, layer: name, kernel }] = nodes.filter(({ op }) => op === 'Conv');
    expect([inputs.length, name, kernel]).toEqual([3, 'edges', 'FusedConv2D']);
  });

  it('gives no second bias to a product that has one', async () => {
    const before = lower(trace(({ x, w, b }) => ({ y: tf.add(tf.add(tf.matMul(x, w), b), b) }), dense));
    const after = fuseBias(fuseBias(before));
    expect(after.nodes.map(({ op, inputs }) => `${op} of ${inputs.length}`)).toEqual([
      'Gemm of 3',
      'Add of 2',
    ]);
    await expectSameResults(before, after, { tolerance: 'sum' });
  });

  it.each<[string, TensorFunction, Record<string, InputSpec>]>([
    [
      'a product that is used twice',
      ({ x, w, b }) => {
        const product = tf.matMul(x, w);
        return { y: tf.add(product, b), z: tf.neg(product) };
      },
      dense,
    ],
    [
      'a product that is an output',
      ({ x, w, b }) => {
        const product = tf.matMul(x, w);
        return { y: tf.add(product, b), product };
      },
      dense,
    ],
    ['one number', ({ x, w }) => ({ y: tf.add(tf.matMul(x, w), 1) }), dense],
    [
      'a bias by row',
      ({ x, w, b }) => ({ y: tf.add(tf.matMul(x, w), b) }),
      { ...dense, b: { shape: [5, 1], dtype: 'float32' } },
    ],
    [
      'a bias by element',
      ({ x, w, b }) => ({ y: tf.add(tf.matMul(x, w), b) }),
      { ...dense, b: { shape: [5, 4], dtype: 'float32' } },
    ],
    [
      'a bias that makes the result larger',
      ({ x, w, b }) => ({ y: tf.add(tf.matMul(x, w), b) }),
      { ...dense, b: { shape: [2, 1, 4], dtype: 'float32' } },
    ],
    [
      'a bias along the last axis of an image in NCHW',
      (inputs) => ({ y: tf.add(convolve(inputs)['y'], inputs['b']) }),
      { ...images, b: { shape: [4], dtype: 'float32' } },
    ],
    ['a second bias', ({ x, w, b }) => ({ y: tf.add(tf.fused.matMul({ a: x, b: w, bias: b }), b) }), dense],
    ['a difference', ({ x, w, b }) => ({ y: tf.sub(tf.matMul(x, w), b) }), dense],
  ])('leaves %s alone', (_, fn, specs) => {
    const before = lower(trace(fn, specs));
    expect(printGraph(fuseBias(before))).toBe(printGraph(before));
  });
});
