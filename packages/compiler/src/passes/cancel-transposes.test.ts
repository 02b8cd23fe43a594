import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { printGraph, type Graph } from '../graph.ts';
import { lower } from '../lower.ts';
import type { PassName } from '../simplify.ts';
import { drawValues } from '../testing/draw-values.ts';
import { findMismatch } from '../testing/mismatch.ts';
import { runModel, type HostTensor } from '../testing/run-onnx.ts';
import { runInTfjs } from '../testing/run-tfjs.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { tolerances } from '../testing/tolerances.ts';
import { trace, type InputSpec, type NamedTensors, type TensorFunction } from '../trace.ts';
import { cancelTransposes } from './cancel-transposes.ts';

const images: Record<string, InputSpec> = {
  x: { shape: [2, 5, 4, 3], dtype: 'float32' },
  w: { shape: [2, 2, 3, 6], dtype: 'float32' },
  v: { shape: [1, 1, 6, 2], dtype: 'float32' },
  b: { shape: [6], dtype: 'float32' },
};

const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');

function operators({ nodes }: Graph): string[] {
  return nodes.map(({ op }) => op);
}

/** The same function before and after the pass; both give the same results. */
async function rewritten(fn: TensorFunction, specs = images): Promise<{ before: Graph; after: Graph }> {
  const before = lower(trace(fn, specs));
  const after = cancelTransposes(before);
  await expectSameResults(before, after);
  return { before, after };
}

describe('cancelTransposes', () => {
  it('keeps a chain of convolutions in NCHW, with what is elementwise between them', async () => {
    const { before, after } = await rewritten(({ x, w, v, b }) => ({
      y: convolve(tf.relu(tf.add(convolve(x, w), b)), v),
    }));
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,5,4,3]
      %1 = input "w" : float32[2,2,3,6]
      %2 = input "v" : float32[1,1,6,2]
      %3 = input "b" : float32[6]
      %4 = Transpose(%1) {perm: [3,2,0,1]} : float32[6,3,2,2]
      %5 = Transpose(%0) {perm: [0,3,1,2]} : float32[2,3,5,4]
      %6 = Conv(%5, %4) {strides: [1,1], dilations: [1,1], pads: [0,0,1,1]} : float32[2,6,5,4]
      %7 = Transpose(%6) {perm: [0,2,3,1]} : float32[2,5,4,6]
      %8 = Add(%7, %3) : float32[2,5,4,6]
      %9 = Relu(%8) : float32[2,5,4,6]
      %10 = Transpose(%2) {perm: [3,2,0,1]} : float32[2,6,1,1]
      %11 = Transpose(%9) {perm: [0,3,1,2]} : float32[2,6,5,4]
      %12 = Conv(%11, %10) {strides: [1,1], dilations: [1,1], pads: [0,0,0,0]} : float32[2,2,5,4]
      %13 = Transpose(%12) {perm: [0,2,3,1]} : float32[2,5,4,2]
      output "y" = %13"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,5,4,3]
      %1 = input "w" : float32[2,2,3,6]
      %2 = input "v" : float32[1,1,6,2]
      %3 = input "b" : float32[6]
      %4 = constant [1, 6, 1, 1] : int64[4]
      %5 = Transpose(%1) {perm: [3,2,0,1]} : float32[6,3,2,2]
      %6 = Transpose(%0) {perm: [0,3,1,2]} : float32[2,3,5,4]
      %7 = Conv(%6, %5) {strides: [1,1], dilations: [1,1], pads: [0,0,1,1]} : float32[2,6,5,4]
      %8 = Reshape(%3, %4) : float32[1,6,1,1]
      %9 = Add(%7, %8) : float32[2,6,5,4]
      %10 = Relu(%9) : float32[2,6,5,4]
      %11 = Transpose(%2) {perm: [3,2,0,1]} : float32[2,6,1,1]
      %12 = Conv(%10, %11) {strides: [1,1], dilations: [1,1], pads: [0,0,0,0]} : float32[2,2,5,4]
      %13 = Transpose(%12) {perm: [0,2,3,1]} : float32[2,5,4,2]
      output "y" = %13"
    `);
  });

  it('merges transposes in a row', async () => {
    const { after } = await rewritten(({ x }) => ({
      y: tf.transpose(tf.transpose(x, [0, 3, 1, 2]), [3, 0, 1, 2]),
      same: tf.neg(tf.transpose(tf.transpose(x, [0, 3, 1, 2]), [0, 2, 3, 1])),
    }));
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,5,4,3]
      %1 = input "w" : float32[2,2,3,6]
      %2 = input "v" : float32[1,1,6,2]
      %3 = input "b" : float32[6]
      %4 = Transpose(%0) {perm: [2,0,3,1]} : float32[4,2,3,5]
      %5 = Neg(%0) : float32[2,5,4,3]
      output "y" = %4
      output "same" = %5"
    `);
  });

  it('makes a reshape of a transpose that moves no element', async () => {
    const { after } = await rewritten(({ x }) => ({ y: tf.neg(tf.transpose(x, [0, 2, 1, 3])) }), {
      x: { shape: [3, 1, 4, 1], dtype: 'float32' },
    });
    expect(operators(after)).toEqual(['Reshape', 'Neg']);
  });

  it('sums before it transposes, so that the gradient of a bias needs no transpose', async () => {
    const { after } = await rewritten(({ x }) => ({ y: tf.sum(tf.transpose(x, [0, 2, 3, 1]), [0, 1, 2]) }));
    expect(operators(after)).toEqual(['ReduceSum']);
  });

  it('transposes what a sum leaves, where order matters', async () => {
    const { after } = await rewritten(({ x }) => ({ y: tf.sum(tf.transpose(x, [3, 2, 1, 0]), [3]) }));
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,5,4,3]
      %1 = input "w" : float32[2,2,3,6]
      %2 = input "v" : float32[1,1,6,2]
      %3 = input "b" : float32[6]
      %4 = constant [0] : int64[1]
      %5 = ReduceSum(%0, %4) {keepdims: 0} : float32[5,4,3]
      %6 = Transpose(%5) {perm: [2,1,0]} : float32[3,4,5]
      output "y" = %6"
    `);
  });

  it('slices and joins before it transposes', async () => {
    const { after } = await rewritten(({ x }) => {
      const moved = tf.transpose(x, [0, 3, 1, 2]);
      return {
        y: tf.concat(
          [tf.slice(moved, [0, 1, 0, 0], [2, 2, 5, 2]), tf.slice(moved, [0, 0, 0, 2], [2, 2, 5, 2])],
          3,
        ),
      };
    });
    expect(operators(after)).toEqual(['Slice', 'Slice', 'Concat', 'Transpose']);
  });

  it('takes along operands that are numbers or vectors', async () => {
    const { after } = await rewritten(
      ({ x, channels, rows }) => {
        const moved = tf.transpose(x, [0, 3, 1, 2]);
        const mixed = tf.sub(tf.add(tf.mul(moved, 2), channels), rows);
        return { y: tf.transpose(tf.clipByValue(mixed, -1, 1), [0, 2, 3, 1]) };
      },
      {
        ...images,
        channels: { shape: [3, 1, 1], dtype: 'float32' },
        rows: { shape: [1, 1, 5, 1], dtype: 'float32' },
      },
    );
    expect(operators(after)).toEqual(['Mul', 'Reshape', 'Add', 'Reshape', 'Sub', 'Clip']);
  });

  it.each<[string, (inputs: NamedTensors) => tf.Tensor, readonly number[]]>([
    ['an operand that varies along two axes', ({ x, z }) => tf.add(tf.transpose(x, [0, 3, 1, 2]), z), [5, 4]],
    [
      'an operand transposed in another way',
      ({ x, z }) => tf.add(tf.transpose(x, [0, 3, 1, 2]), tf.transpose(z, [1, 0, 2, 3])),
      [3, 2, 5, 4],
    ],
    ['an operand of higher rank', ({ x, z }) => tf.add(tf.transpose(x, [0, 3, 1, 2]), z), [7, 1, 1, 1, 1]],
    ['a sum that keeps its axes', ({ x }) => tf.sum(tf.transpose(x, [0, 3, 1, 2]), [1], true), []],
    ['a mean', ({ x }) => tf.mean(tf.transpose(x, [0, 3, 1, 2]), [1]), []],
  ])('leaves %s behind its transpose', async (_, fn, shape) => {
    const { before, after } = await rewritten((inputs) => ({ y: fn(inputs) }), {
      ...images,
      z: { shape, dtype: 'float32' },
    });
    expect(printGraph(after)).toBe(printGraph(before));
  });
});

/** Loss and gradients of two blocks of convolution, ReLU and pooling, with a dense layer at the end. */
const twoBlocks: TensorFunction = ({ x, ...parameters }) => {
  const names = Object.keys(parameters);
  const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
    const p = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
    const block = (input: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.maxPool(tf.relu(tf.add(convolve(input, w), b)) as tf.Tensor4D, 2, 2, 'valid');
    const pooled = block(block(x, p['w1'], p['b1']), p['w2'], p['b2']);
    return tf.mean(tf.square(tf.matMul(tf.reshape(pooled, [3, -1]), p['w3'])));
  };
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => parameters[name]));
  return { loss: value, ...Object.fromEntries(names.map((name, i) => [`d${name}`, grads[i]])) };
};

const twoBlockSpecs: Record<string, InputSpec> = {
  x: { shape: [3, 8, 8, 1], dtype: 'float32' },
  w1: { shape: [3, 3, 1, 4], dtype: 'float32' },
  b1: { shape: [4], dtype: 'float32' },
  w2: { shape: [3, 3, 4, 6], dtype: 'float32' },
  b2: { shape: [6], dtype: 'float32' },
  w3: { shape: [24, 5], dtype: 'float32' },
};

describe('a train step with two convolutional blocks', () => {
  const point = Object.fromEntries(
    Object.entries(twoBlockSpecs).map(([name, spec], i): [string, HostTensor] => {
      return [name, { ...spec, data: drawValues({ ...spec, range: 'signed' }, 700 + i) }];
    }),
  );

  it.each<[string, readonly PassName[]]>([
    ['all passes', []],
    ['no cancelTransposes', ['cancelTransposes']],
    ['no poolByPhases', ['poolByPhases']],
    ['neither', ['cancelTransposes', 'poolByPhases']],
  ])('has the loss and the gradients of tfjs, with %s', async (_, without) => {
    const { bytes } = compile(twoBlocks, twoBlockSpecs, { name: 'step', without });
    const actual = await runModel(bytes, point);
    for (const [name, expected] of Object.entries(runInTfjs(twoBlocks, point))) {
      expect(findMismatch(actual[name], expected, tolerances.gradient), name).toBeUndefined();
    }
  });

  it('transposes filters, and images only where NCHW begins and ends', () => {
    const transposed = (without: readonly PassName[]): string[] =>
      compile(twoBlocks, twoBlockSpecs, { name: 'step', without: ['poolByPhases', ...without] })
        .graph.nodes.filter(({ op }) => op === 'Transpose')
        .map(({ inputs, outputs }) => `${inputs[0]!.shape.join('×')} → ${outputs[0].shape.join('×')}`);
    expect(transposed([])).toMatchInlineSnapshot(`
      [
        "3×3×1×4 → 4×1×3×3",
        "3×4×4×4 → 3×4×4×4",
        "3×3×4×6 → 6×4×3×3",
        "3×6×2×2 → 3×2×2×6",
        "3×2×2×6 → 3×6×2×2",
        "3×6×4×4 → 3×4×4×6",
        "3×3×4×6 → 4×6×3×3",
        "3×4×8×8 → 3×8×8×4",
      ]
    `);
    expect(transposed(['cancelTransposes'])).toHaveLength(18);
  });
});
