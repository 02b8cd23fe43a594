import { createHash } from 'node:crypto';
import type { SweepResult, SweepTrial } from '@narrows/shared';
import { mnistDescription } from '../../data/mnist.ts';
import { findFronts, findThresholds, summariseTrials } from '../summarise-trials.ts';
import { hashConfiguration, recordConfiguration, type SweepConfiguration } from '../sweep-configuration.ts';

const configuration: SweepConfiguration = {
  families: ['pca-L', 'basic-L-linear'],
  latents: [2, 8, 32],
  seeds: [1, 2],
  epochs: 4,
  classifier: 'fixed',
  classifierEpochs: 3,
  trainLimit: 12_000,
  testLimit: 2000,
};

/** A trial with made-up figures, all of them or as given. */
export function syntheticTrial(
  place: { readonly family: string; readonly latent: number; readonly seed: number | null },
  {
    mse = 0.02,
    accuracy = 0.9,
    bits = 6.5 * place.latent,
  }: { mse?: number; accuracy?: number; bits?: number } = {},
): SweepTrial {
  const model = place.family.replace('L', String(place.latent));
  const quality = { mse, accuracy, crossEntropy: 0.5 };
  return {
    id: place.seed === null ? model : `${model}-s${place.seed}`,
    ...place,
    model,
    parameterCount: 1000 * place.latent,
    trainLoss: place.seed === null ? null : mse * 1.1,
    trainMs: 1234.5,
    classifierMs: null,
    plain: { bits: 32 * place.latent, ...quality },
    coded: { bits, ...quality, mse: mse * 1.001 },
  };
}

/** A sweep with made-up figures: PCA that is at last the best, and two seeds of an autoencoder. */
export function syntheticSweep(trials: readonly SweepTrial[] = syntheticTrials()): SweepResult {
  const recorded = recordConfiguration(configuration, '0.1.0');
  const summaries = summariseTrials(trials);
  const accuracy = 0.96;
  const sha256 = createHash('sha256').update('ledger').digest('hex');
  return {
    schemaVersion: 1,
    narrowsVersion: '0.1.0',
    name: 'synthetic',
    createdAt: '2026-11-23T10:00:00.000Z',
    finishedAt: '2026-11-23T10:12:00.000Z',
    configuration: recorded as SweepResult['configuration'],
    configurationSha256: hashConfiguration(recorded),
    grid: {
      families: [...configuration.families],
      latents: [...configuration.latents],
      seeds: [...configuration.seeds],
    },
    dataset: mnistDescription,
    testCount: 2000,
    platform: {
      node: 'v20.19.0',
      os: 'Linux 6.1 x64',
      cpu: 'a processor',
      cores: 2,
      versions: { zod: '4.6.7' },
    },
    workers: 2,
    durations: { totalMs: 720_000 },
    classifier: {
      mode: 'fixed',
      model: 'cnn',
      seed: 1,
      parameterCount: 421_642,
      trainMs: 60_000,
      accuracy,
      crossEntropy: 0.12,
    },
    trials: [...trials],
    failures: [],
    summaries,
    thresholds: findThresholds(summaries, accuracy),
    fronts: findFronts(summaries),
    files: [{ path: 'ledger.jsonl', sizeBytes: 6, sha256 }],
  };
}

function syntheticTrials(): SweepTrial[] {
  const pca = [
    { latent: 2, mse: 0.055, accuracy: 0.35 },
    { latent: 8, mse: 0.037, accuracy: 0.73 },
    { latent: 32, mse: 0.017, accuracy: 0.955 },
  ];
  const basic = [
    { latent: 2, mse: 0.045, accuracy: 0.45 },
    { latent: 8, mse: 0.025, accuracy: 0.92 },
    { latent: 32, mse: 0.018, accuracy: 0.94 },
  ];
  return [
    ...pca.map(({ latent, ...figures }) => syntheticTrial({ family: 'pca-L', latent, seed: null }, figures)),
    ...basic.flatMap(({ latent, mse, accuracy }) =>
      [1, 2].map((seed) =>
        syntheticTrial(
          { family: 'basic-L-linear', latent, seed },
          { mse: mse + 0.001 * (seed - 1), accuracy: accuracy + 0.01 * (seed - 1) },
        ),
      ),
    ),
  ];
}
