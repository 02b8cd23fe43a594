import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adamDefaults, initialParameters } from '@narrows/models';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { batchPlan, epochOrder, fillBatch } from './data/batches.ts';
import type { Split } from './data/dataset.ts';
import { firstImages } from './data/first-images.ts';
import { loadMnist } from './data/mnist.ts';
import { onnxEngine } from './engine/onnx-engine.ts';
import { tfjsEngine } from './engine/tfjs-engine.ts';
import { ExpectedError } from './expected-error.ts';
import { openWorkFolder, type WorkFolder } from './run-folder/work-folder.ts';
import { mnistModel, stateBytes } from './testing/training-batches.ts';
import {
  initialProgress,
  stepsPerEpoch,
  trainModel,
  type TrainingPlan,
  type TrainingProgress,
} from './train-model.ts';
import { readTrainingCheckpoint, writeTrainingCheckpoint } from './training-checkpoint.ts';

const model = mnistModel('basic-3-h16');
let data: Split;
/** What nothing stopped. */
let whole: TrainingProgress;
beforeAll(async () => {
  data = firstImages((await loadMnist()).train, 250);
  whole = await trainModel(planOf(), initialProgress(model, 5));
});

/** Three epochs of four steps, the last of each with 58 images. */
const planOf = (changes: Partial<TrainingPlan> = {}): TrainingPlan => ({
  engine: onnxEngine({ device: 'cpu', threads: 1 }),
  model,
  data,
  epochs: 3,
  batchSize: 64,
  seed: 5,
  optimizer: adamDefaults,
  shouldStop: () => false,
  onStep: () => undefined,
  onEpoch: () => Promise.resolve(),
  ...changes,
});

/** A question that is answered with yes the (n + 1)-th time, before which there are n steps. */
const after = (steps: number) => () => steps-- === 0;

test('initialProgress is drawn parameters, moments of zero and nothing done', () => {
  const { state, ...rest } = initialProgress(model, 5);
  expect(rest).toEqual({ epochs: [], lossSum: 0, elapsedMs: 0 });
  expect(state.step).toBe(0);
  expect(state.parameters).toEqual(initialParameters(model.parameters, 5, model.id));
  for (const { name, shape } of model.parameters) {
    const zeros = new Float32Array(shape.reduce((a, b) => a * b, 1));
    expect(state.m[name]).toEqual(zeros);
    expect(state.v[name]).toEqual(zeros);
  }
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
  const end = await trainModel(
    planOf({
      optimizer: { ...adamDefaults, learningRate: 0.01 },
      onStep: (progress) => steps.push(progress),
      onEpoch: ({ epoch }) => {
        told.push(epoch, steps.length);
        return Promise.resolve();
      },
    }),
    initialProgress(model, 5),
  );
  expect(end.state.step).toBe(12);
  expect(end).toMatchObject({ lossSum: 0, elapsedMs: 0 });
  expect(steps.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  expect(steps.map(({ imagesDone }) => imagesDone)).toEqual([1, 2, 3].flatMap(() => [64, 128, 192, 250]));
  expect(told).toEqual([1, 4, 2, 8, 3, 12]);
  expect(end.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const { epoch, trainLoss, durationMs } of end.epochs) {
    expect(durationMs).toBeGreaterThan(0);
    // The mean so far, as it was told with the epoch's last step.
    expect(trainLoss).toBe(steps[4 * epoch - 1].loss);
  }
  const losses = end.epochs.map(({ trainLoss }) => trainLoss);
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  expect(losses[2]).toBeLessThan(0.8 * losses[0]);
});

test("an epoch's loss is the mean over its images of what each batch lost before its step", async () => {
  // With steps of nearly nothing the model stays what it was, and the loss is that of the whole data in one batch.
  const optimizer = { ...adamDefaults, learningRate: 1e-12 };
  const inOne = await trainModel(planOf({ optimizer, epochs: 1, batchSize: 250 }), initialProgress(model, 5));
  const inFour = await trainModel(planOf({ optimizer, epochs: 1 }), initialProgress(model, 5));
  expect(Math.abs(inFour.epochs[0].trainLoss / inOne.epochs[0].trainLoss - 1)).toBeLessThan(1e-6);
});

test('seed and model decide the order of the images, and so the end', async () => {
  const start = initialProgress(model, 5);
  const again = await trainModel(planOf(), start);
  const other = await trainModel(planOf({ seed: 6 }), start);
  expect(stateBytes(again.state).equals(stateBytes(whole.state))).toBe(true);
  expect(stateBytes(other.state).equals(stateBytes(whole.state))).toBe(false);
});

test('every epoch has its own order of the images, whole and in batches', async () => {
  const start = initialProgress(model, 5).state;
  const session = await planOf().engine.startTraining(model, start, adamDefaults);
  for (const epoch of [1, 2, 3]) {
    for (const { start: first, size } of batchPlan(data.count, 64)) {
      const [images, labels] = [new Uint8Array(size * 784), new Uint8Array(size)];
      fillBatch(data, epochOrder(data.count, 5, model.id, epoch), first, size, images, labels);
      await session.step(images, labels, size);
    }
  }
  expect(stateBytes(await session.state()).equals(stateBytes(whole.state))).toBe(true);
  await session.close();
});

test('the eager engine trains the same way', async () => {
  const start = initialProgress(model, 5);
  const compiled = await trainModel(planOf({ epochs: 1 }), start);
  const engine = tfjsEngine({ backend: 'cpu', device: 'cpu' });
  const eager = await trainModel(planOf({ epochs: 1, engine }), start);
  expect(Math.abs(eager.epochs[0].trainLoss / compiled.epochs[0].trainLoss - 1)).toBeLessThan(1e-5);
});

describe('stopped and resumed through its checkpoint', () => {
  let parent = '';
  let folder: WorkFolder;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'narrows-training-'));
    folder = openWorkFolder(join(parent, 'run'), {}, { resume: false, overwrite: false });
  });
  afterEach(() => {
    folder.abandon();
    rmSync(parent, { recursive: true });
  });

  /** Keeps the progress on the disk, and reads it back. */
  function throughCheckpoint(progress: TrainingProgress): TrainingProgress {
    writeTrainingCheckpoint(folder, model, progress);
    return readTrainingCheckpoint(folder, model)!;
  }

  const losses = ({ epochs }: TrainingProgress) => epochs.map(({ epoch, trainLoss }) => [epoch, trainLoss]);

  test('a checkpoint gives back exactly what it was made of', async () => {
    expect(readTrainingCheckpoint(folder, model)).toBeUndefined();
    const stopped = await trainModel(planOf({ shouldStop: after(6) }), initialProgress(model, 5));
    expect(stopped.epochs).toHaveLength(1);
    expect(stopped.lossSum).toBeGreaterThan(0);
    expect(stopped.elapsedMs).toBeGreaterThan(0);
    expect(throughCheckpoint(stopped)).toEqual(stopped);
    expect(readTrainingCheckpoint(folder, { id: 'basic-3' })).toBeUndefined();
  });

  test.each([
    ['before the first step', [0]],
    ['after the first step', [1]],
    ['in the middle of an epoch', [6]],
    ['at the end of an epoch', [4]],
    ['at the end of the second and soon again', [8, 1]],
    ['before the last step', [11]],
    ['once an epoch, at odd places', [3, 4, 4]],
    ['after every step', Array<number>(12).fill(1)],
  ])('%s, it ends in the same bytes as one that was not', async (_, stops) => {
    let progress = initialProgress(model, 5);
    let done = 0;
    for (const steps of stops) {
      progress = throughCheckpoint(await trainModel(planOf({ shouldStop: after(steps) }), progress));
      done += steps;
      expect(progress.state.step).toBe(done);
    }
    const end = throughCheckpoint(await trainModel(planOf(), progress));
    expect(stateBytes(end.state).equals(stateBytes(whole.state))).toBe(true);
    expect(losses(end)).toEqual(losses(whole));
  });

  test("the snapshot at an epoch's end is where a killed training goes on", async () => {
    await trainModel(
      planOf({
        onEpoch: async ({ epoch }, snapshot) => {
          if (epoch === 2) writeTrainingCheckpoint(folder, model, await snapshot());
        },
      }),
      initialProgress(model, 5),
    );
    const kept = readTrainingCheckpoint(folder, model)!;
    expect(kept.state.step).toBe(8);
    const end = await trainModel(planOf(), kept);
    expect(stateBytes(end.state).equals(stateBytes(whole.state))).toBe(true);
    expect(losses(end)).toEqual(losses(whole));
  });

  test('a finished training is left as it is', async () => {
    const shouldStop = () => {
      throw new Error('There is nothing left to do.');
    };
    expect(await trainModel(planOf({ shouldStop }), throughCheckpoint(whole))).toEqual(whole);
  });
});

describe('a training that diverges', () => {
  const optimizer = { ...adamDefaults, learningRate: 1e30 };
  const diverge = (changes: Partial<TrainingPlan>) =>
    trainModel(
      planOf({ optimizer, model: mnistModel('cnn'), ...changes }),
      initialProgress(mnistModel('cnn'), 5),
    ).then(
      () => 'no error',
      (error: unknown) => error,
    );

  test('ends with the step, the loss and what helps', async () => {
    const error = (await diverge({ data: firstImages(data, 12), batchSize: 4 })) as ExpectedError;
    expect(error).toBeInstanceOf(ExpectedError);
    expect(error.exitCode).toBe(1);
    expect(error.message).toMatch(
      /^Cannot go on training "cnn": its loss must be finite and is (NaN|Infinity) at step 2 of epoch 1: lower --learning-rate\.$/,
    );
  });

  test('counts steps from the epoch at hand', async () => {
    const error = (await diverge({ data: firstImages(data, 4), batchSize: 4 })) as ExpectedError;
    expect(error.message).toContain('at step 1 of epoch 2');
  });
});
