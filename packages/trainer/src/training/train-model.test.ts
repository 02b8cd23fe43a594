import { initialParameters } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import { beforeAll, expect, test } from 'vitest';
import { augmentImages } from '../data/augment-images.ts';
import { batchPlan, epochOrder, fillBatch } from '../data/batches.ts';
import type { Split } from '../data/dataset.ts';
import { firstImages } from '../data/first-images.ts';
import { loadMnist } from '../data/mnist.ts';
import { tfjsEngine } from '../engine/tfjs-engine.ts';
import { drawnParameters } from '../testing/drawn-parameters.ts';
import { stateBytes, trainableMnistModel } from '../testing/training-batches.ts';
import { imagesFrom, startOf, trainingPlan } from '../testing/training-plan.ts';
import { averageDecayAt } from './learning-rate.ts';
import {
  initialProgress,
  stepsPerEpoch,
  trainModel,
  type TrainingPlan,
  type TrainingProgress,
} from './train-model.ts';
import { optimizerOf, type TrainingSettings } from './training-settings.ts';

const model = trainableMnistModel('basic-3-h16');
let data: Split;
/** What nothing stopped: three epochs of four steps, the last of each with 58 images. */
let whole: TrainingProgress;
beforeAll(async () => {
  data = firstImages((await loadMnist()).train, 250);
  whole = await train(planOf());
});

const planOf = (changes: Parameters<typeof trainingPlan>[2] = {}): TrainingPlan =>
  trainingPlan(model, data, changes);

async function train(plan: TrainingPlan): Promise<TrainingProgress> {
  const { progress, end } = await trainModel(plan, startOf(plan));
  expect(end).toBe('epochs');
  return progress;
}

test('initialProgress is drawn parameters, moments of zero and nothing done', () => {
  const { state, ...rest } = initialProgress(model, { seed: 5, averageDecay: 0 });
  expect(rest).toEqual({ epochs: [], lossSum: 0, elapsedMs: 0 });
  expect(Object.keys(state).sort()).toEqual(['m', 'parameters', 'step', 'v']);
  expect(state.step).toBe(0);
  expect(state.parameters).toEqual(initialParameters(model.parameters, 5, model.id));
  for (const { name, shape } of model.parameters) {
    const zeros = new Float32Array(shape.reduce((a, b) => a * b, 1));
    expect(state.m[name]).toEqual(zeros);
    expect(state.v[name]).toEqual(zeros);
  }
});

test('where an average is asked for, it begins at the parameters, in arrays of its own', () => {
  const { parameters, average } = initialProgress(model, { seed: 5, averageDecay: 0.9 }).state;
  expect(average).toEqual(parameters);
  for (const { name } of model.parameters) expect(average![name]).not.toBe(parameters[name]);
});

test.each([
  [250, 64, 4],
  [256, 64, 4],
  [60_000, 64, 938],
  [10, 64, 1],
])('%d images in batches of %d are %d steps an epoch', (images, batchSize, steps) => {
  expect(stepsPerEpoch(images, batchSize)).toBe(steps);
});

test('every epoch has its record, its last batch counts by its size, and the loss sinks', async () => {
  const steps: { epoch: number; imagesDone: number; loss: number }[] = [];
  const told: number[] = [];
  const end = await train(
    planOf({
      settings: { learningRate: 0.01 },
      onStep: (progress) => steps.push(progress),
      onEpoch: ({ epoch }) => {
        told.push(epoch, steps.length);
        return Promise.resolve();
      },
    }),
  );
  expect(end.state.step).toBe(12);
  expect(end).toMatchObject({ lossSum: 0, elapsedMs: 0 });
  expect(steps.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  expect(steps.map(({ imagesDone }) => imagesDone)).toEqual([1, 2, 3].flatMap(() => [64, 128, 192, 250]));
  expect(told).toEqual([1, 4, 2, 8, 3, 12]);
  expect(end.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const { epoch, trainLoss, durationMs, learningRate, ...rest } of end.epochs) {
    expect(durationMs).toBeGreaterThan(0);
    // The mean so far, as it was told with the epoch's last step.
    expect(trainLoss).toBe(steps[4 * epoch - 1].loss);
    expect(learningRate).toBe(0.01);
    // Nothing was held out to judge by.
    expect(rest).toEqual({});
  }
  const losses = end.epochs.map(({ trainLoss }) => trainLoss);
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  expect(losses[2]).toBeLessThan(0.8 * losses[0]);
});

test("an epoch's loss is the mean over its images of what each batch lost before its step", async () => {
  // With steps of nearly nothing the model stays what it was, and the loss is that of the whole data in one batch.
  const settings = { learningRate: 1e-12, epochs: 1 };
  const inOne = await train(planOf({ settings: { ...settings, batchSize: 250 } }));
  const inFour = await train(planOf({ settings }));
  expect(Math.abs(inFour.epochs[0].trainLoss / inOne.epochs[0].trainLoss - 1)).toBeLessThan(1e-6);
});

test('seed and model decide the order of the images, and so the end', async () => {
  const start = startOf(planOf());
  const { progress: again } = await trainModel(planOf(), start);
  const { progress: other } = await trainModel(planOf({ seed: 6 }), start);
  expect(stateBytes(again.state).equals(stateBytes(whole.state))).toBe(true);
  expect(stateBytes(other.state).equals(stateBytes(whole.state))).toBe(false);
});

test.each<[string, Partial<TrainingSettings>]>([
  ['a constant rate', { schedule: 'constant' }],
  ['a cosine', { schedule: 'cosine' }],
  ['a warm-up of an epoch and a half', { schedule: 'cosine', warmup: 1.5 }],
  // 1.3 epochs are 5.2 steps, which is 5.
  ['a warm-up that ends between steps', { schedule: 'constant', warmup: 1.3 }],
])("an epoch's record has the rate of its last step, under %s", async (_, settings) => {
  const peak = 1e-3;
  const cosine = (done: number) => (peak * (1 + Math.cos(Math.PI * done))) / 2;
  const expected = {
    'constant/0': [peak, peak, peak],
    'cosine/0': [cosine(3 / 12), cosine(7 / 12), cosine(11 / 12)],
    'cosine/1.5': [(peak * 4) / 6, cosine(1 / 6), cosine(5 / 6)],
    'constant/1.3': [(peak * 4) / 5, peak, peak],
  };
  const { epochs } = await train(planOf({ settings }));
  const key = `${settings.schedule}/${settings.warmup ?? 0}` as keyof typeof expected;
  epochs.forEach(({ learningRate }, i) => {
    expect(learningRate).toBeCloseTo(expected[key][i], 15);
  });
});

test('every epoch has its own order of the images, whole and in batches', async () => {
  const plan = planOf();
  const session = await plan.engine.startTraining({
    model,
    state: startOf(plan).state,
    optimizer: optimizerOf(plan.settings),
  });
  for (const epoch of [1, 2, 3]) {
    for (const { start: first, size } of batchPlan(data.count, 64)) {
      const [images, labels] = [new Uint8Array(size * 784), new Uint8Array(size)];
      fillBatch(data, epochOrder(data.count, 5, model.id, epoch), first, size, images, labels);
      await session.step({ images, labels, count: size }, { learningRate: 1e-3, averageDecay: 0 });
    }
  }
  expect(stateBytes(await session.state()).equals(stateBytes(whole.state))).toBe(true);
  await session.close();
});

test('augmentation, noise, rates and average are those of each epoch and step', async () => {
  const noisy = trainableMnistModel('vae-3');
  const settings: Partial<TrainingSettings> = {
    epochs: 2,
    warmup: 1,
    schedule: 'cosine',
    augment: true,
    averageDecay: 0.5,
    weightDecay: 0.1,
    gradientClip: 0.01,
  };
  const plan = trainingPlan(noisy, data, { settings });
  const session = await plan.engine.startTraining({
    model: noisy,
    state: startOf(plan).state,
    optimizer: optimizerOf(plan.settings),
  });
  const rates = [1, 2, 3, 4].map((step) => (1e-3 * step) / 4);
  rates.push(...[0, 1, 2, 3].map((done) => (1e-3 * (1 + Math.cos((Math.PI * done) / 4))) / 2));
  for (const epoch of [1, 2]) {
    for (const [index, { start: first, size }] of batchPlan(data.count, 64).entries()) {
      const [images, labels] = [new Uint8Array(size * 784), new Uint8Array(size)];
      fillBatch(data, epochOrder(data.count, 5, 'vae-3', epoch), first, size, images, labels);
      augmentImages(images, noisy.imageShape, randomStream(5, 'augment:vae-3', epoch, index));
      const stream = randomStream(5, 'noise:vae-3', epoch, index);
      const noise = Float32Array.from({ length: 3 * size }, () => stream.nextNormal());
      const step = 4 * (epoch - 1) + index + 1;
      const averageDecay = averageDecayAt(step, 0.5);
      await session.step(
        { images, labels, count: size, noise },
        { learningRate: rates[step - 1], averageDecay },
      );
    }
  }
  const expected = await session.state();
  await session.close();
  const { state } = await train(plan);
  expect(stateBytes(state).equals(stateBytes(expected))).toBe(true);
});

test('augmentation leaves the data itself alone', async () => {
  const before = data.images.slice();
  const moved = await train(planOf({ settings: { augment: true, epochs: 1 } }));
  expect(Buffer.compare(data.images, before)).toBe(0);
  const plain = await train(planOf({ settings: { epochs: 1 } }));
  expect(stateBytes(moved.state).equals(stateBytes(plain.state))).toBe(false);
});

test('a model that is trained through a classifier is given its parameters, to train and to be judged', async () => {
  const aware = trainableMnistModel('aware-2');
  const outcomeOf = async (seed: number) => {
    const { epochs } = await train(
      trainingPlan(aware, firstImages(data, 2), {
        settings: { epochs: 1 },
        frozen: drawnParameters(aware.frozen!, seed),
        validation: imagesFrom(data, 2, 2),
      }),
    );
    return { loss: epochs[0].trainLoss, judged: epochs[0].validationLoss! };
  };
  const [one, other] = [await outcomeOf(1), await outcomeOf(2)];
  expect(Math.abs(other.loss / one.loss - 1)).toBeGreaterThan(1e-4);
  expect(Math.abs(other.judged / one.judged - 1)).toBeGreaterThan(1e-4);
  await expect(train(trainingPlan(aware, firstImages(data, 2)))).rejects.toThrow(
    'Cannot train "aware-2": it is trained through "cnn", whose parameters are missing.',
  );
});

test('the eager engine trains the same way', async () => {
  const settings = { epochs: 1, averageDecay: 0.9, gradientClip: 0.01 };
  const compiled = await train(planOf({ settings }));
  const engine = tfjsEngine({ backend: 'cpu', device: 'cpu' });
  const eager = await train(planOf({ settings, engine }));
  expect(Math.abs(eager.epochs[0].trainLoss / compiled.epochs[0].trainLoss - 1)).toBeLessThan(1e-5);
});
