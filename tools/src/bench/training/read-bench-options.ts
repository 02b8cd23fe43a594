import { jobSchema, type Job } from './bench-document.ts';
import type { Limits } from './foresee-job.ts';
import { benchModels, findBenchModel, findPeer, peers } from './peer-table.ts';
import type { BenchOptions } from './plan-jobs.ts';

/** Words of the command line; lists are separated by commas. */
export interface BenchFlags {
  readonly models?: string | undefined;
  readonly peers?: string | undefined;
  readonly kinds?: string | undefined;
  readonly rounds?: string | undefined;
  readonly threads?: string | undefined;
  readonly quick?: boolean | undefined;
}

const allKinds = jobSchema.options.map(({ shape }) => shape.kind.value);
/** What is quick first, and steps before what is foreseen by them. */
const kindOrder: readonly Job['kind'][] = ['compile', 'inference', 'steps', 'epochs', 'target'];

/** What is measured unless the command line says otherwise. */
const full = {
  kinds: kindOrder,
  rounds: 3,
  batchSizes: [64, 128, 256, 512],
  warmUp: 20,
  steps: 200,
  stepsBudgetMs: 4000,
  stepsPatienceMs: 60_000,
  imageCounts: [15_000, 30_000, 60_000],
  threadCounts: [1, 2],
  targetBudgetMs: 300_000,
} as const;

const quick = {
  ...full,
  kinds: ['compile', 'inference', 'steps', 'epochs'],
  rounds: 1,
  batchSizes: [64, 256],
  steps: 100,
  stepsBudgetMs: 1500,
  stepsPatienceMs: 20_000,
  imageCounts: [15_000],
  threadCounts: [],
} as const;

/**
 * What the command line asks for.
 * @throws RangeError for a name that isn't known and a number that isn't one.
 */
export function readBenchOptions(flags: BenchFlags): {
  plan: BenchOptions;
  limits: Limits & { timeoutMs: number };
} {
  const base = flags.quick === true ? quick : full;
  const names = (list: string | undefined): readonly string[] | undefined => list?.split(',');
  const kinds = names(flags.kinds)?.map((name) => {
    const kind = allKinds.find((one) => one === name);
    if (kind === undefined) {
      throw new RangeError(`Cannot measure "${name}": it is none of ${allKinds.join(', ')}.`);
    }
    return kind;
  });
  return {
    plan: {
      ...base,
      models: names(flags.models)?.map(findBenchModel) ?? benchModels,
      peers: names(flags.peers)?.map(findPeer) ?? peers,
      kinds: kinds === undefined ? base.kinds : kindOrder.filter((kind) => kinds.includes(kind)),
      rounds: positiveInteger('rounds', flags.rounds) ?? base.rounds,
      threads: positiveInteger('threads', flags.threads) ?? 2,
    },
    limits:
      flags.quick === true
        ? { epochSeconds: 30, timeoutMs: 45_000 }
        : { epochSeconds: 30, timeoutMs: 600_000 },
  };
}

function positiveInteger(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`Cannot set --${name} to "${text}": it must be an integer of at least 1.`);
}
