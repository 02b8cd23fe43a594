import { median } from '../statistics.ts';
import { leastSteps, type Job, type Measurement } from './bench-document.ts';
import type { PlannedJob } from './plan-jobs.ts';

/** Starting a child, loading its library and the images. */
const startSeconds = 4;
/** Epochs that reaching a target takes at most, as a rule. */
const targetEpochs = 10;
const trainingImages = 60_000;

/** Where nothing was measured yet. */
const guessedStepMs = 20;

/** The times of a step that a peer was measured to take for a model, in milliseconds. */
function stepTimes(measurements: readonly Measurement[], { peer, job }: PlannedJob): number[] {
  const size = 'batchSize' in job ? job.batchSize : job.batchSizes[0];
  return measurements.flatMap(({ peer: id, job: done, answer }) =>
    id === peer.id && done.model === job.model && done.threads === job.threads
      ? (answer?.steps ?? []).filter(({ batchSize }) => batchSize === size).map(({ meanMs }) => meanMs)
      : [],
  );
}

/** About how long a job will take, in seconds, by what its peer's steps took before. */
export function estimateSeconds(planned: PlannedJob, measurements: readonly Measurement[]): number {
  const { job } = planned;
  const times = stepTimes(measurements, planned);
  const stepMs = times.length === 0 ? guessedStepMs : median(times);
  return startSeconds + workSeconds(job, stepMs);
}

function workSeconds(job: Job, stepMs: number): number {
  const epoch = (images: number, batchSize: number): number => ((images / batchSize) * stepMs) / 1000;
  switch (job.kind) {
    case 'steps':
      return (
        job.batchSizes.length *
        Math.min(
          Math.max((1 + leastSteps) * stepMs, Math.min(job.budgetMs, (job.warmUp + job.steps) * stepMs)),
          Math.max(stepMs, job.patienceMs),
        ) *
        0.001
      );
    case 'epochs':
      return job.imageCounts.reduce((sum, images) => sum + epoch(images, job.batchSize), 0);
    case 'target':
      return Math.min(job.budgetMs / 1000, targetEpochs * epoch(trainingImages, job.batchSize));
    case 'compile':
      return 0;
    case 'inference':
      return (job.batchSizes.length * job.budgetMs) / 1000 + 3;
  }
}

/** Where a job isn't worth its time. */
export interface Limits {
  /** The longest epoch over all images that a peer without patience trains, in seconds. */
  readonly epochSeconds: number;
}

/**
 * Why a job needn't be run: the peer could not train that model before, or an epoch would take it too long.
 * @returns `undefined` if it should be run.
 */
export function reasonToSkip(
  planned: PlannedJob,
  measurements: readonly Measurement[],
  { epochSeconds }: Limits,
): { failure: string } | { leftOut: string } | undefined {
  const { peer, job } = planned;
  const steps = measurements.filter(
    (one) => one.peer === peer.id && one.job.model === job.model && one.job.kind === 'steps',
  );
  const failure = steps.find((one) => one.failure !== undefined)?.failure;
  // One that could before can: what failed then did so of its own.
  if (failure !== undefined && steps.every((one) => one.answer === undefined)) return { failure };
  if (peer.isPatient === true || (job.kind !== 'epochs' && job.kind !== 'target')) return undefined;
  const times = stepTimes(measurements, planned);
  if (times.length === 0) return undefined;
  const seconds = ((trainingImages / job.batchSize) * median(times)) / 1000;
  return seconds > epochSeconds
    ? { leftOut: `an epoch takes about ${Math.round(seconds)} s, by its steps` }
    : undefined;
}
