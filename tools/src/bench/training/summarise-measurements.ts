import { median, spread } from '../statistics.ts';
import {
  leastSteps,
  type Answer,
  type BenchDocument,
  type CurvePoint,
  type Job,
  type JobOf,
  type Measurement,
} from './bench-document.ts';
import { benchModels, findBenchModel, isReached, peers, type BenchModel, type Peer } from './peer-table.ts';

/** A number that was measured several times. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** A figure, or that a step takes too long to take several, or why the peer has none, or why it wasn't asked. */
export type Cell =
  Figure | { readonly tooSlowMs: number } | { readonly failure: string } | { readonly leftOut: string };

/** A peer's figures for one model, by what they depend on: batch size, images, threads. */
export interface PeerRow {
  readonly peer: Peer;
  readonly model: BenchModel;
  readonly threads: number;
  readonly cells: ReadonlyMap<number, Cell>;
}

/** The figure of some numbers. @throws RangeError if there are none. */
export function figureOf(values: readonly number[]): Figure {
  const [least, most] = spread(values);
  return { median: median(values), least, most, count: values.length };
}

/** Milliseconds a step of each batch size, of the runs with each peer's own number of threads. */
export function stepRows(document: BenchDocument): PeerRow[] {
  return rowsOf(
    document,
    'steps',
    (job) => job.batchSizes,
    ({ steps }) =>
      steps?.filter(isMeasured).map(({ batchSize, meanMs }): [number, number] => [batchSize, meanMs]),
    ({ steps }, batchSize) => {
      const few = steps?.find((one) => one.batchSize === batchSize);
      return few === undefined ? { leftOut: 'not measured' } : { tooSlowMs: few.meanMs };
    },
  );
}

/** Seconds an epoch over so many images. */
export function epochRows(document: BenchDocument): PeerRow[] {
  return rowsOf(
    document,
    'epochs',
    (job) => job.imageCounts,
    ({ epochs }) => epochs?.map(({ images, seconds }) => [images, seconds]),
  );
}

/** Milliseconds of a run of the exported model at each batch size; the median of each process is one value. */
export function inferenceRows(document: BenchDocument): PeerRow[] {
  return rowsOf(
    document,
    'inference',
    (job) => job.batchSizes,
    ({ inference }) => inference?.map(({ batchSize, medianMs }) => [batchSize, medianMs]),
  );
}

/** Milliseconds from function to bytes (0), of finding out meanwhile what the machine can do (1), from bytes to a session (2). */
export function compileRows(document: BenchDocument): PeerRow[] {
  return rowsOf(
    document,
    'compile',
    () => [0, 1, 2],
    ({ compile }) =>
      compile && [
        [0, compile.compileMs],
        [1, compile.probeMs],
        [2, compile.sessionMs],
      ],
  );
}

/** Seconds of training until the test set's figure was good enough, under the target; infinite for a start that never was. */
export function targetRows(document: BenchDocument): PeerRow[] {
  return rowsOf(
    document,
    'target',
    () => [0],
    ({ curve }, job, model) => {
      const isGood = ({ value }: CurvePoint): boolean => isReached(value, { ...model, target: job.target });
      return curve && [[0, curve.find(isGood)?.seconds ?? Infinity]];
    },
  ).map((row) => {
    const cell = row.cells.get(0)!;
    if (!('median' in cell) || Number.isFinite(cell.median)) return row;
    const starts = document.measurements.filter(
      ({ peer, job }) => peer === row.peer.id && job.model === row.model.id,
    );
    const seconds = Math.max(...starts.flatMap(({ answer }) => answer?.curve?.at(-1)?.seconds ?? []));
    return { ...row, cells: new Map([[0, { leftOut: `not within ${Math.round(seconds)} s` }]]) };
  });
}

/** Milliseconds a step at the first batch size, by number of threads, of peers that were measured at several. */
export function threadRows({ measurements }: BenchDocument): PeerRow[] {
  const rows = groups(measurements.filter(({ job }) => job.kind === 'steps')).map(({ peer, model, own }) => {
    const counts = [...new Set(own.map(({ job }) => job.threads))].sort((a, b) => a - b);
    const cells = counts.map((threads): [number, Cell] => {
      const of = own.filter(({ job }) => job.threads === threads);
      return [threads, cellOf(of, ({ steps }) => steps?.slice(0, 1).find(isMeasured)?.meanMs)];
    });
    return { peer, model, threads: counts.at(-1)!, cells: new Map(cells) };
  });
  return rows.filter(({ cells }) => cells.size > 1);
}

/** The most memory that a peer held while it trained epochs of a model, or steps where it trained no epochs. */
export function peakBytes({ measurements }: BenchDocument, peer: string, model: string): number | undefined {
  const of = (kind: Job['kind']): number[] =>
    measurements.flatMap((one) =>
      one.peer === peer && one.job.model === model && one.job.kind === kind && one.answer !== undefined
        ? [one.answer.peakBytes]
        : [],
    );
  const bytes = [of('epochs'), of('steps')].find((list) => list.length > 0);
  return bytes && Math.max(...bytes);
}

/** What each peer says it is. */
export function versionsOf({ measurements }: BenchDocument): string[] {
  return [...new Set(measurements.flatMap(({ answer }) => (answer === undefined ? [] : [answer.version])))];
}

/** Rows of one kind: each peer at the most threads that it was measured with. */
function rowsOf<K extends Job['kind']>(
  { measurements }: BenchDocument,
  kind: K,
  keysOf: (job: JobOf<K>) => readonly number[],
  valuesOf: (answer: Answer, job: JobOf<K>, model: BenchModel) => [key: number, value: number][] | undefined,
  describeGap: (answer: Answer, key: number) => Exclude<Cell, Figure> = () => ({ leftOut: 'not measured' }),
): PeerRow[] {
  const isOfKind = (one: Measurement): one is Measurement & { job: JobOf<K> } => one.job.kind === kind;
  return groups(measurements.filter(isOfKind)).map(({ peer, model, own }) => {
    const threads = Math.max(...own.map(({ job }) => job.threads));
    const mine = own.filter(({ job }) => job.threads === threads);
    const keys = [...new Set(mine.flatMap(({ job }) => keysOf(job)))].sort((a, b) => a - b);
    const cells = keys.map((key): [number, Cell] => {
      const asked = mine.filter(({ job }) => keysOf(job).includes(key));
      const value = ({ answer, job }: (typeof mine)[number]): number | undefined =>
        answer && valuesOf(answer, job, model)?.find(([of]) => of === key)?.[1];
      const values = asked.map(value).filter((one) => one !== undefined);
      if (values.length > 0) return [key, figureOf(values)];
      const answer = asked.find((one) => one.answer !== undefined)?.answer;
      return [key, answer === undefined ? gapOf(asked) : describeGap(answer, key)];
    });
    return { peer, model, threads, cells: new Map(cells) };
  });
}

/** Whether a time is the mean of enough steps to stand beside others. */
function isMeasured({ steps }: { steps: number }): boolean {
  return steps >= leastSteps;
}

function cellOf(of: readonly Measurement[], valueOf: (answer: Answer) => number | undefined): Cell {
  const values = of.flatMap(({ answer }) => (answer === undefined ? [] : (valueOf(answer) ?? [])));
  return values.length === 0 ? gapOf(of) : figureOf(values);
}

function gapOf(of: readonly Measurement[]): Exclude<Cell, Figure> {
  const failure = of.find((one) => one.failure !== undefined)?.failure;
  if (failure !== undefined) return { failure };
  return { leftOut: of.find((one) => one.leftOut !== undefined)?.leftOut ?? 'not measured' };
}

/** Measurements by model and peer, in the order of the tables, which is not that in which they were taken. */
function groups<M extends Measurement>(
  measurements: readonly M[],
): { readonly peer: Peer; readonly model: BenchModel; readonly own: M[] }[] {
  const measured = new Set(measurements.map(({ job }) => findBenchModel(job.model)));
  const models = benchModels.filter((model) => measured.has(model));
  return models.flatMap((model) =>
    peers.flatMap((peer) => {
      const own = measurements.filter((one) => one.job.model === model.id && one.peer === peer.id);
      return own.length === 0 ? [] : [{ peer, model, own }];
    }),
  );
}
