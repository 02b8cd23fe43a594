import { expect, test } from 'vitest';
import { seriesStyle, type SweepResult } from '@narrows/shared';
import type { OpenRun } from '../../state/run.ts';
import { runCurves, sweepCurves } from './width-curves.ts';

/** What `runCurves` reads of a run: accuracy by codec, with that on originals. */
function runOf(accuracies: Readonly<Record<string, number>>): OpenRun {
  const ids = Object.keys(accuracies).filter((id) => id !== 'original');
  const run = {
    codecs: ids.map((id) => ({ id })),
    manifest: {
      dataset: { testCount: 50 },
      evaluation: {
        codecs: ids.map((id) => ({ id, mse: 0.01 })),
        classifications: Object.entries(accuracies).map(([on, accuracy]) => ({
          classifier: 'cnn',
          on,
          accuracy,
        })),
      },
    },
  };
  return run as unknown as OpenRun;
}

const single = (value: number) => ({ mean: value, min: value, max: value });

test('a run’s codecs become a curve for each family, those already drawn in their style', () => {
  const run = runOf({ original: 0.98, 'basic-8': 0.9, 'pca-4': 0.5, 'basic-2': 0.4 });
  const set = runCurves(run, { judge: 'cnn', styles: [{ form: 'pca-L', style: seriesStyle(0) }] })!;
  expect(set).toMatchObject({ originals: 0.98, images: 50 });
  expect(set.curves.map(({ form, style }) => [form, style])).toEqual([
    ['basic-L', seriesStyle(1)],
    ['pca-L', seriesStyle(0)],
  ]);
  expect(set.curves[0].points).toEqual([
    { width: 2, mse: single(0.01), accuracy: single(0.4), trials: 1 },
    { width: 8, mse: single(0.01), accuracy: single(0.9), trials: 1 },
  ]);
});

test.each([
  ['stays within from 4 on', { 'basic-2': 0.96, 'basic-4': 0.97, 'basic-8': 0.975 }, 4],
  ['falls again at 8', { 'basic-2': 0.975, 'basic-4': 0.97, 'basic-8': 0.96, 'basic-16': 0.98 }, 16],
  ['is out at the widest', { 'basic-2': 0.98, 'basic-4': 0.96 }, undefined],
  ['is never out', { 'basic-2': 0.99, 'basic-4': 0.98 }, 2],
])('the narrowest width within one point of 0.98, where accuracy %s', (_, accuracies, expected) => {
  const set = runCurves(runOf({ original: 0.98, ...accuracies }), { judge: 'cnn', styles: [] })!;
  expect(set.curves[0].threshold).toBe(expected);
});

test('without a judge, or one that did not see the originals, there is nothing to compare', () => {
  expect(runCurves(runOf({ 'basic-2': 0.5 }), { judge: 'cnn', styles: [] })).toBeUndefined();
  expect(
    runCurves(runOf({ original: 0.9, 'basic-2': 0.5 }), { judge: undefined, styles: [] }),
  ).toBeUndefined();
});

test('a sweep’s families keep their places in the grid, and those without a result are left out', () => {
  const plain = (mse: number) => ({ mse: { mean: mse, min: mse / 2, max: 2 * mse }, accuracy: single(0.9) });
  const sweep = {
    grid: { families: ['pca-L', 'lost-L', 'basic-L'], latents: [2, 8], seeds: [1, 2] },
    summaries: [
      { family: 'basic-L', latent: 8, trials: 2, plain: plain(0.01) },
      { family: 'basic-L', latent: 2, trials: 2, plain: plain(0.04) },
      { family: 'pca-L', latent: 2, trials: 1, plain: plain(0.05) },
    ],
    thresholds: [
      { family: 'basic-L', points: 1, latent: 8 },
      { family: 'basic-L', points: 5, latent: 2 },
      { family: 'pca-L', points: 1, latent: null },
    ],
    classifier: { accuracy: 0.99 },
    testCount: 1000,
  } as unknown as SweepResult;
  const { curves, originals, images } = sweepCurves(sweep);
  expect([originals, images]).toEqual([0.99, 1000]);
  expect(curves.map(({ form, style, threshold }) => [form, style, threshold])).toEqual([
    ['pca-L', seriesStyle(0), undefined],
    ['basic-L', seriesStyle(2), 8],
  ]);
  expect(curves[1].points.map(({ width, mse, trials }) => [width, mse.min, mse.max, trials])).toEqual([
    [2, 0.02, 0.08, 2],
    [8, 0.005, 0.02, 2],
  ]);
});
