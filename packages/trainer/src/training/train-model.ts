import { initialParameters, type TrainableModel } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import { augmentImages } from '../data/augment-images.ts';
import { batchPlan, epochOrder, fillBatch } from '../data/batches.ts';
import type { Split } from '../data/dataset.ts';
import type {
  Engine,
  ParameterArrays,
  TrainingBatch,
  TrainingSession,
  TrainingState,
} from '../engine/engine.ts';
import { useAndClose } from '../engine/use-and-close.ts';
import { ExpectedError } from '../expected-error.ts';
import { averageDecayAt, learningRateAt } from './learning-rate.ts';
import { optimizerOf, type TrainingSettings } from './training-settings.ts';
import { createValidator, type Validator } from './validation.ts';

/** One finished epoch, as `run.json` records it. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss over the epoch's images, each as the model was when it saw it. */
  readonly trainLoss: number;
  /** Wall-clock time of the epoch's steps. */
  readonly durationMs: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Mean loss over the images that were held out, with the weights that would be exported now. */
  readonly validationLoss?: number;
  /** Share of them that a classifier gets right. */
  readonly validationAccuracy?: number;
}

/** The weights after the best epoch so far. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationLoss: number;
  readonly parameters: ParameterArrays;
}

/** All that it takes to go on with a training. */
export interface TrainingProgress {
  readonly state: TrainingState;
  readonly epochs: readonly EpochRecord[];
  /** Kept where the best weights are asked for and an epoch was validated. */
  readonly best?: BestEpoch;
  /** The epoch under way: sum of its losses over images, and time spent on it. */
  readonly lossSum: number;
  readonly elapsedMs: number;
}

export interface TrainingPlan {
  readonly engine: Engine;
  readonly model: TrainableModel;
  /** Parameters of `model.frozen`, where it has one. */
  readonly frozen?: ParameterArrays;
  readonly data: Split;
  /** Images held out from training, to choose by. */
  readonly validation?: Split;
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Asked before every step; `true` ends the training with what there is. */
  readonly shouldStop: () => boolean;
  /** Told after every step how far the epoch is, with its mean loss so far. */
  readonly onStep: (progress: { epoch: number; imagesDone: number; loss: number }) => void;
  /** Told after every epoch, with a function that takes a copy of everything. */
  readonly onEpoch: (record: EpochRecord, snapshot: () => Promise<TrainingProgress>) => Promise<void>;
}

/** Why a training is over; `stopped` is what `shouldStop` asked for, and can go on. */
export type TrainingEnd = 'epochs' | 'early-stop' | 'time-limit' | 'stopped';

/** The state that training starts from: drawn parameters, moments of zero, the average at the parameters. */
export function initialProgress(
  model: TrainableModel,
  { seed, averageDecay }: { seed: number; averageDecay: number },
): TrainingProgress {
  const zeros = (): ParameterArrays =>
    Object.fromEntries(
      model.parameters.map(({ name, shape }) => [
        name,
        new Float32Array(shape.reduce((product, size) => product * size, 1)),
      ]),
    );
  const parameters = initialParameters(model.parameters, seed, model.id);
  const average = averageDecay === 0 ? {} : { average: initialParameters(model.parameters, seed, model.id) };
  return {
    state: { step: 0, parameters, m: zeros(), v: zeros(), ...average },
    epochs: [],
    lossSum: 0,
    elapsedMs: 0,
  };
}

/** Steps in one epoch; the last, smaller batch counts. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.ceil(images / batchSize);
}

/**
 * The weights that a training exports, the last epoch that was whole when it had them, and their validation loss. Weights
 * from the middle of an epoch, where the time was up, have none: nobody judged them.
 */
export function keptWeights(
  { state, epochs, best, elapsedMs }: TrainingProgress,
  { keep }: TrainingSettings,
): { parameters: ParameterArrays; epoch: number; validationLoss?: number } {
  if (keep === 'best' && best !== undefined) return best;
  const validationLoss = elapsedMs > 0 ? undefined : epochs.at(-1)?.validationLoss;
  return {
    parameters: state.average ?? state.parameters,
    epoch: epochs.length,
    ...(validationLoss === undefined ? {} : { validationLoss }),
  };
}

/**
 * Trains a model from where `start` left off until its last epoch, until it gets no better or its time is up, or until it
 * is told to stop. Everything random depends on (seed, model, epoch, batch) alone, so a training that was stopped and goes
 * on ends in the same bytes as one that was not.
 *
 * @throws ExpectedError when a loss, or a weight at an epoch's end, is NaN or infinite.
 */
export async function trainModel(
  plan: TrainingPlan,
  start: TrainingProgress,
): Promise<{ progress: TrainingProgress; end: TrainingEnd }> {
  const { engine, model, frozen, settings, seed, validation } = plan;
  const setup = { model, ...(frozen === undefined ? {} : { frozen }) };
  const session = await engine.startTraining({
    ...setup,
    state: start.state,
    optimizer: optimizerOf(settings),
  });
  return useAndClose(session, async () => {
    if (validation === undefined) return takeEpochs(plan, start, { session });
    const held = await createValidator(engine, { ...setup, images: validation, seed });
    return useAndClose(held, (validator) => takeEpochs(plan, start, { session, validator }));
  });
}

/** Takes the epochs of a training in a session that begins at `start`, as {@link trainModel} says. */
async function takeEpochs(
  plan: TrainingPlan,
  start: TrainingProgress,
  { session, validator }: { session: TrainingSession; validator?: Validator },
): Promise<{ progress: TrainingProgress; end: TrainingEnd }> {
  const { model, data, settings, seed } = plan;
  const batches = batchPlan(data.count, settings.batchSize);
  const epochs = [...start.epochs];
  let { lossSum, elapsedMs, best } = start;
  let { step } = start.state;
  const rateOf = (of: number): number =>
    learningRateAt(of, {
      peak: settings.learningRate,
      schedule: settings.schedule,
      warmupSteps: Math.round(settings.warmup * batches.length),
      totalSteps: settings.epochs * batches.length,
    });
  const mostTogether = session.several?.most(settings.batchSize) ?? 1;
  const fill = batchSource(plan, mostTogether);
  const snapshot = async (): Promise<TrainingProgress> => ({
    state: await session.state(),
    epochs: [...epochs],
    ...(best === undefined ? {} : { best }),
    lossSum,
    elapsedMs,
  });
  for (;;) {
    const over = endOf(epochs, settings);
    if (over !== undefined) return { progress: await snapshot(), end: over };
    const epoch = epochs.length + 1;
    const order = epochOrder(data.count, seed, model.id, epoch);
    while (step < epoch * batches.length) {
      const index = step % batches.length;
      if (plan.shouldStop()) return { progress: await snapshot(), end: 'stopped' };
      if (isTimeUp(epochs, elapsedMs, settings)) {
        const progress = await snapshot();
        requireFinite(keptWeights(progress, settings).parameters, model.id, `in epoch ${epoch}`);
        return { progress, end: 'time-limit' };
      }
      const begin = performance.now();
      const together = equalBatches(batches, index, mostTogether).map((_, i) =>
        fill(order, epoch, { index: index + i, slot: i }),
      );
      const rates = together.map((_, i) => ({
        learningRate: rateOf(step + 1 + i),
        averageDecay: averageDecayAt(step + 1 + i, settings.averageDecay),
      }));
      const losses =
        session.several === undefined
          ? [await session.step(together[0], rates[0])]
          : await session.several.steps(together, rates);
      step += together.length;
      elapsedMs += performance.now() - begin;
      together.forEach(({ count }, i) => {
        const loss = losses[i];
        if (!Number.isFinite(loss)) {
          throw diverged(
            model.id,
            `loss must be finite and is ${loss} at step ${index + i + 1} of epoch ${epoch}`,
          );
        }
        lossSum += loss * count;
        const imagesDone = batches[index + i].start + count;
        plan.onStep({ epoch, imagesDone, loss: lossSum / imagesDone });
      });
    }
    let record: EpochRecord = {
      epoch,
      trainLoss: lossSum / data.count,
      durationMs: elapsedMs,
      learningRate: rateOf(step),
    };
    // A loss is that before its step: what the last step made of the weights, no loss has seen.
    const { average, parameters } = await session.state();
    requireFinite(average ?? parameters, model.id, `after epoch ${epoch}`);
    if (validator !== undefined) {
      const { loss, accuracy } = await validator.judge(average ?? parameters);
      if (!Number.isFinite(loss)) {
        throw diverged(model.id, `validation loss must be finite and is ${loss} after epoch ${epoch}`);
      }
      record = {
        ...record,
        validationLoss: loss,
        ...(accuracy === undefined ? {} : { validationAccuracy: accuracy }),
      };
      if (settings.keep === 'best' && loss < (best?.validationLoss ?? Infinity)) {
        best = { epoch, validationLoss: loss, parameters: average ?? parameters };
      }
    }
    epochs.push(record);
    [lossSum, elapsedMs] = [0, 0];
    await plan.onEpoch(record, snapshot);
  }
}

/** The batch at `index` and those after it that are as large, `most` in all at most. */
function equalBatches<T extends { size: number }>(batches: readonly T[], index: number, most: number): T[] {
  const next = batches.slice(index, index + most);
  const other = next.findIndex(({ size }) => size !== next[0].size);
  return other === -1 ? next : next.slice(0, other);
}

/**
 * Prepares batches: images in the epoch's order, augmented if so set, with labels and whatever noise the model asks for.
 * @param slots how many batches are in use at a time; the next in a slot takes the memory of the one before.
 */
function batchSource({ model, data, settings, seed }: TrainingPlan, slots: number) {
  const batches = batchPlan(data.count, settings.batchSize);
  const imageSize = data.images.length / data.count;
  const noiseSize = model.noiseShape?.reduce((product, length) => product * length, 1);
  const memory = Array.from({ length: slots }, () => ({
    images: new Uint8Array(settings.batchSize * imageSize),
    labels: new Uint8Array(settings.batchSize),
    noise: noiseSize === undefined ? undefined : new Float32Array(settings.batchSize * noiseSize),
  }));
  return (
    order: Uint32Array,
    epoch: number,
    { index, slot }: { index: number; slot: number },
  ): TrainingBatch => {
    const { start, size } = batches[index];
    const { images, labels, noise } = memory[slot];
    fillBatch(data, order, start, size, images, labels);
    const batch = {
      images: images.subarray(0, size * imageSize),
      labels: labels.subarray(0, size),
      count: size,
    };
    if (settings.augment) {
      augmentImages(batch.images, model.imageShape, randomStream(seed, `augment:${model.id}`, epoch, index));
    }
    if (noise === undefined) return batch;
    const part = noise.subarray(0, size * noiseSize!);
    const stream = randomStream(seed, `noise:${model.id}`, epoch, index);
    for (let i = 0; i < part.length; i++) part[i] = stream.nextNormal();
    return { ...batch, noise: part };
  };
}

/** Whether these epochs are all there will be, and why. */
function endOf(epochs: readonly EpochRecord[], settings: TrainingSettings): TrainingEnd | undefined {
  if (epochs.length >= settings.epochs) return 'epochs';
  if (settings.patience > 0 && epochsWithoutGain(epochs) >= settings.patience) return 'early-stop';
  return isTimeUp(epochs, 0, settings) ? 'time-limit' : undefined;
}

/** Epochs since the one with the lowest validation loss. */
function epochsWithoutGain(epochs: readonly EpochRecord[]): number {
  const losses = epochs.map(({ validationLoss }) => validationLoss ?? Infinity);
  return losses.length - 1 - losses.indexOf(Math.min(...losses));
}

function isTimeUp(
  epochs: readonly EpochRecord[],
  elapsedMs: number,
  { timeLimit }: TrainingSettings,
): boolean {
  if (timeLimit === 0) return false;
  return epochs.reduce((sum, { durationMs }) => sum + durationMs, elapsedMs) >= timeLimit * 60_000;
}

/** @param when of which weights this is, for the error. */
function requireFinite(weights: ParameterArrays, id: string, when: string): void {
  for (const [name, values] of Object.entries(weights)) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) {
      throw diverged(id, `weights must be finite and "${name}" holds ${wrong} ${when}`);
    }
  }
}

function diverged(id: string, what: string): ExpectedError {
  return new ExpectedError(
    `Cannot go on training "${id}": its ${what}: lower --learning-rate or set --gradient-clip.`,
  );
}
