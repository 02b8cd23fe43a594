import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LazyBackend } from './lazy-backend.ts';
import './node.ts';

let backend: LazyBackend;
beforeAll(async () => {
  await tf.setBackend('onnx');
  backend = tf.backend() as unknown as LazyBackend;
});

/** What an op gives for each of these numbers, on a backend. */
async function results(name: string, numbers: readonly number[], op: (number: number) => tf.Tensor) {
  await tf.setBackend(name);
  return numbers.map((number) => tf.tidy(() => [...op(number).dataSync()]));
}

const special = [0.5, -0, NaN, Infinity, -Infinity, -3, 7, 2];
const numbers = [0, 1, 2, 3, 4, 5];

describe('numbers that vary from call to call', () => {
  it.each<[string, (number: number) => tf.Tensor]>([
    ['bounds of clipByValue', (i) => tf.clipByValue(special, -i, i + 0.25)],
    ['bounds of integers', (i) => tf.clipByValue(tf.tensor1d([-9, 3, 9], 'int32'), -i, i)],
    ['the slope of leakyRelu', (i) => tf.leakyRelu(special, i / 8)],
    ['the slope of leakyRelu of integers', (i) => tf.leakyRelu(tf.tensor1d([-9, 3], 'int32'), i / 8)],
    ['the number that fill takes', (i) => tf.fill([300], i - 2).add(tf.range(0, 300))],
    [
      'the places of slices',
      (i) =>
        tf
          .square(tf.range(0, 96))
          .reshape([8, 12])
          .slice([i, 2 * i], [2, 2]),
    ],
    ['the rows of slices', (i) => tf.greater(tf.range(0, 8).square(), 9).slice(i, 2)],
  ])('give what they give on tfjs cpu: %s', async (_, op) => {
    expect(await results('onnx', numbers, op)).toEqual(await results('cpu', numbers, op));
  });

  it.each<[string, (number: number) => tf.Tensor]>([
    ['bounds', (i) => tf.clipByValue(tf.range(0, 11), i, i + 1)],
    ['slopes', (i) => tf.leakyRelu(tf.range(-5, 7), i)],
    ['fills', (i) => tf.fill([400], i).add(1)],
    ['images of one grey', (i) => tf.tensor(new Float32Array(784).fill(i / 9)).mul(2)],
    ['slices', (i) => tf.square(tf.range(0, 333)).slice([i], [4])],
  ])('compile two graphs at most: %s', async (_, op) => {
    await tf.setBackend('onnx');
    const { compiled } = backend.counts();
    await results('onnx', [...Array(20).keys()], op);
    expect(backend.counts().compiled - compiled).toBeLessThanOrEqual(2);
  });
});

describe('a model that is asked about many batches at once', () => {
  const batches = 100;
  const makeModel = (): tf.Sequential => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 7, activation: 'tanh', inputShape: [5] }),
        tf.layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  };
  it.each<[string, (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) => tf.Tensor]>([
    ['predict', (model, x) => model.predict(x, { batchSize: 3 }) as tf.Tensor],
    ['evaluate', (model, x, y) => (model.evaluate(x, y, { batchSize: 3 }) as tf.Scalar[])[1]],
    [
      'evaluate after setWeights',
      (model, x, y) => {
        const weights = model.getWeights().map((weight) => tf.tensor(weight.dataSync(), weight.shape));
        model.setWeights(weights);
        tf.dispose(weights);
        return (model.evaluate(x, y, { batchSize: 3 }) as tf.Scalar[])[1];
      },
    ],
  ])('runs few graphs, and compiles none the second time: %s', async (_, ask) => {
    await tf.setBackend('onnx');
    const model = makeModel();
    const x = tf.randomNormal([3 * batches, 5], 0, 1, 'float32', 1);
    const y = tf.oneHot(tf.randomUniform([3 * batches], 0, 2, 'int32', 1), 2);
    await Promise.all([x.data(), y.data()]);
    const counted = [backend.counts()];
    const answers: number[][] = [];
    for (let i = 0; i < 2; i++) {
      const answer = ask(model, x, y);
      answers.push([...(await answer.data())]);
      answer.dispose();
      counted.push(backend.counts());
    }
    const [before, first, second] = counted;
    expect(first.compiled - before.compiled).toBeLessThanOrEqual(6);
    expect(first.runs - before.runs).toBeGreaterThan(3);
    expect(second.compiled).toBe(first.compiled);
    expect(answers[1]).toEqual(answers[0]);
    await tf.setBackend('cpu');
    const onCpu = ask(model, x, y);
    (await onCpu.data()).forEach((value, i) => {
      expect(answers[0][i]).toBeCloseTo(value, 5);
    });
    tf.dispose([x, y, onCpu]);
  });

  it('is validated in fit by few graphs, too, where each batch is recorded', async () => {
    await tf.setBackend('onnx');
    const model = makeModel();
    // A metric that is the program's own may be another function each time.
    const ownMetric = (label: tf.Tensor, predicted: tf.Tensor): tf.Tensor => label.sub(predicted).abs();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [ownMetric] });
    const [x, y] = [tf.ones([3 * batches, 5]), tf.ones([3 * batches, 2])];
    const counted: { runs: number; compiled: number }[] = [];
    await model.fit(tf.ones([3, 5]), tf.ones([3, 2]), {
      batchSize: 3,
      epochs: 7,
      validationData: [x, y],
      callbacks: { onEpochEnd: () => void counted.push(backend.counts()) },
    });
    const [before, last] = counted.slice(-2);
    expect(last.runs - before.runs).toBeGreaterThan(1);
    expect(last.runs - before.runs).toBeLessThan(batches / 2);
    expect(last.compiled).toBe(before.compiled);
    model.dispose();
    tf.dispose([x, y]);
  });
});
