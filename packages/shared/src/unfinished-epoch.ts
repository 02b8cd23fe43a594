import type { RunModel } from './run-manifest.ts';

/**
 * The epoch, from 1, part-way through which a model's exported weights were taken because its time was up; `undefined`
 * where they are those after a whole epoch.
 */
export function unfinishedEpoch(model: Exclude<RunModel, { kind: 'pca' }>): number | undefined {
  const { endedBy, epochs, keptEpoch, training, trainingMs } = model;
  if (endedBy !== 'time-limit' || (training['keep'] === 'best' && keptEpoch > 0)) return undefined;
  // The time of the unfinished epoch counts in the whole and in no epoch's.
  const wholeEpochsMs = epochs.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return trainingMs > wholeEpochsMs ? epochs.length + 1 : undefined;
}
