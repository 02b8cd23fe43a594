import { createHash } from 'node:crypto';
import type { Configuration } from '../run-folder/configuration-difference.ts';
import { plainTraining, type TrainingSettings } from '../training/training-settings.ts';

/** Everything that decides a sweep's figures. A trial is a function of this and of its place in the grid alone. */
export interface SweepConfiguration {
  /** Forms of ids of codecs with `L` for their width, such as `basic-L-linear`. */
  readonly families: readonly string[];
  /** Widths, ascending. */
  readonly latents: readonly number[];
  readonly seeds: readonly number[];
  /** Passes of a codec over the training images. */
  readonly epochs: number;
  /** `fixed`: one classifier, trained on originals, judges all. `retrained`: each codec has one trained on its output. */
  readonly classifier: 'fixed' | 'retrained';
  /** Passes of a classifier over the training images. */
  readonly classifierEpochs: number;
  /** Train on the first so many images; `null` for all. */
  readonly trainLimit: number | null;
  /** Measure on the first so many test images; `null` for all. */
  readonly testLimit: number | null;
}

/** Threads of every computation of a sweep: figures must not depend on how many processes share the machine. */
export const trialThreads = 1;

/**
 * How a model of a sweep is trained: Adam at 0.001 falling to 0 along a cosine. With few epochs that comes closer to where
 * a long training ends than a constant rate, for every width alike.
 */
export function sweepTraining(epochs: number): TrainingSettings {
  return { ...plainTraining, epochs, schedule: 'cosine' };
}

/** The configuration as it is recorded, with what is settled for every sweep. Its keys have one order. */
export function recordConfiguration(
  configuration: SweepConfiguration,
  narrowsVersion: string,
): Record<string, Exclude<Configuration[string], undefined>> {
  const { families, latents, seeds, epochs, classifier, classifierEpochs, trainLimit, testLimit } =
    configuration;
  const { batchSize, learningRate, schedule } = sweepTraining(epochs);
  return {
    families: [...families],
    latents: [...latents],
    seeds: [...seeds],
    epochs,
    classifier,
    classifierEpochs,
    trainLimit,
    testLimit,
    batchSize,
    learningRate,
    schedule,
    threads: trialThreads,
    narrowsVersion,
  };
}

/** SHA-256 of a recorded configuration as compact JSON. */
export function hashConfiguration(recorded: Configuration): string {
  return createHash('sha256').update(JSON.stringify(recorded)).digest('hex');
}
