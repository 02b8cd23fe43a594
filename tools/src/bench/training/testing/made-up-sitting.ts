import type { Answer, BenchDocument, Job, Measurement } from '../bench-document.ts';

/** A measurement of one batch size, or a failure in a text. */
export function stepsOf(
  peer: string,
  meanMs: number | string,
  {
    model = 'basic-32',
    threads = 2,
    round = 1,
    steps = 200,
  }: { model?: string; threads?: number; round?: number; steps?: number } = {},
): Measurement {
  const job: Job = {
    kind: 'steps',
    model,
    threads,
    batchSizes: [64],
    warmUp: 20,
    steps: 200,
    budgetMs: 4000,
    patienceMs: 60_000,
  };
  return typeof meanMs === 'string'
    ? { peer, round, job, failure: meanMs }
    : answered({ peer, round, job }, { steps: [{ batchSize: 64, meanMs, steps, firstMs: 10 * meanMs }] });
}

/** An epoch of 60,000 images. */
export function epochOf(
  peer: string,
  seconds: number,
  { model = 'basic-32', threads = 2 } = {},
): Measurement {
  const job: Job = { kind: 'epochs', model, threads, batchSize: 64, imageCounts: [60_000] };
  return answered({ peer, round: 1, job }, { epochs: [{ images: 60_000, seconds, loss: 0.02 }] });
}

/** Test figures, one a second, on the way to a target. */
export function curveOf(
  peer: string,
  values: readonly number[],
  { model = 'basic-32', target = 0.01, seed = 1 } = {},
): Measurement {
  const job: Job = {
    kind: 'target',
    model,
    threads: 2,
    batchSize: 64,
    target,
    seed,
    everyImages: 15_000,
    budgetMs: 300_000,
  };
  const curve = values.map((value, i) => ({ seconds: i + 1, images: 15_000 * (i + 1), value }));
  return answered({ peer, round: seed, job }, { curve });
}

/** A compiled step; finding out what the machine can do took 20 ms more. */
export function compiledIn(compileMs: number, model = 'basic-32'): Measurement {
  const job: Job = { kind: 'compile', model, threads: 2, batchSize: 64 };
  return answered({ peer: 'compile', round: 1, job }, { compile: { compileMs, probeMs: 20, sessionMs: 50 } });
}

/** A sitting of these measurements. */
export function sittingOf(...measurements: Measurement[]): BenchDocument {
  return {
    format: 2,
    date: '2026-02-03T04:05:06.000Z',
    command: 'npx nx run tools:bench',
    settings: { threads: 2, quick: false },
    seconds: 125,
    machine: { cpu: 'Some CPU', cores: 2, memoryBytes: 2 ** 34, system: 'Linux x64', node: 'v20.19.0' },
    measurements,
  };
}

function answered(of: Omit<Measurement, 'answer'>, part: Partial<Answer>): Measurement {
  return { ...of, answer: { version: `${of.peer} 1.0`, peakBytes: 2 ** 28, ...part } };
}
