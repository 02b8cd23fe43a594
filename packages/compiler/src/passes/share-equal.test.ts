import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type TensorFunction } from '../trace.ts';
import { shareEqual } from './share-equal.ts';

const specs = { x: { shape: [3, 4], dtype: 'float32' } } as const;

describe('shareEqual', () => {
  it('computes equal things once, and what follows from them too', async () => {
    const fn: TensorFunction = ({ x }) => ({
      y: tf.add(tf.exp(tf.transpose(x)), 1),
      z: tf.sub(tf.exp(tf.transpose(x)), 1),
    });
    const before = lower(trace(fn, specs));
    const after = shareEqual(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3,4]
      %1 = constant [1] : float32[]
      %2 = constant [1] : float32[]
      %3 = Transpose(%0) {perm: [1,0]} : float32[4,3]
      %4 = Exp(%3) : float32[4,3]
      %5 = Add(%4, %1) : float32[4,3]
      %6 = Transpose(%0) {perm: [1,0]} : float32[4,3]
      %7 = Exp(%6) : float32[4,3]
      %8 = Sub(%7, %2) : float32[4,3]
      output "y" = %5
      output "z" = %8"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3,4]
      %1 = constant [1] : float32[]
      %2 = constant [1] : float32[]
      %3 = Transpose(%0) {perm: [1,0]} : float32[4,3]
      %4 = Exp(%3) : float32[4,3]
      %5 = Add(%4, %1) : float32[4,3]
      %6 = Sub(%4, %2) : float32[4,3]
      output "y" = %5
      output "z" = %6"
    `);
    await expectSameResults(before, after);
  });

  it('leaves one value for two equal outputs', async () => {
    const before = lower(trace(({ x }) => ({ y: tf.neg(x), z: tf.neg(x) }), specs));
    const after = shareEqual(before);
    expect(after.outputs[0].value).toBe(after.outputs[1].value);
    await expectSameResults(before, after);
  });

  it.each<[string, TensorFunction]>([
    ['other operators', ({ x }) => ({ y: tf.exp(x), z: tf.neg(x) })],
    ['other attributes', ({ x }) => ({ y: tf.cumsum(x, 0), z: tf.cumsum(x, 0, true) })],
    ['other real attributes', ({ x }) => ({ y: tf.leakyRelu(x, 0.1), z: tf.leakyRelu(x, 0.2) })],
    [
      'other infinities as attributes',
      ({ x }) => ({ y: tf.leakyRelu(x, Infinity), z: tf.leakyRelu(x, -Infinity) }),
    ],
    [
      'other constants',
      ({ x }) => ({
        y: tf.pad(x, [
          [0, 1],
          [0, 0],
        ]),
        z: tf.pad(x, [
          [1, 0],
          [0, 0],
        ]),
      }),
    ],
    ['another order of operands', ({ x }) => ({ y: tf.sub(x, 2), z: tf.sub(2, x) })],
    ['other signs of zero', ({ x }) => ({ y: tf.div(x, tf.scalar(0)), z: tf.div(x, tf.scalar(-0)) })],
  ])('keeps %s apart', async (_, fn) => {
    const before = lower(trace(fn, specs));
    const after = shareEqual(before);
    expect(after.nodes).toHaveLength(2);
    await expectSameResults(before, after);
  });
});
