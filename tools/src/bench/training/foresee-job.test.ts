import { describe, expect, it } from 'vitest';
import { estimateSeconds, reasonToSkip } from './foresee-job.ts';
import { findPeer } from './peer-table.ts';
import type { PlannedJob } from './plan-jobs.ts';
import { epochOf, stepsOf } from './testing/made-up-sitting.ts';

const limits = { epochSeconds: 30 };
const epochs = (peer: string, threads: number, model = 'basic-32'): PlannedJob => ({
  peer: findPeer(peer),
  round: 1,
  job: epochOf(peer, 0, { model, threads }).job,
});

describe('estimateSeconds', () => {
  it('counts an epoch by the steps that were measured', () => {
    const measured = [stepsOf('narrows', 64), stepsOf('narrows', 640, { threads: 1 })];
    const before = estimateSeconds(epochs('narrows', 2), []);
    const after = estimateSeconds(epochs('narrows', 2), measured);
    expect(after - before).toBeCloseTo(60 - 60_000 / 64 / 50);
  });
});

describe('reasonToSkip', () => {
  it('leaves out epochs that would take too long', () => {
    expect(reasonToSkip(epochs('jax-js', 1), [stepsOf('jax-js', 64, { threads: 1 })], limits)).toEqual({
      leftOut: 'an epoch takes about 60 s, by its steps',
    });
    expect(
      reasonToSkip(epochs('jax-js', 1), [stepsOf('jax-js', 20, { threads: 1 })], limits),
    ).toBeUndefined();
  });

  it('waits for those that are compared in whole epochs', () => {
    expect(reasonToSkip(epochs('pytorch', 2), [stepsOf('pytorch', 6400)], limits)).toBeUndefined();
  });

  it('asks nobody twice who failed at the steps of that model', () => {
    const failed = [stepsOf('tfjs-wasm', 'no such kernel', { model: 'cnn', threads: 1 })];
    expect(reasonToSkip(epochs('tfjs-wasm', 1, 'cnn'), failed, limits)).toEqual({
      failure: 'no such kernel',
    });
    expect(reasonToSkip(epochs('tfjs-wasm', 1), failed, limits)).toBeUndefined();
  });

  it('goes on with those who failed once and had answered before', () => {
    const measured = [stepsOf('narrows', 1), stepsOf('narrows', 'SIGKILL', { threads: 1 })];
    expect(reasonToSkip(epochs('narrows', 2), measured, limits)).toBeUndefined();
  });
});
