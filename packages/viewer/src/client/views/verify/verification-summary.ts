import type { OpenRun } from '../../state/run.ts';
import type { Verification } from '../../worker/lab-api.ts';

/** A verification and the run that it was of: what the parts of its report show. */
export interface VerifiedRun {
  readonly run: OpenRun;
  readonly verification: Verification;
}

/** What a verification found, in numbers. */
export interface VerificationSummary {
  /** Whether everything agrees: errors, accuracies and files. */
  readonly isConfirmed: boolean;
  readonly equalAccuracies: number;
  readonly errorsWithin: number;
  /** Largest difference of any codec's error from the trainer's, ≥ 0; 0 where there are no codecs. */
  readonly largestDifference: number;
  /** Answers of another class than the trainer's, over all classifiers and what they were shown. */
  readonly differingAnswers: number;
  /** All answers. */
  readonly answers: number;
  readonly matchingFiles: number;
  /** Images through a model per second: each codec once, each classifier once for everything it was shown. */
  readonly passesPerSecond: number;
}

/** Whether all agree; `undefined` where there was nothing to compare. */
export function areEqual(agreeing: number, all: number): boolean | undefined {
  return all === 0 ? undefined : agreeing === all;
}

/** Counts what agrees. An image of another class is no failure by itself: the accuracy says whether it matters. */
export function summarise(verification: Verification): VerificationSummary {
  const { codecs, classifications, files, images, durationMs } = verification;
  const count = <T>(list: readonly T[], holds: (item: T) => boolean): number => list.filter(holds).length;
  const equalAccuracies = count(classifications, ({ accuracy }) => accuracy.agrees);
  const errorsWithin = count(codecs, ({ mse }) => mse.agrees);
  const matchingFiles = count(files, ({ matches }) => matches);
  return {
    isConfirmed:
      equalAccuracies === classifications.length &&
      errorsWithin === codecs.length &&
      matchingFiles === files.length,
    equalAccuracies,
    errorsWithin,
    largestDifference: Math.max(0, ...codecs.map(({ mse }) => Math.abs(mse.here - mse.trainer))),
    differingAnswers: classifications.reduce((sum, { differing }) => sum + differing, 0),
    answers: classifications.length * images,
    matchingFiles,
    passesPerSecond: ((codecs.length + classifications.length) * images) / (durationMs / 1000),
  };
}
