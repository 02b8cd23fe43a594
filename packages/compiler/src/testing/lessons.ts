import * as tf from '@tensorflow/tfjs';
import { drawValues } from './draw-values.ts';
import { takeNumbers, type Numbers } from './on-both-backends.ts';

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });

const recurrent = (units: number, seed: number) => ({
  units,
  kernelInitializer: glorot(seed),
  recurrentInitializer: tf.initializers.orthogonal({ seed }),
});

/** Values that are the same on every backend. */
export function drawTensor(shape: number[], seed: number): tf.Tensor {
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
export interface Lesson {
  readonly layers: () => tf.layers.Layer[];
  readonly x: () => tf.Tensor;
  readonly y: () => tf.Tensor;
  readonly loss: string;
}

/** What people train, small enough for tfjs `cpu`; all that is random has a seed. */
export const lessons: Readonly<Record<string, Lesson>> = {
  'dense layers': {
    layers: () => [
      tf.layers.dense({ units: 40, activation: 'relu', inputShape: [30], kernelInitializer: glorot(1) }),
      tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }),
    ],
    x: () => drawTensor([20, 30], 1),
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
    x: () => drawTensor([20, 8, 8, 1], 2),
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
    x: () => drawTensor([20, 10], 3),
    y: () => drawTensor([20, 1], 4),
    loss: 'meanSquaredError',
  },
  'seeded dropout': {
    layers: () => [
      tf.layers.dense({ units: 40, activation: 'relu', inputShape: [30], kernelInitializer: glorot(1) }),
      tf.layers.dropout({ rate: 0.5, seed: 7 }),
      tf.layers.dense({ units: 2, kernelInitializer: glorot(2) }),
    ],
    x: () => drawTensor([20, 30], 5),
    y: () => drawTensor([20, 2], 6),
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
  'wrapped and stacked recurrent layers': {
    layers: () => [
      tf.layers.bidirectional({
        layer: tf.layers.gru({
          ...recurrent(4, 1),
          returnSequences: true,
          kernelRegularizer: tf.regularizers.l2({ l2: 1e-3 }),
        }),
        mergeMode: 'concat',
        inputShape: [5, 3],
      }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 6, kernelInitializer: glorot(2) }) }),
      tf.layers.rnn({
        cell: [tf.layers.simpleRNNCell(recurrent(5, 3)), tf.layers.lstmCell(recurrent(4, 4))],
      }),
      tf.layers.dense({ units: 1, kernelInitializer: glorot(5) }),
    ],
    x: () => drawTensor([20, 5, 3], 7),
    y: () => drawTensor([20, 1], 8),
    loss: 'meanSquaredError',
  },
  'convolutional LSTM': {
    layers: () => [
      tf.layers.rescaling({ scale: 2, offset: 0.1, inputShape: [3, 6, 6, 2] }),
      tf.layers.convLstm2d({ ...recurrent(3, 1), filters: 3, kernelSize: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: glorot(2) }),
    ],
    x: () => drawTensor([20, 3, 6, 6, 2], 9),
    y: () => drawTensor([20, 1], 10),
    loss: 'meanSquaredError',
  },
};

/** A lesson's model, ready to train with Adam. */
export function compiledModel({ layers, loss }: Lesson): tf.Sequential {
  const model = tf.sequential({ layers: layers() });
  model.compile({ optimizer: tf.train.adam(0.01), loss, metrics: ['mse'] });
  return model;
}

/** Disposes of a model and of its optimizer, which was not the model's own. */
export function disposeOf(model: tf.LayersModel): void {
  model.optimizer.dispose();
  model.dispose();
}

/** The weights, which stay the model's. */
export async function weightsOf(model: tf.LayersModel): Promise<number[]> {
  return takeNumbers(model.getWeights().map((weight) => weight.clone()));
}

/** Batches of 8 of 20 examples: the last one is smaller. */
export const batchSize = 8;

/** Fits a lesson's model for three epochs, evaluates it and predicts with it. */
export async function fitAndUse(lesson: Lesson): Promise<Numbers> {
  const [model, x, y] = [compiledModel(lesson), lesson.x(), lesson.y()];
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
  disposeOf(model);
  tf.dispose([x, y]);
  return numbers;
}
