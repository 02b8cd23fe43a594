import { brotliCompressSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { printGraph, type Graph } from '../graph.ts';
import { lower } from '../lower.ts';
import { checkGraph } from '../onnx/check-graph.ts';
import { findMismatch } from '../testing/mismatch.ts';
import { runModel } from '../testing/run-onnx.ts';
import { fixedWeights } from '../testing/small-models.ts';
import { tolerances } from '../testing/tolerances.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { storeAsIntegers, type IntegerWeights } from './store-as-integers.ts';

/** Rounds each channel along `axis` to multiples of its largest magnitude over an integer, on tensors. */
function rounded(weights: tf.Tensor, axis: number, largestInteger: number): tf.Tensor {
  return tf.tidy(() => {
    const others = weights.shape.map((_, i) => i).filter((i) => i !== axis);
    const scales = tf.div(tf.max(tf.abs(weights), others, true), largestInteger);
    // 0/0 where a channel is nothing but zeros.
    return tf.mul(tf.round(tf.divNoNan(weights, scales)), scales);
  });
}

/** Weights whose channels along `axis` are 1, 2, 3, … times as large, so that only scales along it suit them. */
function channelled(shape: readonly number[], axis: number): tf.Tensor {
  const sizes = tf.range(1, shape[axis] + 1).reshape(shape.map((size, i) => (i === axis ? size : 1)));
  return tf.mul(fixedWeights(shape, 61), sizes);
}

interface Weighted {
  readonly name: string;
  readonly weights: tf.Tensor;
  /** Along which the weights are rounded. */
  readonly axis: number;
  readonly x: readonly number[];
  readonly fn: (x: tf.Tensor, weights: tf.Tensor) => tf.Tensor;
}

const rows: readonly Weighted[] = [
  {
    name: 'a matrix, by column',
    weights: channelled([40, 33], 1),
    axis: 1,
    x: [3, 40],
    fn: (x, w) => tf.matMul(x, w),
  },
  {
    name: 'a matrix, by row',
    weights: channelled([40, 33], 0),
    axis: 0,
    x: [3, 40],
    fn: (x, w) => tf.matMul(x, w),
  },
  {
    name: 'a transposed matrix, by row',
    weights: channelled([40, 33], 0),
    axis: 0,
    x: [3, 33],
    fn: (x, w) => tf.matMul(x, w, false, true),
  },
  {
    name: 'a matrix and its transpose',
    weights: channelled([40, 33], 1),
    axis: 1,
    x: [3, 40],
    fn: (x, w) => tf.matMul(tf.matMul(x, w), w, false, true),
  },
  {
    name: 'filters, by output channel',
    weights: channelled([3, 3, 8, 16], 3),
    axis: 3,
    x: [2, 5, 4, 8],
    fn: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
  },
  {
    name: 'filters of a transposed convolution, by output channel',
    weights: channelled([3, 3, 16, 8], 2),
    axis: 2,
    x: [2, 3, 2, 8],
    fn: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 4, 16], 2, 'same'),
  },
  {
    name: 'a matrix with columns of zeros',
    weights: tf.mul(channelled([40, 33], 1), tf.tensor(Array.from({ length: 33 }, (_, i) => i % 2))),
    axis: 1,
    x: [3, 40],
    fn: (x, w) => tf.matMul(x, w),
  },
  {
    name: 'a matrix of zeros',
    weights: tf.zeros([40, 33]),
    axis: 1,
    x: [3, 40],
    fn: (x, w) => tf.matMul(x, w),
  },
];

const functionOf =
  ({ fn }: Weighted, weights: tf.Tensor): TensorFunction =>
  ({ x }) => ({ y: fn(x, weights) });
const specsOf = ({ x }: Weighted): Record<string, InputSpec> => ({ x: { shape: x, dtype: 'float32' } });

describe.each([
  ['int8', 127],
  ['int6', 31],
] as const)('storeAsIntegers to %s', (integers, largestInteger) => {
  it.each(rows)('rounds $name to what its channels resolve, and no further', async (row) => {
    const specs = specsOf(row);
    const x = { ...specs['x'], data: fixedWeights(row.x, 62).dataSync<'float32'>() };
    const answer = async (weights: tf.Tensor, stored: 'float32' | IntegerWeights) => {
      const { bytes } = compile(functionOf(row, weights), specs, { name: row.name, weights: stored });
      return (await runModel(bytes, { x }))['y'];
    };
    const actual = await answer(row.weights, integers);
    const expected = await answer(rounded(row.weights, row.axis, largestInteger), 'float32');
    expect(findMismatch(actual, expected, tolerances.sum)).toBeUndefined();
    const exact = (await answer(row.weights, 'float32')).data as Float32Array;
    const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const off = exact.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(actual.data[i]))), 0);
    expect(off).toBeLessThanOrEqual((1.3 / largestInteger) * largest);
    if (largest > 0) expect(off).toBeGreaterThan(0);
  });
});

describe('storeAsIntegers', () => {
  it('restores a constant by Cast and Mul, and leaves biases, small and unbounded ones alone', () => {
    const large = channelled([64, 32], 1);
    const small = fixedWeights([32, 31], 63);
    const unbounded = tf.fill([31, 64], Infinity);
    const before = lower(
      trace(({ x }) => ({ y: tf.matMul(tf.add(tf.matMul(tf.matMul(x, large), small), 1), unbounded) }), {
        x: { shape: [2, 64], dtype: 'float32' },
      }),
    );
    const after = storeAsIntegers(before, 'int8');
    checkGraph(after, 'storeAsIntegers');
    const ops = ({ nodes }: Graph): string[] => nodes.map(({ op }) => op);
    expect(ops(after)).toEqual(['Cast', 'Mul', ...ops(before)]);
    expect(printGraph(after)).toMatch(/ = constant \[.*…\] : int8\[64,32\]\n/);
    expect(printGraph(after)).toMatch(/ = constant \[.*…\] : float32\[1,32\]\n/);
    expect(printGraph(after)).toMatch(/ = constant \[.*…\] : float32\[32,31\]\n/);
    expect(printGraph(after)).toMatch(/ = constant \[Infinity.*…\] : float32\[31,64\]\n/);
    expect(printGraph(after)).not.toContain('float32[64,32] = constant');
    const bias = tf.fill([2000], 0.3);
    const sum = lower(trace(({ x }) => ({ y: tf.add(x, bias) }), { x: { shape: [2000], dtype: 'float32' } }));
    expect(printGraph(storeAsIntegers(sum, 'int8'))).toBe(printGraph(sum));
  });

  it('takes a quarter of the bytes, and int6 still less of what is packed', () => {
    const weights = fixedWeights([784, 128], 64);
    const file = (stored: 'float32' | IntegerWeights): Uint8Array =>
      compile(
        ({ x }) => ({ y: tf.matMul(x, weights) }),
        { x: { shape: ['N', 784], dtype: 'float32' } },
        { name: 'size', weights: stored },
      ).bytes;
    expect(file('float32').length / file('int8').length).toBeGreaterThan(3.8);
    expect(file('int6').length).toBe(file('int8').length);
    // Evenly spread weights are the hardest to pack: 63 levels take 6 bits.
    const packed = (stored: IntegerWeights): number => brotliCompressSync(file(stored)).length;
    expect(packed('int6') / packed('int8')).toBeLessThan(0.8);
  });

  it('stores a matrix in the same integers whichever way a graph multiplies with it', () => {
    const matrix = fixedWeights([16, 80], 65);
    const stored = (transpose: boolean): string[] =>
      printGraph(
        compile(
          ({ x }) => ({ y: tf.matMul(x, matrix, false, transpose) }),
          { x: { shape: ['N', transpose ? 80 : 16], dtype: 'float32' } },
          { name: 'either', weights: 'int8' },
        ).graph,
      )
        .split('\n')
        .flatMap((line) => /constant .* : (?:int8|float32).*$/.exec(line) ?? []);
    expect(stored(true)).toHaveLength(2);
    expect(stored(true)).toEqual(stored(false));
  });
});
