import { basename } from 'node:path';
import { sweepResultSchema, sweepResultVersion, type SweepResult, type SweepTrial } from '@narrows/shared';
import type { Progress } from '../cli/progress.ts';
import { loadMnist } from '../data/mnist.ts';
import { ExpectedError } from '../expected-error.ts';
import { signedText } from '../report/number-text.ts';
import { runPlatform, version } from '../run-platform.ts';
import { estimateWork } from './estimate-work.ts';
import { expandGrid, type Trial } from './expand-grid.ts';
import { jobContext, sweepClassifier, type JobContext, type TrainedClassifier } from './run-job.ts';
import { ledgerName } from './ledger.ts';
import { keepClassifier, keepPca, keptClassifier, keptPca } from './sweep-checkpoints.ts';
import { hashConfiguration, recordConfiguration } from './sweep-configuration.ts';
import { sweepCsv } from './sweep-csv.ts';
import { openSweepFolder, type SweepFolder } from './sweep-folder.ts';
import type { SweepOptions } from './sweep-options.ts';
import { sweepReport } from './report/sweep-report.ts';
import { findFronts, findThresholds, summariseTrials } from './summarise-trials.ts';
import { runOnWorkers, type JobFailure } from './worker-pool.ts';
import { jobName, type Job, type JobResult } from './worker-messages.ts';

/** A trial that came to no result. */
type Failure = SweepResult['failures'][number];

/**
 * How a sweep ended: whole at `out`; incomplete, with trials that failed and that `--resume` tries again; or stopped with
 * its finished trials kept for `--resume`.
 */
export type SweepOutcome =
  | { readonly kind: 'finished'; readonly out: string; readonly result: SweepResult }
  | { readonly kind: 'incomplete'; readonly out: string; readonly failures: readonly Failure[] }
  | { readonly kind: 'stopped'; readonly out: string; readonly kept: boolean };

/** What a sweep needs from outside. */
export interface SweepSurroundings {
  readonly progress: Progress;
  /** Asked all the time; `true` ends the sweep with the trials that are finished. */
  readonly shouldStop: () => boolean;
}

/** What could come of a grid of trials so far. */
interface SweepState {
  classifier: TrainedClassifier | undefined;
  readonly trials: Map<string, SweepTrial>;
  readonly failures: (Failure & Pick<JobFailure, 'isFinal'>)[];
}

/**
 * Trains and measures every codec of a grid on worker processes, and leaves a folder with `sweep.json`, which tells it
 * all, `sweep.csv`, the ledger and a report. Finished trials are in the ledger at once: a sweep that was stopped or killed
 * goes on with the others. Trials whose own figures make them fail, as by a loss that is not finite, are named in the
 * result, and the others count without them; where another try may mend a failure, the sweep stays unfinished for it.
 *
 * @throws ExpectedError for everything the user can mend, and where every trial failed for good
 */
export async function runSweep(
  options: SweepOptions,
  { progress, shouldStop }: SweepSurroundings,
): Promise<SweepOutcome> {
  const createdAt = new Date();
  const begin = performance.now();
  const { configuration, out, data, workers } = options;
  const dataset = await loadMnist(data === undefined ? {} : { folder: data });
  const context = jobContext(configuration, dataset);
  const grid = expandGrid(configuration, context.models);
  const recorded = recordConfiguration(configuration, version);
  const folder = openSweepFolder(out, recorded, options);
  try {
    const state: SweepState = {
      classifier: keptClassifier(folder),
      trials: new Map(folder.trials.map((trial) => [trial.id, trial])),
      failures: [],
    };
    const how = await computeAll(grid, state, { context, folder, options, progress, shouldStop });
    if (how === 'stopped') return { kind: 'stopped', out, kept: folder.abandon() === 'kept' };
    const failures = inGridOrder(state.failures, grid);
    if (failures.some(({ isFinal }) => !isFinal)) return { kind: 'incomplete', out, failures };
    const trials = grid.flatMap(({ id }) => state.trials.get(id) ?? []);
    if (trials.length === 0) {
      const [{ id, reason }] = failures;
      throw new ExpectedError(
        `Cannot finish the sweep "${out}": at least one trial must come to a result, and none did; ${id}: ${reason}`,
      );
    }
    const { trainMs, accuracy, crossEntropy } = state.classifier!;
    const { id: model, parameterCount } = sweepClassifier(context.models);
    const summaries = summariseTrials(trials);
    const result: SweepResult = {
      schemaVersion: sweepResultVersion,
      narrowsVersion: version,
      name: basename(out),
      createdAt: createdAt.toISOString(),
      finishedAt: new Date().toISOString(),
      configuration: recorded as SweepResult['configuration'],
      configurationSha256: hashConfiguration(recorded),
      grid: {
        families: [...configuration.families],
        latents: [...configuration.latents],
        seeds: [...configuration.seeds],
      },
      dataset: dataset.description,
      testCount: context.test.count,
      platform: runPlatform(),
      workers,
      durations: { totalMs: performance.now() - begin },
      classifier: {
        mode: configuration.classifier,
        model,
        seed: configuration.seeds[0],
        parameterCount,
        trainMs,
        accuracy,
        crossEntropy,
      },
      trials,
      failures: failures.map(({ id, reason }) => ({ id, reason })),
      summaries,
      thresholds: findThresholds(summaries, accuracy),
      fronts: findFronts(summaries),
      files: [folder.describeFile(ledgerName), folder.addFile('sweep.csv', sweepCsv(trials))],
    };
    const report = sweepReport(result);
    result.files.push(
      folder.addFile('report/index.html', report.html),
      folder.addFile('report/report.md', report.markdown),
    );
    // What breaks its own rules must not become a sweep that nothing can read.
    folder.finish(`${JSON.stringify(sweepResultSchema.parse(result), null, 2)}\n`);
    return { kind: 'finished', out, result };
  } finally {
    folder.abandon();
  }
}

interface ComputeContext extends SweepSurroundings {
  readonly context: JobContext;
  readonly folder: SweepFolder;
  readonly options: SweepOptions;
}

/** Runs whatever the grid still lacks, and keeps each result as it comes. */
async function computeAll(
  grid: readonly Trial[],
  state: SweepState,
  { context, folder, options, progress, shouldStop }: ComputeContext,
): Promise<'ended' | 'stopped'> {
  const pca = keptPca(folder);
  const work = new Map<Job, number>();
  const plan = (job: Job): Job => {
    work.set(job, estimateWork(job, context));
    return job;
  };
  const missing = grid.filter(({ id }) => !state.trials.has(id));
  const trialJobs = missing
    .map((trial) => plan({ kind: 'trial', trial }))
    .sort((a, b) => work.get(b)! - work.get(a)!);
  const jobs: Job[] = [
    ...(state.classifier === undefined ? [plan({ kind: 'classifier' })] : []),
    ...(pca === undefined && missing.some(({ kind }) => kind === 'pca') ? [plan({ kind: 'pca' })] : []),
    ...trialJobs,
  ];
  if (state.trials.size > 0) {
    progress.note(`Resumed: ${state.trials.size} of ${grid.length} trials were finished before.`);
  }
  const total = jobs.reduce((sum, job) => sum + work.get(job)!, 0);
  let ended = 0;
  const end = (job: Job): void => {
    ended += work.get(job)!;
    task.update(ended / total);
  };
  const task = progress.task('sweep');
  const how = await runOnWorkers({
    configuration: options.configuration,
    data: options.data,
    jobs,
    classifier: state.classifier,
    pca,
    workers: options.workers,
    shouldStop,
    onProgress: (fractions) => {
      const underWay = [...fractions].reduce((sum, [job, fraction]) => sum + fraction * work.get(job)!, 0);
      task.update((ended + underWay) / total);
    },
    onResult: (job, result) => {
      switch (result.kind) {
        case 'classifier':
          state.classifier = result.classifier;
          keepClassifier(folder, result.classifier, context.models);
          break;
        case 'pca':
          keepPca(folder, result.pca);
          break;
        case 'trial':
          state.trials.set(result.trial.id, result.trial);
          folder.enter(result.trial);
      }
      progress.note(describeResult(result, state.classifier));
      end(job);
    },
    onRetry: (job, reason) => {
      progress.note(`${jobName(job)}: begun again: ${reason}`);
    },
    onFailure: (job, { reason, isFinal }) => {
      const id = jobName(job);
      state.failures.push({ id, reason, isFinal });
      progress.note(`${id}: failed: ${reason}`);
      end(job);
    },
  });
  const failed = state.failures.length === 0 ? '' : `, ${state.failures.length} failed`;
  task.finish(`${state.trials.size} of ${grid.length} trials${failed}`);
  return how;
}

/** One line for what a job came to. */
function describeResult(result: JobResult, classifier: TrainedClassifier | undefined): string {
  const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(1)} s`;
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  switch (result.kind) {
    case 'classifier': {
      const { accuracy, trainMs } = result.classifier;
      return `classifier: ${percent(accuracy)} of the original test images right, ${seconds(trainMs)}`;
    }
    case 'pca':
      return `PCA: fitted once for all widths, ${seconds(result.pca.trainMs)}`;
    case 'trial': {
      const { id, plain, coded, trainMs } = result.trial;
      // With classifiers of their own, trials can end before the one of the originals.
      const difference =
        classifier === undefined
          ? ''
          : ` (${signedText(100 * (plain.accuracy - classifier.accuracy), 2)} points)`;
      return (
        `${id}: MSE ${plain.mse.toFixed(5)}, accuracy ${percent(plain.accuracy)}${difference}, ` +
        `${coded.bits.toFixed(0)} bits quantised, ${seconds(trainMs)}`
      );
    }
  }
}

function inGridOrder<T extends { id: string }>(entries: readonly T[], grid: readonly Trial[]): T[] {
  return grid.flatMap(({ id }) => entries.filter((entry) => entry.id === id));
}
