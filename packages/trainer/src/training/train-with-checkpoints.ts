import type { Model, TrainableModel } from '@narrows/models';
import type { RunFile } from '@narrows/shared';
import type { Progress } from '../cli/progress.ts';
import type { Split } from '../data/dataset.ts';
import type { Engine, ParameterArrays } from '../engine/engine.ts';
import type { WorkFolder } from '../run-folder/work-folder.ts';
import { tensorboardEventFile } from '../tensorboard-events.ts';
import {
  initialProgress,
  keptWeights,
  stepsPerEpoch,
  trainModel,
  type EpochRecord,
  type TrainingEnd,
  type TrainingProgress,
} from './train-model.ts';
import { readTrainingCheckpoint, writeTrainingCheckpoint } from './training-checkpoint.ts';
import type { TrainingSettings } from './training-settings.ts';

/** The run's file of epochs, one JSON object a line. */
export const metricsFile = 'metrics.jsonl';

/** Where TensorBoard finds the epochs of a model. */
function tensorboardFile(id: string): string {
  return `tensorboard/${id}/events.out.tfevents.narrows`;
}

/** A model whose training is over. */
export interface TrainedModel {
  /** The weights to export. */
  readonly parameters: ParameterArrays;
  readonly epochs: readonly EpochRecord[];
  readonly trainingMs: number;
  readonly endedBy: Exclude<TrainingEnd, 'stopped'>;
  /** The last whole epoch that the weights have seen; where the time was up, they may have seen a part of the next. */
  readonly keptEpoch: number;
  readonly keptValidationLoss?: number;
}

export interface CheckpointedTraining {
  readonly engine: Engine;
  readonly model: TrainableModel;
  readonly frozen?: ParameterArrays;
  readonly train: Split;
  readonly validation?: Split;
  readonly settings: TrainingSettings;
  readonly seed: number;
  readonly folder: WorkFolder;
  readonly progress: Progress;
  readonly shouldStop: () => boolean;
}

/**
 * Trains one model from its checkpoint, if it has one, and keeps one after every epoch and at the end.
 * @returns `undefined` when told to stop before the end.
 */
export async function trainWithCheckpoints(
  training: CheckpointedTraining,
): Promise<TrainedModel | undefined> {
  const { engine, model, frozen, train, validation, settings, seed, folder, progress, shouldStop } = training;
  const { epochs } = settings;
  const start =
    readTrainingCheckpoint(folder, model) ??
    initialProgress(model, { seed, averageDecay: settings.averageDecay });
  const perEpoch = stepsPerEpoch(train.count, settings.batchSize);
  const imagesDone =
    start.epochs.length * train.count +
    Math.min(train.count, (start.state.step % perEpoch) * settings.batchSize);
  progress.start(model.id, { totalEpochs: epochs, imagesPerEpoch: train.count, imagesDone });
  const { progress: reached, end } = await trainModel(
    {
      engine,
      model,
      ...(frozen === undefined ? {} : { frozen }),
      data: train,
      ...(validation === undefined ? {} : { validation }),
      settings,
      seed,
      shouldStop,
      onStep: (state) => {
        progress.update(state);
      },
      onEpoch: async (record, snapshot) => {
        progress.epochEnd(record);
        const imagesPerSecond = train.count / (record.durationMs / 1000);
        const line = { model: model.id, ...record, imagesPerSecond, wallTimeMs: Date.now() };
        folder.appendLine(metricsFile, JSON.stringify(line));
        writeTrainingCheckpoint(folder, model, await snapshot());
        writeTensorboard(folder, model.id);
      },
    },
    start,
  );
  if (end === 'stopped' || end === 'time-limit') writeTrainingCheckpoint(folder, model, reached);
  if (end === 'stopped') {
    progress.finish(`stopped in epoch ${reached.epochs.length + 1} of ${epochs}`);
    return undefined;
  }
  const trainingMs = reached.epochs.reduce((total, { durationMs }) => total + durationMs, reached.elapsedMs);
  const kept = keptWeights(reached, settings);
  progress.finish(
    summarise(reached.epochs, { end, weights: describeWeights(reached, settings), trainingMs }),
  );
  return {
    parameters: kept.parameters,
    epochs: reached.epochs,
    trainingMs,
    endedBy: end,
    keptEpoch: kept.epoch,
    ...(kept.validationLoss === undefined ? {} : { keptValidationLoss: kept.validationLoss }),
  };
}

/** Epochs that the checkpoints of these models know of, by the model's id; their lines of metrics are settled. */
export function recordedEpochs(
  folder: WorkFolder,
  models: readonly Model[],
): Map<string, readonly EpochRecord[]> {
  return new Map(models.map((model) => [model.id, readTrainingCheckpoint(folder, model)?.epochs ?? []]));
}

/** Which weights are kept, where they are not simply those after the last epoch. */
function describeWeights(reached: TrainingProgress, settings: TrainingSettings): string | undefined {
  const kept = keptWeights(reached, settings);
  const { epochs, best, elapsedMs } = reached;
  if (elapsedMs > 0 && kept !== best) return `weights part-way through epoch ${epochs.length + 1}`;
  return kept.epoch === epochs.length ? undefined : `weights of epoch ${kept.epoch}`;
}

function summarise(
  epochs: readonly EpochRecord[],
  { end, weights, trainingMs }: { end: TrainingEnd; weights: string | undefined; trainingMs: number },
): string {
  const last = epochs.at(-1);
  const reasons = {
    'early-stop': ', no longer better',
    'time-limit': ', time is up',
    epochs: '',
    stopped: '',
  };
  return [
    `${epochs.length} ${epochs.length === 1 ? 'epoch' : 'epochs'}${reasons[end]}`,
    ...(last === undefined ? [] : [`loss ${last.trainLoss.toPrecision(4)}`]),
    ...(last?.validationLoss === undefined ? [] : [`validation ${last.validationLoss.toPrecision(4)}`]),
    ...(weights === undefined ? [] : [weights]),
    `${(trainingMs / 1000).toFixed(1)} s`,
  ].join(', ');
}

/** Writes the model's epochs, as `metrics.jsonl` has them, for TensorBoard to show. */
export function writeTensorboard(folder: WorkFolder, id: string): RunFile {
  const records = folder.readLines(metricsFile).map((line) => JSON.parse(line) as MetricsLine);
  const scalars = records
    .filter(({ model }) => model === id)
    .map(({ epoch, trainLoss, learningRate, validationLoss, validationAccuracy, wallTimeMs }) => ({
      wallTimeMs,
      step: epoch,
      values: {
        'loss/train': trainLoss,
        learning_rate: learningRate,
        ...(validationLoss === undefined ? {} : { 'loss/validation': validationLoss }),
        ...(validationAccuracy === undefined ? {} : { 'accuracy/validation': validationAccuracy }),
      },
    }));
  return folder.addFile(tensorboardFile(id), tensorboardEventFile(scalars));
}

/** A line of `metrics.jsonl`. */
interface MetricsLine extends EpochRecord {
  readonly model: string;
  readonly imagesPerSecond: number;
  /** When the epoch ended, in ms since 1970. */
  readonly wallTimeMs: number;
}
