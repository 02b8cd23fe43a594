import { BenchError } from '../bench-error.ts';
import { namesIn, parseFlags, positiveInteger } from '../parse-flags.ts';
import { jobSchema, type BenchDocument, type Job } from './bench-document.ts';
import type { Limits } from './foresee-job.ts';
import { benchModels, findBenchModel, findPeer, peers } from './peer-table.ts';
import { planJobs, type PlannedJob } from './plan-jobs.ts';

/** What decides about the numbers, in the order in which a sitting's command names it. */
const measuringFlags = {
  models: { type: 'string' },
  peers: { type: 'string' },
  kinds: { type: 'string' },
  rounds: { type: 'string' },
  threads: { type: 'string' },
  quick: { type: 'boolean' },
} as const;
const flags = {
  ...measuringFlags,
  output: { type: 'string' },
  update: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What a sitting is to be. */
export interface BenchOptions {
  readonly plan: readonly PlannedJob[];
  readonly limits: Limits & { readonly timeoutMs: number };
  readonly settings: BenchDocument['settings'];
  /** The command that repeats it, without what is of this machine alone. */
  readonly command: string;
  readonly output: string | undefined;
  /** Whether `output` is there already and keeps what isn't measured anew. */
  readonly isUpdate: boolean;
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
  // Less than what a child is given in all.
  targetBudgetMs: 30_000,
} as const;

/**
 * What the command line asks for, or `help`.
 * @throws BenchError (exit code 2) for an option or a name that isn't known, a number that isn't one, an update of no file, and
 * a plan of nothing.
 */
export function readBenchOptions(argv: readonly string[]): BenchOptions | 'help' {
  const values = parseFlags(argv, flags);
  if (values.help === true) return 'help';
  const isQuick = values.quick === true;
  const base = isQuick ? quick : full;
  const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
  const { models, peers: who, kinds, rounds, threads, output } = values;
  const chosen = kinds === undefined ? base.kinds : namesIn('kinds', kinds, allKinds);
  const options = {
    ...base,
    models:
      models === undefined ? benchModels : namesIn('models', models, idsOf(benchModels)).map(findBenchModel),
    peers: who === undefined ? peers : namesIn('peers', who, idsOf(peers)).map(findPeer),
    kinds: kindOrder.filter((kind) => chosen.includes(kind)),
    rounds: rounds === undefined ? base.rounds : positiveInteger('rounds', rounds),
    threads: threads === undefined ? 2 : positiveInteger('threads', threads),
  };
  const plan = planJobs(options);
  if (plan.length === 0) {
    throw new BenchError(
      `Cannot measure anything: no peer of ${idsOf(options.peers).join(', ')} has a part in ${options.kinds.join(', ')} of ` +
        `${idsOf(options.models).join(', ')} with ${options.threads} threads: leave one of --peers, --kinds and --threads out.`,
      { exitCode: 2 },
    );
  }
  if (output === '' || (output === undefined && values.update === true)) {
    const what = output === '' ? '--output: it takes a file, not ""' : '--update: it takes a file to update';
    throw new BenchError(`Cannot use ${what}: write for example --output=docs/bench/training.json.`, {
      exitCode: 2,
    });
  }
  return {
    plan,
    limits: { epochSeconds: 30, timeoutMs: isQuick ? 45_000 : 600_000 },
    settings: { threads: options.threads, quick: isQuick },
    command: commandOf(values),
    output,
    isUpdate: values.update === true,
  };
}

function commandOf(values: Readonly<Record<string, string | boolean | undefined>>): string {
  const given = Object.keys(measuringFlags).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [value === true ? `--${name}` : `--${name}=${value}`];
  });
  return ['npx nx run tools:bench', ...(given.length === 0 ? [] : ['--', ...given])].join(' ');
}
