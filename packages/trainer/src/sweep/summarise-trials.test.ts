import { describe, expect, test } from 'vitest';
import { findFronts, findThresholds, spreadOf, summariseTrials } from './summarise-trials.ts';
import { syntheticTrial } from './testing/synthetic-sweep.ts';

describe('a spread', () => {
  test('has mean, extremes and the sample standard deviation', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toStrictEqual({
      mean: 5,
      min: 2,
      max: 9,
      std: Math.sqrt(32 / 7),
    });
  });

  test('of one value has no deviation', () => {
    expect(spreadOf([0.1])).toStrictEqual({ mean: 0.1, min: 0.1, max: 0.1, std: 0 });
  });

  test('of equal values has a mean that is one of them', () => {
    // 0.1 + 0.1 + 0.1 is 0.30000000000000004, a third of which is more than 0.1.
    expect(spreadOf([0.1, 0.1, 0.1]).mean).toBe(0.1);
  });
});

const trialOf = (
  family: string,
  latent: number,
  figures: Parameters<typeof syntheticTrial>[1] & { seed?: number },
) => syntheticTrial({ family, latent, seed: figures.seed ?? 1 }, figures);

test('trials are summed up over their seeds, family by family and width by width', () => {
  const summaries = summariseTrials([
    trialOf('basic-L', 2, { seed: 1, mse: 0.04, accuracy: 0.5, bits: 10 }),
    trialOf('basic-L', 2, { seed: 2, mse: 0.06, accuracy: 0.7, bits: 14 }),
    trialOf('basic-L', 4, { seed: 1, mse: 0.01 }),
    trialOf('deeper-L', 2, { seed: 1, mse: 0.02 }),
  ]);
  expect(summaries.map(({ family, latent, trials }) => [family, latent, trials])).toStrictEqual([
    ['basic-L', 2, 2],
    ['basic-L', 4, 1],
    ['deeper-L', 2, 1],
  ]);
  const [{ plain, coded }] = summaries;
  expect(plain.mse.mean).toBeCloseTo(0.05, 15);
  expect(plain.mse.std).toBeCloseTo(0.02 / Math.SQRT2, 15);
  expect([plain.accuracy.min, plain.accuracy.max]).toStrictEqual([0.5, 0.7]);
  expect(coded.bits).toStrictEqual({ mean: 12, min: 10, max: 14, std: Math.sqrt(8) });
});

describe('thresholds', () => {
  const family = (accuracies: Record<number, number>) =>
    summariseTrials(
      Object.entries(accuracies).map(([latent, accuracy]) =>
        trialOf('basic-L', Number(latent), { accuracy }),
      ),
    );
  const latents = (accuracies: Record<number, number>): (number | null)[] =>
    findThresholds(family(accuracies), 0.99).map(({ latent }) => latent);

  test('are the narrowest widths from which on all stay within 1 and within 5 points', () => {
    expect(latents({ 2: 0.5, 4: 0.93, 8: 0.95, 16: 0.985, 32: 0.991 })).toStrictEqual([16, 8]);
  });

  test('count a width that is exactly as far off, in spite of rounding', () => {
    // 100·(0.99 − 0.98) is 1.0000000000000009.
    expect(latents({ 2: 0.94, 4: 0.98 })).toStrictEqual([4, 2]);
  });

  test('do not go below a wider one that falls', () => {
    expect(latents({ 2: 0.99, 4: 0.9, 8: 0.99 })).toStrictEqual([8, 8]);
  });

  test('are null where even the widest has fallen', () => {
    expect(latents({ 2: 0.99, 4: 0.97 })).toStrictEqual([null, 2]);
  });
});

test('fronts want few values or bits, high accuracy and small errors', () => {
  const summaries = summariseTrials([
    trialOf('pca-L', 2, { mse: 0.05, accuracy: 0.4, bits: 14 }),
    trialOf('pca-L', 4, { mse: 0.04, accuracy: 0.6, bits: 28 }),
    trialOf('basic-L', 2, { mse: 0.045, accuracy: 0.39, bits: 10 }),
    trialOf('basic-L', 4, { mse: 0.03, accuracy: 0.7, bits: 29 }),
  ]);
  const point = (family: string, latent: number) => ({ family, latent });
  expect(findFronts(summaries)).toStrictEqual({
    latentAccuracy: [point('pca-L', 2), point('basic-L', 4)],
    latentMse: [point('basic-L', 2), point('basic-L', 4)],
    bitsAccuracy: [point('basic-L', 2), point('pca-L', 2), point('pca-L', 4), point('basic-L', 4)],
  });
});
