import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { sumRowsByProduct } from './sum-rows-by-product.ts';

const matrix: Record<string, InputSpec> = { x: { shape: [5, 3], dtype: 'float32' } };

describe('sumRowsByProduct', () => {
  it('multiplies by a row of ones', async () => {
    const before = lower(trace(({ x }) => ({ y: tf.sum(x, 0) }), matrix));
    const after = sumRowsByProduct(before);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[5,3]
      %1 = constant [1, 1, 1, 1, 1] : float32[1,5]
      %2 = constant [3] : int64[1]
      %3 = MatMul(%1, %0) : float32[1,3]
      %4 = Reshape(%3, %2) : float32[3]
      output "y" = %4"
    `);
    await expectSameResults(before, after, { tolerance: 'sum' });
  });

  it('keeps the axis where the sum does', async () => {
    const before = lower(trace(({ x }) => ({ y: tf.sum(x, 0, true) }), matrix));
    const after = sumRowsByProduct(before);
    expect(after.nodes.map(({ op }) => op)).toEqual(['MatMul']);
    expect(after.outputs[0].value.shape).toEqual([1, 3]);
    await expectSameResults(before, after, { tolerance: 'sum' });
  });

  it.each<[string, TensorFunction, InputSpec]>([
    ['a sum of columns', ({ x }) => ({ y: tf.sum(x, 1) }), matrix['x']],
    ['a sum of everything', ({ x }) => ({ y: tf.sum(x) }), matrix['x']],
    ['a product', ({ x }) => ({ y: tf.prod(x, 0) }), matrix['x']],
    ['more axes', ({ x }) => ({ y: tf.sum(x, 0) }), { shape: [5, 3, 2], dtype: 'float32' }],
    ['integers', ({ x }) => ({ y: tf.sum(x, 0) }), { shape: [5, 3], dtype: 'int32' }],
    [
      'more rows than a constant should hold',
      ({ x }) => ({ y: tf.sum(x, 0) }),
      { shape: [1025, 3], dtype: 'float32' },
    ],
    ['no rows', ({ x }) => ({ y: tf.sum(x, 0) }), { shape: [0, 3], dtype: 'float32' }],
  ])('leaves %s alone', (_, fn, x) => {
    const before = lower(trace(fn, { x }));
    expect(printGraph(sumRowsByProduct(before))).toBe(printGraph(before));
  });
});
