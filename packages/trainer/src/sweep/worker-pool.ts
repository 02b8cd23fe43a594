import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from '../expected-error.ts';
import type { FittedPca, TrainedClassifier } from './run-job.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';
import type { FromWorker, Job, JobResult, ToWorker } from './worker-messages.ts';

/** What a pool is to do, and whom it tells. */
export interface PoolPlan {
  readonly configuration: SweepConfiguration;
  readonly data: string | undefined;
  /** In the order in which they are begun; one that needs PCA waits for it. */
  readonly jobs: readonly Job[];
  /** What jobs need that an earlier process computed. */
  readonly classifier: TrainedClassifier | undefined;
  readonly pca: FittedPca | undefined;
  /** Processes at the same time, at least 1. */
  readonly workers: number;
  /** Asked ten times a second; `true` ends the workers, whatever they are at. */
  readonly shouldStop: () => boolean;
  /** Told how much of each job under way is done, from 0 to 1. */
  readonly onProgress: (fractions: ReadonlyMap<Job, number>) => void;
  /** Told what a job came to, one at a time. */
  readonly onResult: (job: Job, result: JobResult) => void;
  /** Told that a job is begun once more, and why. */
  readonly onRetry: (job: Job, reason: string) => void;
  /** Told that a job came to nothing. */
  readonly onFailure: (job: Job, failure: JobFailure) => void;
}

/** Why a job came to nothing. */
export interface JobFailure {
  readonly reason: string;
  /** Whether it would fail again, for what was computed decides it; what ended a process may be over another time. */
  readonly isFinal: boolean;
}

/** How often a job is begun whose worker dies. */
const attempts = 2;
const stopCheckMs = 100;
/** What is kept of a worker's last words. */
const stderrCharacters = 2000;

const entry = fileURLToPath(new URL('sweep-worker.ts', import.meta.url));

interface Worker {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  /** Whether it ever was ready. */
  hasStarted: boolean;
  /** Whether it waits for a job. */
  isReady: boolean;
  job: Job | undefined;
  stderr: string;
}

/**
 * Runs jobs on worker processes, each taking the next job when it is done with one. A job whose worker dies is begun once
 * more, then counts as failed, and the others go on; so does one that throws, unless it would throw again.
 *
 * @returns whether all jobs ended, with a result or not, or it was told to stop
 * @throws ExpectedError when workers die before they take a job, and when the classifier or PCA come to nothing, which
 *   the trials need
 */
export async function runOnWorkers(plan: PoolPlan): Promise<'ended' | 'stopped'> {
  const waiting = [...plan.jobs];
  const begun = new Map<Job, number>();
  const fractions = new Map<Job, number>();
  const workers = new Set<Worker>();
  let { classifier, pca } = plan;
  /** Workers that died before they were ready, since the last one that was. */
  let stillborn = 0;
  let isOver = false;
  let settle!: { resolve: (how: 'ended' | 'stopped') => void; reject: (error: unknown) => void };
  const outcome = new Promise<'ended' | 'stopped'>((resolve, reject) => {
    settle = { resolve, reject };
  });

  function startWorker(): void {
    // It inherits the flags by which this process reads TypeScript. Arrays are cloned, not written as JSON.
    const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let sayEnded: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      sayEnded = resolve;
    });
    const worker: Worker = {
      process: child,
      ended,
      hasStarted: false,
      isReady: false,
      job: undefined,
      stderr: '',
    };
    const end = (how: string): void => {
      sayEnded();
      guarded(() => {
        bury(worker, how);
      });
    };
    workers.add(worker);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      worker.stderr = (worker.stderr + text).slice(-stderrCharacters);
    });
    child.on('error', (error) => {
      // One that was never begun. A message to one that has just died is an error too; that it is dead shows by "close".
      if (child.pid === undefined) end(error.message);
    });
    child.on('message', (message: FromWorker) => {
      guarded(() => {
        receive(worker, message);
      });
    });
    child.on('close', (code, signal) => {
      end(signal ?? `code ${code ?? 'unknown'}`);
    });
    const { configuration, data } = plan;
    tell(worker, { kind: 'setup', configuration, data });
    if (classifier !== undefined) tell(worker, { kind: 'classifier', classifier });
  }

  function receive(worker: Worker, message: FromWorker): void {
    const { job } = worker;
    switch (message.kind) {
      case 'ready':
        stillborn = 0;
        worker.hasStarted = true;
        worker.isReady = true;
        deal();
        return;
      case 'progress':
        fractions.set(job!, message.fraction);
        plan.onProgress(fractions);
        return;
      case 'done':
        worker.job = undefined;
        fractions.delete(job!);
        take(message.result);
        plan.onResult(job!, message.result);
        return;
      case 'failed':
        worker.job = undefined;
        retryOrFail(job!, message.reason, message.isFinal);
    }
  }

  function take(result: JobResult): void {
    if (result.kind === 'pca') pca = result.pca;
    if (result.kind !== 'classifier') return;
    classifier = result.classifier;
    for (const worker of workers) tell(worker, { kind: 'classifier', classifier });
  }

  /** Gives every worker that is free the next job that can begin. */
  function deal(): void {
    if (waiting.length === 0 && [...workers].every(({ job }) => job === undefined)) {
      settle.resolve('ended');
      return;
    }
    for (const worker of workers) {
      if (!worker.isReady || worker.job !== undefined) continue;
      const next = waiting.findIndex((job) => pca !== undefined || !needsPca(job));
      if (next === -1) return;
      const [job] = waiting.splice(next, 1);
      worker.job = job;
      worker.isReady = false;
      begun.set(job, (begun.get(job) ?? 0) + 1);
      tell(worker, { kind: 'job', job, pca: needsPca(job) ? pca : undefined });
    }
  }

  function retryOrFail(job: Job, reason: string, isFinal: boolean): void {
    fractions.delete(job);
    if (!isFinal && begun.get(job)! < attempts) {
      waiting.unshift(job);
      plan.onRetry(job, reason);
      return;
    }
    const why = begun.get(job)! < attempts ? reason : `${reason}, at the second attempt`;
    if (job.kind !== 'trial') {
      throw new ExpectedError(
        `Cannot go on with the sweep: its trials need ${job.kind === 'pca' ? 'the fit of PCA' : 'the classifier'}, ` +
          `which came to nothing: ${why}`,
      );
    }
    plan.onFailure(job, { reason: why, isFinal });
  }

  /** Sees to what a dead worker was at, and puts another in its place. */
  function bury(worker: Worker, how: string): void {
    workers.delete(worker);
    // A signal to the whole group of processes ends workers before the next check: no job of theirs has failed.
    if (plan.shouldStop()) {
      settle.resolve('stopped');
      return;
    }
    const words = lastWords(worker.stderr);
    const reason = `its process ended with ${how}${words === '' ? '' : ` (${words})`}`;
    if (worker.job !== undefined) {
      retryOrFail(worker.job, reason, false);
    } else if (!worker.hasStarted && ++stillborn >= attempts) {
      throw new ExpectedError(
        `Cannot start a worker of the sweep: ${reason}. Free memory or lower --workers.`,
      );
    }
    if (waiting.length > 0) startWorker();
    deal();
  }

  function guarded(work: () => void): void {
    if (isOver) return;
    try {
      work();
    } catch (error) {
      settle.reject(error);
    }
  }

  const stopCheck = setInterval(() => {
    guarded(() => {
      if (plan.shouldStop()) settle.resolve('stopped');
    });
  }, stopCheckMs);
  try {
    if (plan.jobs.length === 0) return 'ended';
    for (let i = 0; i < Math.min(plan.workers, plan.jobs.length); i++) startWorker();
    return await outcome;
  } finally {
    isOver = true;
    clearInterval(stopCheck);
    // They keep nothing that would be lost.
    for (const worker of workers) worker.process.kill('SIGKILL');
    await Promise.all([...workers].map(({ ended }) => ended));
  }
}

function needsPca(job: Job): boolean {
  return job.kind === 'trial' && job.trial.kind === 'pca';
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.process.connected) worker.process.send(message);
}

/** What a process wrote last about why it ended: of Node's and V8's reports the line that names the error. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '') ?? '';
}
