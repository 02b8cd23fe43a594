import type { Job } from './bench-document.ts';
import type { BenchModel, Peer } from './peer-table.ts';

/** How much is measured. */
export interface PlanOptions {
  readonly models: readonly BenchModel[];
  readonly peers: readonly Peer[];
  readonly threads: number;
  /** The first is the one that epochs are trained with. */
  readonly batchSizes: readonly number[];
  readonly kinds: readonly Job['kind'][];
  readonly rounds: number;
  readonly warmUp: number;
  readonly steps: number;
  /** Of the steps at one batch size, the first aside. */
  readonly stepsBudgetMs: number;
  /** Of the steps at one batch size, however few there are by then. */
  readonly stepsPatienceMs: number;
  /** Sizes of training sets; the last one is the whole. */
  readonly imageCounts: readonly number[];
  /** Threads to compare, where a peer can run on any number. */
  readonly threadCounts: readonly number[];
  /** Of training until the test set's figure is good. */
  readonly targetBudgetMs: number;
}

/** A job, whose it is, and which round it belongs to, from 1. */
export interface PlannedJob {
  readonly peer: Peer;
  readonly round: number;
  readonly job: Job;
}

/**
 * Everything that is to be measured, in the order in which it is: kind by kind, model by model, and of each the peers in
 * turn, round by round, so that whatever else the machine does meets all of them alike.
 */
export function planJobs(options: PlanOptions): PlannedJob[] {
  const { models, threads, batchSizes, rounds, threadCounts, imageCounts } = options;
  const [batchSize] = batchSizes;
  const { warmUp, steps, stepsBudgetMs: budgetMs, stepsPatienceMs: patienceMs } = options;
  const stepsJob = (model: string, of: { batchSizes: readonly number[]; threads: number }): Job => ({
    kind: 'steps',
    model,
    threads: of.threads,
    batchSizes: [...of.batchSizes],
    warmUp,
    steps,
    budgetMs,
    patienceMs,
  });
  const perKind: Readonly<Record<Job['kind'], (model: BenchModel) => PlannedJob[]>> = {
    compile: ({ id: model }) =>
      inTurn(options, 'compile', rounds, (peer) => ({
        kind: 'compile',
        model,
        threads: threadsOf(peer, threads),
        batchSize,
      })),
    inference: ({ id: model }) =>
      inTurn(options, 'inference', Math.min(rounds, 2), (peer) => ({
        kind: 'inference',
        model,
        threads: threadsOf(peer, threads),
        batchSizes: [1, 1000],
        budgetMs: 1000,
      })),
    steps: ({ id: model }) => [
      ...inTurn(options, 'steps', rounds, (peer, round) => {
        const isSlow = peer.slowModels?.includes(model) === true;
        if (isSlow && round > 1) return undefined;
        const sizes = isSlow ? [batchSize] : batchSizes;
        return stepsJob(model, { batchSizes: sizes, threads: threadsOf(peer, threads) });
      }),
      ...threadCounts
        .filter((count) => count < threads)
        .flatMap((count) =>
          inTurn(options, 'steps', Math.min(rounds, 2), (peer) =>
            peer.threads === undefined
              ? stepsJob(model, { batchSizes: [batchSize], threads: count })
              : undefined,
          ),
        ),
    ],
    epochs: ({ id: model }) =>
      inTurn(options, 'epochs', Math.max(1, rounds - 1), (peer, round) =>
        peer.slowModels?.includes(model) === true
          ? undefined
          : {
              kind: 'epochs',
              model,
              threads: threadsOf(peer, threads),
              batchSize,
              imageCounts: round === 1 ? [...imageCounts] : imageCounts.slice(-1),
            },
      ),
    target: ({ id: model, target }) =>
      inTurn(options, 'target', rounds, (peer, round) =>
        peer.slowModels?.includes(model) === true
          ? undefined
          : {
              kind: 'target',
              model,
              threads: threadsOf(peer, threads),
              batchSize,
              target,
              seed: round,
              everyImages: targetInterval,
              budgetMs: options.targetBudgetMs,
            },
      ),
  };
  return options.kinds.flatMap((kind) => models.flatMap((model) => perKind[kind](model)));
}

/** A quarter of MNIST. */
const targetInterval = 15_000;

/** Threads that a peer runs on where so many are asked for. */
export function threadsOf(peer: Peer, threads: number): number {
  return peer.threads === 'one' ? 1 : threads;
}

function inTurn(
  { peers, threads }: PlanOptions,
  kind: Job['kind'],
  rounds: number,
  jobOf: (peer: Peer, round: number) => Job | undefined,
): PlannedJob[] {
  const takePart = peers.filter(
    (peer) => peer.kinds.includes(kind) && (peer.threads !== 'several' || threads > 1),
  );
  return Array.from({ length: rounds }, (_, i) => i + 1).flatMap((round) =>
    takePart.flatMap((peer) => {
      const job = jobOf(peer, round);
      return job === undefined ? [] : [{ peer, round, job }];
    }),
  );
}
