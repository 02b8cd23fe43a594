import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { explainIndex } from './explain-index.ts';
import './node.ts';

const said = (name: string, index: number): string =>
  `Non-zero status code returned while running Gather node. Name:'${name}' Status Message: indices element out of data bounds, idx=${index} must be within the inclusive range [-4,3]`;

it('tells kernel, layer and index, also one that was negative', () => {
  const subject = 'kernel "GatherV2" of layer "model/words"';
  expect(explainIndex(said('model/words/GatherV2/Gather_6', 9))).toEqual({
    subject,
    rule: 'indices must be rows from 0 to 3, and one is 9; look at what it is given',
  });
  expect(explainIndex(said('model/words/GatherV2/Gather_6', -5))?.rule).toContain('and one is -1;');
});

it.each(['ScatterNd', 'GatherV2 by batches'])(
  'tells no index and no range of %s, which reckons with it before',
  (kernel) => {
    expect(explainIndex(said(`${kernel}/Gather_4`, 4))).toEqual({
      subject: `kernel "${kernel}"`,
      rule: 'positions must be in range, and one is not; look at what it is given',
    });
  },
);

it.each<[string, () => tf.Tensor]>([
  ['GatherV2 by batches', () => tf.gather(tf.ones([2, 3]), tf.tensor2d([[3], [0]], [2, 1], 'int32'), 1, 1)],
  ['ScatterNd', () => tf.scatterND(tf.tensor2d([[9], [0]], [2, 1], 'int32'), tf.ones([2, 3]), [4, 3])],
  ['Bincount', () => tf.bincount(tf.tensor1d([0, -1], 'int32'), tf.tensor1d([]), 3)],
  ['GatherNd', () => tf.gatherND(tf.ones([4]), tf.tensor2d([[-1]], [1, 1], 'int32'))],
])('says of %s what is true', async (kernel, op) => {
  await tf.setBackend('onnx');
  expect(() => op().dataSync()).toThrow(
    `Cannot run kernel "${kernel}" on onnxruntime-node (cpu): its positions must be in range, and one is not; look at what it is given.`,
  );
});

it('leaves other failures alone', () => {
  expect(explainIndex('bad allocation')).toBeUndefined();
});
