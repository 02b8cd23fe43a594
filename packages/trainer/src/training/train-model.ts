import { initialParameters, type AdamOptions, type Model } from '@narrows/models';
import { batchPlan, epochOrder, fillBatch } from './data/batches.ts';
import type { Split } from './data/dataset.ts';
import { ExpectedError } from './expected-error.ts';
import type { Engine, ParameterArrays, TrainingState } from './engine/engine.ts';

/** One finished epoch, as `run.json` records it. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss over the epoch's images, each as the model was when it saw it. */
  readonly trainLoss: number;
  /** Wall-clock time of the epoch's steps. */
  readonly durationMs: number;
}

/** All that it takes to go on with a training. */
export interface TrainingProgress {
  readonly state: TrainingState;
  readonly epochs: readonly EpochRecord[];
  /** The epoch under way: sum of its losses over images, and time spent on it. */
  readonly lossSum: number;
  readonly elapsedMs: number;
}

export interface TrainingPlan {
  readonly engine: Engine;
  readonly model: Model;
  readonly data: Split;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly optimizer: AdamOptions;
  /** Asked before every step; `true` ends the training with what there is. */
  readonly shouldStop: () => boolean;
  /** Told after every step how far the epoch is, with its mean loss so far. */
  readonly onStep: (progress: { epoch: number; imagesDone: number; loss: number }) => void;
  /** Told after every epoch, with a function that takes a copy of everything. */
  readonly onEpoch: (record: EpochRecord, snapshot: () => Promise<TrainingProgress>) => Promise<void>;
}

/** The state that training starts from: drawn parameters, moments of zero. */
export function initialProgress(model: Model, seed: number): TrainingProgress {
  const zeros = (): ParameterArrays =>
    Object.fromEntries(
      model.parameters.map(({ name, shape }) => [
        name,
        new Float32Array(shape.reduce((product, size) => product * size, 1)),
      ]),
    );
  const parameters = initialParameters(model.parameters, seed, model.id);
  return { state: { step: 0, parameters, m: zeros(), v: zeros() }, epochs: [], lossSum: 0, elapsedMs: 0 };
}

/** Steps in one epoch; the last, smaller batch counts. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.ceil(images / batchSize);
}

/**
 * Trains a model from where `start` left off until its last epoch, or until it is told to stop. The order of the images
 * depends on (seed, model, epoch) alone, so a training that was stopped and goes on ends in the same bytes as one that
 * was not.
 *
 * @returns what there is at the end: finished when `epochs` has all its records.
 */
export async function trainModel(plan: TrainingPlan, start: TrainingProgress): Promise<TrainingProgress> {
  const { engine, model, data, batchSize, seed } = plan;
  const batches = batchPlan(data.count, batchSize);
  const imageSize = data.images.length / data.count;
  const images = new Uint8Array(batchSize * imageSize);
  const labels = new Uint8Array(batchSize);
  const epochs = [...start.epochs];
  let { lossSum, elapsedMs } = start;
  let nextBatch = start.state.step % batches.length;
  const session = await engine.startTraining(model, start.state, plan.optimizer);
  const snapshot = async (): Promise<TrainingProgress> => ({
    state: await session.state(),
    epochs: [...epochs],
    lossSum,
    elapsedMs,
  });
  try {
    while (epochs.length < plan.epochs) {
      const epoch = epochs.length + 1;
      const order = epochOrder(data.count, seed, model.id, epoch);
      for (; nextBatch < batches.length; nextBatch++) {
        if (plan.shouldStop()) return await snapshot();
        const { start: first, size } = batches[nextBatch];
        const begin = performance.now();
        fillBatch(data, order, first, size, images, labels);
        const loss = await session.step(images.subarray(0, size * imageSize), labels.subarray(0, size), size);
        elapsedMs += performance.now() - begin;
        if (!Number.isFinite(loss)) throw diverged(model.id, epoch, nextBatch + 1, loss);
        lossSum += loss * size;
        plan.onStep({ epoch, imagesDone: first + size, loss: lossSum / (first + size) });
      }
      const record = { epoch, trainLoss: lossSum / data.count, durationMs: elapsedMs };
      epochs.push(record);
      [nextBatch, lossSum, elapsedMs] = [0, 0, 0];
      await plan.onEpoch(record, snapshot);
    }
    return await snapshot();
  } finally {
    await session.close();
  }
}

function diverged(id: string, epoch: number, step: number, loss: number): ExpectedError {
  return new ExpectedError(
    `Cannot go on training "${id}": its loss must be finite and is ${loss} at step ${step} of epoch ${epoch}: ` +
      'lower --learning-rate.',
  );
}
