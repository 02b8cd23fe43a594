import { expect, it } from 'vitest';
import type { Measurement } from './bench-document.ts';
import { collectMeasurements } from './collect-measurements.ts';
import { findPeer, type Peer } from './peer-table.ts';
import type { PlannedJob } from './plan-jobs.ts';

const model = 'basic-32';
const absent: Peer = { ...findPeer('pytorch'), command: ['/no/such/python'] };

/** Really few. */
const plan: readonly PlannedJob[] = [
  {
    peer: absent,
    round: 1,
    job: {
      kind: 'steps',
      model,
      threads: 1,
      batchSizes: [64],
      warmUp: 1,
      steps: 2,
      budgetMs: 5000,
      patienceMs: 9000,
    },
  },
  { peer: absent, round: 1, job: { kind: 'epochs', model, threads: 1, batchSize: 64, imageCounts: [640] } },
  { peer: findPeer('compile'), round: 1, job: { kind: 'compile', model, threads: 1, batchSize: 64 } },
  ...['narrows', 'narrows-fit'].flatMap((id): PlannedJob[] => [
    {
      peer: findPeer(id),
      round: 1,
      job: {
        kind: 'steps',
        model,
        threads: 1,
        batchSizes: [8, 16],
        warmUp: 1,
        steps: 3,
        budgetMs: 5000,
        patienceMs: 9000,
      },
    },
    {
      peer: findPeer(id),
      round: 1,
      job: { kind: 'epochs', model, threads: 1, batchSize: 64, imageCounts: [650, 6400] },
    },
  ]),
  {
    peer: findPeer('narrows'),
    round: 1,
    job: {
      kind: 'target',
      model,
      threads: 1,
      batchSize: 64,
      target: 0.08,
      seed: 1,
      everyImages: 640,
      budgetMs: 60_000,
    },
  },
];

it(
  'trains in children of its own, and goes on past a peer that is not there',
  { timeout: 240_000 },
  async () => {
    const lines: string[] = [];
    const results: Measurement[] = [];
    for await (const measurement of collectMeasurements(plan, {
      timeoutMs: 120_000,
      ending: new AbortController(),
      epochSeconds: 60,
      onProgress: (line) => lines.push(line),
    })) {
      results.push(measurement);
    }
    const [gone, skipped, compiled, ...trained] = results;
    expect([gone, skipped].map(({ failure }) => failure)).toEqual(
      Array(2).fill('spawn /no/such/python ENOENT'),
    );
    expect(compiled.answer!.compile!.compileMs).toBeGreaterThan(1);
    expect(trained.map(({ failure }) => failure)).toEqual(Array(5).fill(undefined));
    for (const [steps, epochs] of [trained.slice(0, 2), trained.slice(2, 4)]) {
      expect(steps.answer!.steps!.map((one) => [one.batchSize, one.steps])).toEqual([
        [8, 3],
        [16, 3],
      ]);
      // Both ways of training learn: over ten times the images the mean loss is well below.
      const [few, more] = epochs.answer!.epochs!;
      expect(few.loss).toBeGreaterThan(more.loss);
      expect(more.loss).toBeGreaterThan(0.05);
      expect(epochs.answer!.peakBytes).toBeGreaterThan(2 ** 26);
    }
    const curve = trained.at(-1)!.answer!.curve!;
    expect(curve.at(-1)!.value).toBeLessThanOrEqual(0.08);
    expect(lines[2]).toContain('2/8 epochs basic-32 pytorch, 1 thread, round 1: left out, spawn');
  },
);
