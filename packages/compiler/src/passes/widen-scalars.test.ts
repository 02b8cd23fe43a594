import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { widenScalars } from './widen-scalars.ts';

const images: Record<string, InputSpec> = {
  x: { shape: [2, 3, 4, 1], dtype: 'float32' },
  s: { shape: [], dtype: 'float32' },
};

describe('widenScalars', () => {
  it('gives a constant and a computed number an axis beside the last that is longer', async () => {
    const before = lower(trace(({ x, s }) => ({ y: tf.sub(s, tf.div(x, 255)) }), images));
    const after = widenScalars(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3,4,1]
      %1 = input "s" : float32[]
      %2 = constant [255] : float32[]
      %3 = Div(%0, %2) : float32[2,3,4,1]
      %4 = Sub(%1, %3) : float32[2,3,4,1]
      output "y" = %4"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3,4,1]
      %1 = input "s" : float32[]
      %2 = constant [255] : float32[1,1]
      %3 = constant [1, 1] : int64[2]
      %4 = Div(%0, %2) : float32[2,3,4,1]
      %5 = Reshape(%1, %3) : float32[1,1]
      %6 = Sub(%5, %4) : float32[2,3,4,1]
      output "y" = %6"
    `);
    await expectSameResults(before, after);
  });

  it.each<[string, TensorFunction, Record<string, InputSpec>]>([
    [
      'several last axes of 1',
      ({ x, s }) => ({ y: tf.mul(x, s) }),
      { ...images, x: { shape: [3, 1, 1], dtype: 'float32' } },
    ],
    [
      'a number with an axis',
      ({ x, s }) => ({ y: tf.maximum(x, s) }),
      { ...images, s: { shape: [1], dtype: 'float32' } },
    ],
    ['a comparison', ({ x, s }) => ({ y: tf.greater(x, s) }), images],
    ['a choice between tensor and number', ({ x, s }) => ({ y: tf.where(tf.less(x, 0), s, x) }), images],
    [
      'integers',
      ({ x, s }) => ({ y: tf.mul(x, s) }),
      { x: { shape: [3, 1], dtype: 'int32' }, s: { shape: [], dtype: 'int32' } },
    ],
    [
      'an empty tensor',
      ({ x, s }) => ({ y: tf.add(x, s) }),
      { ...images, x: { shape: [0, 1], dtype: 'float32' } },
    ],
  ])('computes the same with %s', async (_, fn, specs) => {
    const before = lower(trace(fn, specs));
    const after = widenScalars(before);
    expect(printGraph(after)).not.toBe(printGraph(before));
    await expectSameResults(before, after);
  });

  it.each<[string, TensorFunction, Record<string, InputSpec>]>([
    [
      'a tensor whose last axis is longer',
      ({ x, s }) => ({ y: tf.mul(x, s) }),
      { ...images, x: { shape: [3, 1, 2], dtype: 'float32' } },
    ],
    ['two numbers', ({ s }) => ({ y: tf.mul(s, 2) }), images],
    [
      'a tensor of one element',
      ({ x, s }) => ({ y: tf.mul(x, s) }),
      { ...images, x: { shape: [1, 1, 1], dtype: 'float32' } },
    ],
    [
      'a number that is wide enough',
      ({ x, s }) => ({ y: tf.mul(x, s) }),
      { ...images, s: { shape: [1, 1], dtype: 'float32' } },
    ],
    ['two tensors', ({ x }) => ({ y: tf.mul(x, x) }), images],
    [
      'the bounds of a clip, which ONNX wants without axes',
      ({ x }) => ({ y: tf.clipByValue(x, 0, 1) }),
      images,
    ],
  ])('leaves %s alone', (_, fn, specs) => {
    const before = lower(trace(fn, specs));
    expect(printGraph(widenScalars(before))).toBe(printGraph(before));
  });
});
