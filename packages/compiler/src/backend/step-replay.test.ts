import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  compiledModel,
  disposeOf,
  drawTensor,
  fitAndUse,
  lessons,
  weightsOf,
  type Lesson,
} from '../testing/lessons.ts';
import { expectSameOnBoth } from '../testing/on-both-backends.ts';
import type { LazyBackend } from './lazy-backend.ts';
import './node.ts';

const lesson = lessons['dense layers'];

/** Sixty steps of an LSTM: a train step records more than 5,000 kernels. */
const longLesson: Lesson = {
  layers: () => [
    tf.layers.lstm({
      units: 2,
      inputShape: [60, 2],
      kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      recurrentInitializer: tf.initializers.orthogonal({ seed: 2 }),
    }),
    tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }) }),
  ],
  x: () => drawTensor([10, 60, 2], 1),
  y: () => drawTensor([10, 1], 2),
  loss: 'meanSquaredError',
};

/** Kernels of tfjs that run while `body` does. */
async function kernelsOf(body: () => Promise<unknown>): Promise<number> {
  const backend = tf.backend() as unknown as LazyBackend;
  const record = backend.record.bind(backend);
  let kernels = 0;
  backend.record = (...call) => {
    kernels++;
    return record(...call);
  };
  try {
    await body();
  } finally {
    backend.record = record;
  }
  return kernels;
}

/** Trains for some steps on one batch and tells how many kernels tfjs called in each. */
async function kernelsByStep(
  steps: number,
  before: (step: number, model: tf.Sequential) => void = () => undefined,
  trained = lesson,
) {
  await tf.setBackend('onnx');
  const [model, x, y] = [compiledModel(trained), trained.x(), trained.y()];
  const kernels: number[] = [];
  for (let step = 0; step < steps; step++) {
    before(step, model);
    kernels.push(await kernelsOf(() => model.trainOnBatch(x, y)));
  }
  disposeOf(model);
  tf.dispose([x, y]);
  return kernels;
}

describe('a train step that is taken again', () => {
  it.each(Object.keys(lessons).filter((name) => !name.includes('dropout')))(
    'calls no kernel of tfjs: %s',
    async (name) => {
      const kernels = await kernelsByStep(6, undefined, lessons[name]);
      expect(kernels[1]).toBeGreaterThan(10);
      expect(kernels.slice(3)).toEqual([0, 0, 0]);
    },
  );

  it('is recorded once more when a layer in another has changed', async () => {
    const kernels = await kernelsByStep(
      10,
      (step, { layers: [first] }) => {
        const { forwardLayer } = first as unknown as { forwardLayer: tf.RNN };
        if (step === 5) Object.assign(forwardLayer, { goBackwards: true });
      },
      lessons['wrapped and stacked recurrent layers'],
    );
    expect(kernels[4]).toBe(0);
    expect(kernels[5]).toBeGreaterThan(10);
    expect(kernels[9]).toBe(0);
  });

  it('trains as tfjs cpu does where it is long', async () => {
    await expectSameOnBoth(() => fitAndUse(longLesson));
  });

  it('is one graph however long it is, from the first step on', async () => {
    await tf.setBackend('onnx');
    const backend = tf.backend() as unknown as LazyBackend;
    const compiled: number[] = [];
    const kernels = await kernelsByStep(5, () => compiled.push(backend.counts().compiled), longLesson);
    expect(kernels[1]).toBeGreaterThan(5000);
    expect(kernels.slice(3)).toEqual([0, 0]);
    // What makes the weights, and the step.
    expect(compiled.map((count) => count - compiled[0])).toEqual([0, 2, 2, 2, 2]);
  });

  it('is recorded once more when a layer or the optimizer has changed', async () => {
    const kernels = await kernelsByStep(10, (step, model) => {
      if (step === 5) Object.assign(model.optimizer, { learningRate: 0.5 });
    });
    expect(kernels[4]).toBe(0);
    expect(kernels[5]).toBeGreaterThan(10);
    expect(kernels[9]).toBe(0);
  });

  it('calls none beside other models that share weights', async () => {
    const frozen = [1, 2].map(() =>
      tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] }),
    );
    frozen[1].setWeights(frozen[0].getWeights());
    const kernels = await kernelsByStep(6);
    expect(kernels.slice(3)).toEqual([0, 0, 0]);
    for (const model of frozen) model.dispose();
  });

  it('trains as tfjs cpu does, through a schedule, other weights and other batch sizes', async () => {
    await expectSameOnBoth(async () => {
      const [model, x, y] = [compiledModel(lesson), lesson.x(), lesson.y()];
      const losses: number[] = [];
      for (let step = 0; step < 16; step++) {
        if (step === 6) Object.assign(model.optimizer, { learningRate: 0.02 });
        if (step === 10) model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5)));
        const count = step % 3 === 2 ? 7 : 20;
        const batch = [x.slice(0, count), y.slice(0, count)];
        losses.push((await model.trainOnBatch(batch[0], batch[1])) as number);
        tf.dispose(batch);
      }
      const weights = await weightsOf(model);
      disposeOf(model);
      tf.dispose([x, y]);
      return { losses: losses.slice(0, 10), weights };
    });
  });

  it('is a dropout step never, since that draws other numbers', async () => {
    await tf.setBackend('onnx');
    const dropping = lessons['seeded dropout'];
    const [model, x, y] = [compiledModel(dropping), dropping.x(), dropping.y()];
    for (let step = 0; step < 5; step++) {
      expect(await kernelsOf(() => model.trainOnBatch(x, y))).toBeGreaterThan(10);
    }
    disposeOf(model);
    tf.dispose([x, y]);
  });
});

/** What tfjs evaluates a batch with, which its types keep to themselves. */
interface TestMaker {
  makeTestFunction(): void;
  readonly testFunction: (batch: tf.Tensor[]) => tf.Tensor[];
}

/** Kernels of tfjs that loss and metrics of one batch take, each time that they are computed. */
async function kernelsByTest(
  times: number,
  tested: Lesson,
  before: (time: number, model: tf.Sequential) => void = () => undefined,
) {
  await tf.setBackend('onnx');
  const [model, x, y] = [compiledModel(tested), tested.x(), tested.y()];
  // Sequential models keep a model of their layers, which does what they are asked to.
  const { model: maker } = model as unknown as { model: TestMaker };
  const kernels: number[] = [];
  for (let time = 0; time < times; time++) {
    before(time, model);
    maker.makeTestFunction();
    kernels.push(await kernelsOf(() => Promise.all(maker.testFunction([x, y]).map((it) => it.data()))));
  }
  disposeOf(model);
  tf.dispose([x, y]);
  return kernels;
}

describe('an evaluation that is done again', () => {
  it.each(Object.keys(lessons))('calls no kernel of tfjs for a batch: %s', async (name) => {
    const kernels = await kernelsByTest(4, lessons[name]);
    expect(kernels[0]).toBeGreaterThan(5);
    expect(kernels.slice(1)).toEqual([0, 0, 0]);
  });

  it('is recorded once more when a layer has changed', async () => {
    const kernels = await kernelsByTest(8, lessons['batch normalization'], (time, { layers }) => {
      if (time === 4) Object.assign(layers[1], { epsilon: 0.1 });
    });
    expect(kernels[3]).toBe(0);
    expect(kernels[4]).toBeGreaterThan(5);
    expect(kernels[7]).toBe(0);
  });

  it('is not recorded for a learning rate, and calls none with the weights of another model', async () => {
    const other = compiledModel(lesson);
    const kernels = await kernelsByTest(6, lesson, (time, model) => {
      if (time === 0) model.setWeights(other.getWeights());
      if (time === 3) Object.assign(model.optimizer, { learningRate: 0.5 });
    });
    expect(kernels.slice(1)).toEqual([0, 0, 0, 0, 0]);
    disposeOf(other);
  });

  it('calls none, either, some time after two of the weights were one value', async () => {
    const kernels = await kernelsByTest(9, lessons['batch normalization'], (time, model) => {
      const weights = model.getWeights();
      const isShared = time < 2;
      // The scale and the variance are of one shape, and ones at first.
      const given = weights.map((weight, i) =>
        isShared && i === weights.length - 1 ? weights[1] : tf.mul(weight, 1),
      );
      model.setWeights(given);
      tf.dispose(given.filter((weight) => !weights.includes(weight)));
    });
    expect(kernels[1]).toBeGreaterThan(5);
    expect(kernels.at(-1)).toBe(0);
  });

  it('is part of a gradient as on tfjs cpu', async () => {
    await expectSameOnBoth(() => {
      const [model, x, y] = [compiledModel(lesson), lesson.x(), lesson.y()];
      const loss = (input: tf.Tensor): tf.Scalar =>
        tf.add((model.evaluate(input, y) as tf.Scalar[])[0], tf.sum(tf.mul(input, 0.001)));
      const gradients: number[][] = [];
      for (let turn = 0; turn < 3; turn++) {
        tf.dispose(model.evaluate(x, y));
        const gradient = tf.grad(loss)(x);
        gradients.push([...gradient.dataSync()]);
        gradient.dispose();
      }
      disposeOf(model);
      tf.dispose([x, y]);
      return Promise.resolve({ gradients: gradients.flat() });
    });
  });

  it('sees new weights and other batches as tfjs cpu does', async () => {
    await expectSameOnBoth(async () => {
      const [model, x, y] = [compiledModel(lesson), lesson.x(), lesson.y()];
      const found: number[] = [];
      for (let turn = 0; turn < 6; turn++) {
        // The last batch of 20 samples is smaller.
        const values = model.evaluate(x, y, { batchSize: 8 }) as tf.Scalar[];
        for (const value of values) found.push(value.dataSync()[0]);
        tf.dispose(values);
        if (turn === 4) model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5)));
        else await model.trainOnBatch(x, y);
      }
      disposeOf(model);
      tf.dispose([x, y]);
      return { found };
    });
  });
});

describe('a step that fails', () => {
  it('leaves a model as it was', async () => {
    await tf.setBackend('onnx');
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 3 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const [good, bad, y] = [tf.tensor2d([[1, 2, 3]]), tf.tensor2d([[1, 2, 10]]), tf.ones([1, 1])];
    for (let step = 0; step < 6; step++) {
      const before = await weightsOf(model);
      await expect(model.trainOnBatch(bad, y)).rejects.toThrow(
        'indices must be rows from 0 to 9, and one is 10',
      );
      expect(await weightsOf(model)).toEqual(before);
      await model.trainOnBatch(good, y);
      expect(await weightsOf(model)).not.toEqual(before);
    }
    model.dispose();
    tf.dispose([good, bad, y]);
  });

  it('is told at the next read where nothing that failed is read', async () => {
    await tf.setBackend('onnx');
    const w = tf.variable(tf.ones([3]));
    w.assign(tf.gather(w, [0, 1, 9]));
    const other = tf.scalar(3).add(1);
    expect(() => other.dataSync()).toThrow('Cannot assign to variables what could not be computed');
    expect([...other.dataSync(), ...w.dataSync()]).toEqual([4, 1, 1, 1]);
    tf.dispose([w, other]);
  });
});

describe('a recorded step', () => {
  it('is compiled once, with what its optimizer counts as inputs', async () => {
    const backend = tf.backend() as unknown as LazyBackend;
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [7] })] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([80, 7]), tf.zeros([80, 5])];
    const compiled: number[] = [];
    const onBatchBegin = (): void => {
      compiled.push(backend.counts().compiled);
    };
    await model.fit(x, y, { batchSize: 8, shuffle: false, callbacks: { onBatchBegin } });
    // Recorded twice, since the optimizer makes variables in the first step, and then by itself, as it is taken.
    expect(compiled.at(-1)! - compiled[4]).toBe(0);
    expect(compiled.at(-1)! - compiled[1]).toBeLessThanOrEqual(3);
    model.optimizer.dispose();
    model.dispose();
    tf.dispose([x, y]);
  });

  it('gives back what it held when something changes that it depends on', async () => {
    const l2 = tf.regularizers.l2({ l2: 1e-4 });
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1024, inputShape: [1024], useBias: false, kernelRegularizer: l2 })],
    });
    const optimizer = tf.train.adam(1e-3);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([1, 1024]), tf.zeros([1, 1024])];
    const changeRate = async (change: number): Promise<void> => {
      Object.assign(optimizer, { learningRate: 1e-3 / change });
      for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y);
    };
    for (let change = 1; change <= 5; change++) await changeRate(change);
    const before = process.memoryUsage().rss;
    for (let change = 6; change <= 45; change++) await changeRate(change);
    // Each step holds as many ones as the kernel has weights, 4 MiB.
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(80);
    model.optimizer.dispose();
    model.dispose();
    tf.dispose([x, y]);
  });
});

describe('what a program does with its own arrays', () => {
  it('changes no recorded op', async () => {
    await expectSameOnBoth(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      const begin: [number, number] = [0, 0];
      const rows = [0, 1, 2].map((row) => {
        begin[0] = row;
        return tf.slice(tf.square(x), begin, [1, 2]);
      });
      const read = x.dataSync();
      const later = x.add(1);
      const copy = x.add(0);
      const changed = copy.dataSync();
      const pending = copy.mul(2);
      changed[0] = 99;
      const numbers = {
        rows: rows.flatMap((row) => [...row.dataSync()]),
        later: [...later.dataSync()],
        read: [...read],
        pending: [...pending.dataSync()],
      };
      tf.dispose([x, later, copy, pending, ...rows]);
      return Promise.resolve(numbers);
    });
  });

  it('a tensor that was reshaped or cast on another backend keeps its shape and dtype', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const reshaped = x.reshape([3, 2]);
    const whole = tf.tensor1d([1, 2, 3], 'int32');
    const cast = whole.toFloat();
    await tf.setBackend('onnx');
    expect([...reshaped.sum(0).dataSync()]).toEqual([9, 12]);
    expect([...cast.mul(0.5).dataSync()]).toEqual([0.5, 1, 1.5]);
    tf.dispose([x, reshaped, whole, cast]);
  });

  it('batches that were reshaped on another backend are other batches at every step', async () => {
    await tf.setBackend('cpu');
    const zeros = tf.zeros([2, 300]);
    const turned = zeros.reshape([300, 2]);
    const xs = [1, 2, 3, 4, 5, 6].map((n) => tf.fill([30, 20], n / 10).reshape([20, 30]));
    const y = lesson.y();
    await tf.setBackend('onnx');
    expect(turned.add(1).shape).toEqual([300, 2]);
    const model = compiledModel(lesson);
    for (const x of xs) {
      const [expected] = (model.evaluate(x, y, { batchSize: 20 }) as tf.Scalar[]).map(
        (it) => it.dataSync()[0],
      );
      const [loss] = (await model.trainOnBatch(x, y)) as number[];
      expect(loss).toBeCloseTo(expected, 4);
    }
    disposeOf(model);
    tf.dispose([zeros, turned, y, ...xs]);
  });
});
