import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph, type Graph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type TensorFunction } from '../trace.ts';
import { foldUniform } from './fold-uniform.ts';

const specs = { x: { shape: [2, 3], dtype: 'float32' } } as const;

function lowered(fn: TensorFunction): Graph {
  return lower(trace(fn, specs));
}

describe('foldUniform', () => {
  it('computes the ones that a gradient starts from', async () => {
    const before = lowered(({ x }) => ({ dx: tf.grad((v) => tf.mean(tf.square(v)))(x) }));
    const after = foldUniform(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = constant [1] : float32[]
      %2 = constant [1, 1, 1, 1, 1, 1] : float32[2,3]
      %3 = constant [6] : float32[]
      %4 = constant [2] : float32[]
      %5 = constant [1, 1] : int64[2]
      %6 = Mul(%0, %0) : float32[2,3]
      %7 = ReduceMean(%6) {axes: [0,1], keepdims: 0} : float32[]
      %8 = Reshape(%1, %5) : float32[1,1]
      %9 = Mul(%8, %2) : float32[2,3]
      %10 = Div(%9, %3) : float32[2,3]
      %11 = Mul(%0, %4) : float32[2,3]
      %12 = Mul(%10, %11) : float32[2,3]
      output "dx" = %12"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = constant [2] : float32[]
      %2 = constant [0.1666666716337204] : float32[]
      %3 = Mul(%0, %1) : float32[2,3]
      %4 = Mul(%2, %3) : float32[2,3]
      output "dx" = %4"
    `);
    await expectSameResults(before, after);
  });

  it.each<[string, TensorFunction, number[]]>([
    [
      'Add',
      () => ({ y: tf.add(tf.fill([2], 0.1), tf.fill([2], 0.2)) }),
      [Math.fround(Math.fround(0.1) + Math.fround(0.2))],
    ],
    ['Sub', () => ({ y: tf.sub(tf.fill([2], 3), tf.fill([1], 5)) }), [-2]],
    ['Mul', () => ({ y: tf.mul(tf.fill([2], 3), tf.fill([2], NaN)) }), [NaN]],
    ['Div', () => ({ y: tf.div(tf.fill([2], 1), tf.fill([2], 0)) }), [Infinity]],
    ['Neg', () => ({ y: tf.neg(tf.fill([2], 0)) }), [-0]],
    ['Reshape', () => ({ y: tf.reshape(tf.fill([2, 3], 7), [6]) }), [7]],
    ['Transpose', () => ({ y: tf.transpose(tf.fill([2, 3], 7)) }), [7]],
    ['Cast to int32', () => ({ y: tf.cast(tf.fill([2], -2.7), 'int32') }), [-2]],
    [
      'Cast to int32 of what does not fit',
      () => ({ y: tf.cast(tf.fill([2], 3e9), 'int32') }),
      [3e9 - 2 ** 32],
    ],
    ['Clip', () => ({ y: tf.clipByValue(tf.fill([2], 7), 0, 6) }), [6]],
    ['Cast to bool', () => ({ y: tf.cast(tf.fill([2], 0.5), 'bool') }), [1]],
    ['Cast of 256 to bool', () => ({ y: tf.cast(tf.fill([2], 256), 'bool') }), [1]],
    ['Cast of NaN to bool', () => ({ y: tf.cast(tf.fill([2], NaN), 'bool') }), [1]],
  ])('folds %s', async (_, fn, [value]) => {
    const before = lowered(fn);
    const after = foldUniform(before);
    expect(after.nodes.map(({ op }) => op)).toEqual(['Expand']);
    const [number] = after.nodes[0].inputs;
    expect([...after.constants.get(number!)!].map(Number)).toEqual([value]);
    await expectSameResults(before, after);
  });

  it.each<[string, TensorFunction]>([
    ['x - 0', ({ x }) => ({ y: tf.sub(x, 0) })],
    ['x · 1', ({ x }) => ({ y: tf.mul(x, tf.ones([2, 3])) })],
    ['1 · x', ({ x }) => ({ y: tf.mul(tf.ones([3]), x) })],
    ['x / 1', ({ x }) => ({ y: tf.div(x, tf.ones([1, 3])) })],
  ])('drops %s', (_, fn) => {
    expect(foldUniform(lowered(fn)).nodes).toEqual([]);
  });

  it.each<[string, TensorFunction]>([
    ['x + 0, which makes 0 of -0', ({ x }) => ({ y: tf.add(x, 0) })],
    ['0 · x, which keeps NaN', ({ x }) => ({ y: tf.mul(x, 0) })],
    ['1 - x', ({ x }) => ({ y: tf.sub(1, x) })],
    ['1 / x', ({ x }) => ({ y: tf.div(1, x) })],
  ])('keeps %s', async (_, fn) => {
    const before = lowered(fn);
    const after = foldUniform(before);
    expect(after.nodes).toHaveLength(1);
    const data = Float32Array.of(NaN, 0, -0, Infinity, -Infinity, 2);
    await expectSameResults(before, after, { inputs: { x: { ...specs.x, data } } });
  });

  it('keeps an operand that gives the result its shape', async () => {
    const before = lowered(({ x }) => ({ y: tf.add(x, tf.ones([4, 1, 1])) }));
    const after = foldUniform(before);
    expect(after.outputs[0].value.shape).toEqual([4, 2, 3]);
    await expectSameResults(before, after);
  });

  it('says that a tensor of equal numbers is one number', async () => {
    const before = lowered(({ x }) => ({ y: tf.sub(tf.tensor([2, 2, 2]), x) }));
    const after = foldUniform(before);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = constant [2] : float32[]
      %2 = Sub(%1, %0) : float32[2,3]
      output "y" = %2"
    `);
    await expectSameResults(before, after);
  });

  it('does not take 0 and -0 for one number', () => {
    const before = lowered(({ x }) => ({ y: tf.div(x, tf.tensor([0, -0, 0])) }));
    expect(printGraph(foldUniform(before))).toBe(printGraph(before));
  });
});
