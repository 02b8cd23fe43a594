import type { BenchDocument } from './bench-document.ts';
import { compileRows, epochRows, stepRows, type Cell, type PeerRow } from './summarise-measurements.ts';

/** A ratio of times that is aimed at. */
interface RatioGoal {
  readonly model: string;
  readonly peers: readonly string[];
  readonly name: string;
  /** How many times as long as `narrows` takes. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What training must be as fast as, at the first batch size. */
const ratioGoals: readonly RatioGoal[] = [
  // The faster of several goes for each peer.
  ...[
    { model: 'basic-32', atLeast: 2 },
    { model: 'deeper-64', atLeast: 2 },
    { model: 'cnn', atLeast: 1.5 },
  ].map((goal) => ({ ...goal, peers: ['pytorch', 'pytorch-one'], name: 'PyTorch' })),
  ...['basic-32', 'deeper-64', 'cnn'].flatMap((model) => [
    { model, peers: ['tfjs-wasm'], name: 'tfjs `wasm`', atLeast: 20 },
    { model, peers: ['jax-js', 'jax-js-workers'], name: 'jax-js', atLeast: 5 },
    { model, peers: ['narrows-fit'], name: '`model.fit()` on `onnx`', atMost: 1.5 },
  ]),
];

/** The longest that compiling a train step may take, with finding out what the machine can do. */
const compileGoalMs = 1000;

/** Epochs of the study; its second basic autoencoder, of 64 dimensions, takes as long as the first. */
const studyEpochs: Readonly<Record<string, number>> = { 'basic-32': 20, 'deeper-64': 20, cnn: 10 };
const studyGoal = 2;

/** A goal beside what was measured. */
export interface JudgedGoal {
  readonly model: string;
  readonly name: string;
  /** As in `≥ 2×`. */
  readonly goal: string;
  /** By short runs, and by whole epochs; `undefined` where one of the two wasn't measured. */
  readonly bySteps: number | undefined;
  readonly byEpochs: number | undefined;
  /** In every way in which it was measured; `undefined` if in none. */
  readonly isMet: boolean | undefined;
}

/** Judges the ratios of times to those of the compiled step, medians of both. */
export function judgeGoals(document: BenchDocument): JudgedGoal[] {
  const steps = stepRows(document);
  const epochs = epochRows(document);
  const judged = ratioGoals
    .filter(({ model, peers }) =>
      [...steps, ...epochs].some((row) => row.model.id === model && peers.includes(row.peer.id)),
    )
    .map((goal): JudgedGoal => {
      const bySteps = ratio(steps, goal, (keys) => Math.min(...keys));
      const byEpochs = ratio(epochs, goal, (keys) => Math.max(...keys));
      const measured = [bySteps, byEpochs].filter((value) => value !== undefined);
      const meets = (value: number): boolean =>
        value >= (goal.atLeast ?? 0) && value <= (goal.atMost ?? Infinity);
      return {
        model: goal.model,
        name: goal.name,
        goal: goal.atLeast === undefined ? `≤ ${goal.atMost}×` : `≥ ${goal.atLeast}×`,
        bySteps,
        byEpochs,
        isMet: measured.length === 0 ? undefined : measured.every(meets),
      };
    });
  const [ours, theirs] = [['narrows'], ['pytorch', 'pytorch-one']].map((of) => studySeconds(epochs, of));
  if (ours === undefined || theirs === undefined) return judged;
  const study: JudgedGoal = {
    model: 'all',
    name: "PyTorch, the study's epochs",
    goal: `≥ ${studyGoal}×`,
    bySteps: undefined,
    byEpochs: theirs / ours,
    isMet: theirs / ours >= studyGoal,
  };
  return [...judged, study];
}

/** Seconds of all of the study's epochs, each model's on the fastest of some peers; `undefined` where one wasn't measured. */
function studySeconds(rows: readonly PeerRow[], peers: readonly string[]): number | undefined {
  let sum = 0;
  for (const [model, count] of Object.entries(studyEpochs)) {
    const seconds = rows
      .filter((row) => row.model.id === model && peers.includes(row.peer.id))
      .flatMap(({ cells }) => timesOf(cells.get(Math.max(...cells.keys()))));
    if (seconds.length === 0) return undefined;
    sum += count * Math.min(...seconds);
  }
  return sum;
}

/** Whether every train step was compiled in time; `undefined` if none was measured. */
export function isCompiledInTime(document: BenchDocument): boolean | undefined {
  const times = compileRows(document).flatMap(({ cells }) => {
    const [compiling, probing] = [0, 1].map((part) => timesOf(cells.get(part)));
    return compiling.map((ms, i) => ms + probing[i]);
  });
  return times.length === 0 ? undefined : times.every((ms) => ms < compileGoalMs);
}

function ratio(
  rows: readonly PeerRow[],
  { model, peers }: RatioGoal,
  choose: (keys: number[]) => number,
): number | undefined {
  const own = rows.find((row) => row.model.id === model && row.peer.id === 'narrows');
  if (own === undefined) return undefined;
  const key = choose([...own.cells.keys()]);
  const [ours] = timesOf(own.cells.get(key));
  const theirs = rows
    .filter((row) => row.model.id === model && peers.includes(row.peer.id))
    .flatMap(({ cells }) => timesOf(cells.get(key)));
  return (ours as number | undefined) === undefined || theirs.length === 0
    ? undefined
    : Math.min(...theirs) / ours;
}

function timesOf(cell: Cell | undefined): number[] {
  return cell !== undefined && 'median' in cell ? [cell.median] : [];
}
