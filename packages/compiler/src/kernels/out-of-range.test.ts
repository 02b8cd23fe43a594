import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { runModel } from '../testing/run-onnx.ts';

/** A use of positions, where tfjs `cpu` throws for those that are not there. */
interface Use {
  readonly name: string;
  readonly fn: (indices: tf.Tensor) => tf.Tensor;
  readonly shape: readonly number[];
  readonly good: readonly number[];
  readonly bad: readonly (readonly number[])[];
}

const x = [
  [1, 2, 3],
  [4, 5, 6],
];

const uses: readonly Use[] = [
  {
    name: 'gather',
    fn: (indices) => tf.gather(tf.tensor2d(x), indices, 1),
    shape: [2],
    good: [2, 0],
    bad: [
      [3, 0],
      [0, -1],
    ],
  },
  {
    name: 'gather by batches',
    fn: (indices) => tf.gather(tf.tensor2d(x), indices, 1, 1),
    shape: [2, 1],
    good: [2, 0],
    bad: [
      [3, 0],
      [0, -1],
    ],
  },
  {
    name: 'gatherND',
    fn: (indices) => tf.gatherND(tf.tensor2d(x), indices),
    shape: [1, 2],
    good: [1, 2],
    bad: [
      [2, 0],
      [0, -1],
    ],
  },
  {
    name: 'scatterND',
    fn: (indices) => tf.scatterND(indices, tf.tensor2d(x), [4, 3]),
    shape: [2, 1],
    good: [3, 0],
    bad: [
      [4, 0],
      [0, -1],
    ],
  },
  {
    name: 'tensorScatterUpdate',
    fn: (indices) => tf.tensorScatterUpdate(tf.zeros([4]), indices, tf.tensor1d([1, 2])),
    shape: [2, 1],
    good: [3, 0],
    bad: [
      [4, 0],
      [0, -1],
    ],
  },
  {
    name: 'sparseToDense',
    fn: (indices) => tf.sparseToDense(indices, tf.tensor1d([1, 2]), [4]),
    shape: [2],
    good: [3, 0],
    bad: [
      [4, 0],
      [0, -1],
    ],
  },
  {
    name: 'bincount, which leaves out what is too large',
    fn: (indices) => tf.bincount(indices as tf.Tensor1D, tf.tensor1d([]), 3),
    shape: [2],
    good: [3, 0],
    bad: [[0, -1]],
  },
  {
    name: 'denseBincount, also in another row',
    fn: (indices) => tf.denseBincount(indices as tf.Tensor2D, tf.zeros<tf.Rank.R2>([0, 0]), 3),
    shape: [2, 1],
    good: [3, 0],
    bad: [[0, -1]],
  },
  {
    name: 'broadcastArgs',
    fn: (shape) => tf.broadcastArgs(shape, tf.tensor1d([2, 1], 'int32')),
    shape: [2],
    good: [1, 7],
    bad: [[3, 1]],
  },
];

describe('a run fails for positions that are not there', () => {
  it.each(uses)('in $name', async ({ fn, shape, good, bad }) => {
    const { bytes } = compile(
      ({ indices }) => ({ y: fn(indices) }),
      { indices: { shape, dtype: 'int32' } },
      { name: 'uses' },
    );
    const run = (values: readonly number[]): Promise<unknown> =>
      runModel(bytes, { indices: { shape, dtype: 'int32', data: Int32Array.from(values) } });
    await expect(run(good)).resolves.toBeDefined();
    for (const values of bad) await expect(run(values)).rejects.toThrow(/out of.*bounds/);
  });

  it('with an error that has the layer, the kernel and the index', async () => {
    const words = tf.layers.embedding({ name: 'words', inputDim: 4, outputDim: 2 });
    words.build([null]);
    const shape = [1, 3];
    const { bytes } = compile(
      ({ x }) => ({ y: words.apply(x) as tf.Tensor }),
      { x: { shape, dtype: 'int32' } },
      { name: 'sentence' },
    );
    const run = (...values: readonly number[]): Promise<unknown> =>
      runModel(bytes, { x: { shape, dtype: 'int32', data: Int32Array.from(values) } });
    await expect(run(0, 9, 1)).rejects.toThrow(/Name:'words\/GatherV2\/Gather_\d+'.* idx=9 .*\[-4,3\]/);
    // A negative one is told less the number of rows: -1 - 4.
    await expect(run(0, -1, 1)).rejects.toThrow(/Name:'words\/GatherV2\/Gather_\d+'.* idx=-5 .*\[-4,3\]/);
  });
});
