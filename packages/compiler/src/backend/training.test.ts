import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { drawValues } from '../testing/draw-values.ts';
import { expectSameOnBoth, takeNumbers, type Numbers } from '../testing/on-both-backends.ts';
import './node.ts';

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });

/** Values that are the same on every backend. */
function draw(shape: number[], seed: number): tf.Tensor {
  return tf.tensor(drawValues({ shape, dtype: 'float32', range: 'unit' }, seed) as Float32Array, shape);
}

/** One-hot labels 0, 1, 2, 0, … */
function labels(count: number, classes: number): tf.Tensor {
  return tf.tidy(() =>
    tf
      .oneHot(
        Array.from({ length: count }, (_, i) => (i * 7) % classes),
        classes,
      )
      .toFloat(),
  );
}

/** A model to train, with what it is trained on. */
interface Lesson {
  readonly layers: () => tf.layers.Layer[];
  readonly x: () => tf.Tensor;
  readonly y: () => tf.Tensor;
  readonly loss: string;
}

const lessons: Readonly<Record<string, Lesson>> = {
  'dense layers': {
    layers: () => [
      tf.layers.dense({ units: 40, activation: 'relu', inputShape: [30], kernelInitializer: glorot(1) }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }),
    ],
    x: () => draw([20, 30], 1),
    y: () => labels(20, 3),
    loss: 'categoricalCrossentropy',
  },
  'convolutions and pools': {
    layers: () => [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        inputShape: [8, 8, 1],
        kernelInitializer: glorot(1),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu', kernelInitializer: glorot(2) }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(3) }),
    ],
    x: () => draw([20, 8, 8, 1], 2),
    y: () => labels(20, 3),
    loss: 'categoricalCrossentropy',
  },
  'batch normalization': {
    layers: () => [
      tf.layers.dense({ units: 12, inputShape: [10], kernelInitializer: glorot(1), useBias: false }),
      tf.layers.batchNormalization({ momentum: 0.8 }),
      tf.layers.activation({ activation: 'tanh' }),
      tf.layers.dense({ units: 1, kernelInitializer: glorot(2) }),
    ],
    x: () => draw([20, 10], 3),
    y: () => draw([20, 1], 4),
    loss: 'meanSquaredError',
  },
  'seeded dropout': {
    layers: () => [
      tf.layers.dense({ units: 40, activation: 'relu', inputShape: [30], kernelInitializer: glorot(1) }),
      tf.layers.dropout({ rate: 0.5, seed: 7 }),
      tf.layers.dense({ units: 2, kernelInitializer: glorot(2) }),
    ],
    x: () => draw([20, 30], 5),
    y: () => draw([20, 2], 6),
    loss: 'meanSquaredError',
  },
  'embedding and LSTM': {
    layers: () => [
      tf.layers.embedding({
        inputDim: 11,
        outputDim: 5,
        inputLength: 4,
        embeddingsInitializer: tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed: 1 }),
      }),
      tf.layers.lstm({
        units: 6,
        kernelInitializer: glorot(2),
        recurrentInitializer: tf.initializers.orthogonal({ seed: 3 }),
      }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(4) }),
    ],
    x: () =>
      tf.tensor(
        Array.from({ length: 80 }, (_, i) => (i * 7) % 11),
        [20, 4],
      ),
    y: () => labels(20, 3),
    loss: 'categoricalCrossentropy',
  },
};

function compiled({ layers, loss }: Lesson): tf.Sequential {
  const model = tf.sequential({ layers: layers() });
  model.compile({ optimizer: tf.train.adam(0.01), loss, metrics: ['mse'] });
  return model;
}

/** The weights, which stay the model's. */
async function weightsOf(model: tf.LayersModel): Promise<number[]> {
  return takeNumbers(model.getWeights().map((weight) => weight.clone()));
}

/** Batches of 8 of 20 examples: the last one is smaller. */
const batchSize = 8;

async function fitAndUse(lesson: Lesson): Promise<Numbers> {
  const [model, x, y] = [compiled(lesson), lesson.x(), lesson.y()];
  const { history } = await model.fit(x, y, {
    epochs: 3,
    batchSize,
    shuffle: false,
    validationSplit: 0.2,
  });
  const numbers = {
    ...(history as Record<string, number[]>),
    weights: await weightsOf(model),
    evaluation: await takeNumbers(model.evaluate(x, y, { batchSize })),
    prediction: await takeNumbers(model.predict(x, { batchSize })),
  };
  model.dispose();
  tf.dispose([x, y]);
  return numbers;
}

describe.each(Object.keys(lessons))('%s', (name) => {
  it('train, evaluate and predict as on tfjs cpu', async () => {
    const { loss } = await expectSameOnBoth(() => fitAndUse(lessons[name]));
    expect(loss).toHaveLength(3);
    expect(loss[2]).toBeLessThan(loss[0]);
  });
});

describe('other ways to train', () => {
  const lesson = lessons['dense layers'];

  it('trainOnBatch', async () => {
    await expectSameOnBoth(async () => {
      const [model, x, y] = [compiled(lesson), lesson.x(), lesson.y()];
      const losses: number[] = [];
      for (let step = 0; step < 5; step++) losses.push(...((await model.trainOnBatch(x, y)) as number[]));
      const weights = await weightsOf(model);
      model.dispose();
      tf.dispose([x, y]);
      return { losses, weights };
    });
  });

  it('fitDataset and evaluateDataset', async () => {
    await expectSameOnBoth(async () => {
      const model = compiled(lesson);
      const [xs, ys] = [lesson.x(), lesson.y()];
      const examples = await Promise.all([xs.array(), ys.array()]);
      tf.dispose([xs, ys]);
      const dataset = tf.data
        .zip({ xs: tf.data.array(examples[0] as number[][]), ys: tf.data.array(examples[1] as number[][]) })
        .batch(batchSize) as unknown as Parameters<typeof model.fitDataset>[0];
      const { history } = await model.fitDataset(dataset, { epochs: 2 });
      const evaluation = await takeNumbers(
        await model.evaluateDataset(dataset as Parameters<typeof model.evaluateDataset>[0], {}),
      );
      const weights = await weightsOf(model);
      model.dispose();
      return { ...(history as Record<string, number[]>), evaluation, weights };
    });
  });

  it('a model that was saved goes on as if it had not been', async () => {
    await expectSameOnBoth(async () => {
      const [model, x, y] = [compiled(lesson), lesson.x(), lesson.y()];
      await model.trainOnBatch(x, y);
      let saved: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler((artifacts) => {
          saved = artifacts;
          return Promise.resolve({
            modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
          });
        }),
      );
      const before = await takeNumbers(model.predict(x));
      model.dispose();
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
      const after = await takeNumbers(loaded.predict(x));
      expect(after).toEqual(before);
      loaded.compile({ optimizer: 'sgd', loss: lesson.loss });
      const loss = (await loaded.trainOnBatch(x, y)) as number;
      const weights = await weightsOf(loaded);
      loaded.dispose();
      tf.dispose([x, y]);
      return { after, loss: [loss], weights };
    });
  });

  it('a loop of variableGrads and applyGradients', async () => {
    await expectSameOnBoth(async () => {
      const [x, y] = [lesson.x(), lesson.y()];
      const w = tf.variable(draw([30, 3], 9));
      const optimizer = tf.train.adam(0.05);
      const losses: number[] = [];
      for (let step = 0; step < 6; step++) {
        const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(y, tf.matMul(x, w)));
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        tf.dispose(grads);
        losses.push((await value.data())[0]);
        value.dispose();
      }
      const numbers = { losses, w: [...(await w.data())] };
      optimizer.dispose();
      tf.dispose([x, y, w]);
      return numbers;
    });
  });
});

describe('dropout without a seed', () => {
  it('drops another share of about its rate at every step', async () => {
    await tf.setBackend('onnx');
    const layer = tf.layers.dropout({ rate: 0.3 });
    const x = tf.ones([100, 100]);
    const masks: number[][] = [];
    for (let step = 0; step < 3; step++)
      masks.push(await takeNumbers(layer.apply(x, { training: true }) as tf.Tensor));
    for (const mask of masks) {
      const dropped = mask.filter((element) => element === 0).length / mask.length;
      // Five standard deviations of 10,000 draws.
      expect(Math.abs(dropped - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 10_000));
      expect(new Set(mask.map((element) => element.toFixed(5)))).toEqual(
        new Set(['0.00000', (1 / 0.7).toFixed(5)]),
      );
    }
    expect(masks[1]).not.toEqual(masks[0]);
    expect(masks[2]).not.toEqual(masks[1]);
    x.dispose();
  });
});
