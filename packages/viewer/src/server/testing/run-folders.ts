import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunManifest, RunProgress, SweepResult } from '@narrows/shared';

/** A new folder of one's own, by its real path. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'narrows-server-')));
}

/** Writes a file, with the folders above it. */
export function writeInto(folder: string, path: string, content: string | Uint8Array): void {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(`${place}.new`, content);
  renameSync(`${place}.new`, place);
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const dataset: RunManifest['dataset'] = {
  name: 'tiny',
  title: 'Tiny',
  height: 2,
  width: 2,
  channels: 1,
  classNames: ['a', 'b'],
  trainCount: 4,
  testCount: 2,
  licence: 'none',
  source: 'made up',
  files: [{ name: 'images', sha256: 'a'.repeat(64), sizeBytes: 8 }],
};
const platform = { node: 'v20.19.0', os: 'Linux', cpu: 'one', cores: 2, versions: {} };

/** What a run's file of that name holds, unless told otherwise: a text that differs for each. */
export const contentOf = (path: string): string => `content of ${path}\n`.repeat(40);

/** Paths of the files that a written run has. */
export const runPaths = {
  classifier: 'models/cnn/classifier.onnx',
  card: 'models/cnn/README.md',
  perImage: 'evaluation/per-image.safetensors',
  samples: 'evaluation/samples.safetensors',
  testSet: 'evaluation/test-set.safetensors.gz',
  log: 'metrics.jsonl',
} as const;

/**
 * A run of one classifier in `FOLDER/NAME`, as a trainer would leave it but for the content of its files.
 *
 * @param options.contents of files whose content matters or that are there besides, by path
 * @returns its manifest, as it is in `run.json`
 */
export function writeRun(
  folder: string,
  name: string,
  {
    finishedAt = '2026-01-02T03:04:05.000Z',
    contents = {},
  }: { finishedAt?: string; contents?: Readonly<Record<string, string>> } = {},
): RunManifest {
  const paths = new Set([...Object.values(runPaths), ...Object.keys(contents)]);
  const files = [...paths].map((path) => {
    const content = contents[path] ?? contentOf(path);
    writeInto(folder, `${name}/${path}`, content);
    return { path, sizeBytes: Buffer.byteLength(content), sha256: sha256(content) };
  });
  const manifest: RunManifest = {
    schemaVersion: 3,
    narrowsVersion: '0.1.0',
    name,
    createdAt: '2026-01-02T03:00:00.000Z',
    finishedAt,
    preset: 'quick',
    seed: 1,
    configuration: {},
    flags: ['--threads=1'],
    dataset,
    platform,
    engine: { name: 'onnx', device: 'cpu', reason: 'as asked', threads: 1 },
    peakMemoryBytes: 1,
    durations: { totalMs: 1, phaseMs: {} },
    models: [
      {
        kind: 'classifier',
        id: 'cnn',
        title: 'CNN',
        source: 'made up',
        parameterCount: 1,
        hyperparameters: {},
        trainingMs: 1,
        weights: 'float32',
        exportCheck: { images: 1, largestDifference: 0 },
        files: { classifier: runPaths.classifier, card: runPaths.card },
        epochs: [{ epoch: 1, trainLoss: 1, durationMs: 1, learningRate: 0.001 }],
        training: { epochs: 1 },
        endedBy: 'epochs',
        keptEpoch: 1,
        trainedOn: 'original',
      },
    ],
    evaluation: {
      codecs: [],
      classifications: [
        {
          classifier: 'cnn',
          on: 'original',
          accuracy: 1,
          crossEntropy: 0.1,
          confusion: [
            [1, 0],
            [0, 1],
          ],
        },
      ],
      files: { perImage: runPaths.perImage, samples: runPaths.samples, testSet: runPaths.testSet },
    },
    latentMaps: [],
    files,
  };
  // As a trainer does, last.
  writeInto(folder, `${name}/run.json`, JSON.stringify(manifest, undefined, 2));
  return manifest;
}

/** A sweep of one trial in `FOLDER/NAME`. */
export function writeSweep(folder: string, name: string): SweepResult {
  const point = { family: 'basic-L', latent: 2 };
  const spread = { mean: 0.5, min: 0.5, max: 0.5, std: 0 };
  const result: SweepResult = {
    schemaVersion: 1,
    narrowsVersion: '0.1.0',
    name,
    createdAt: '2026-01-02T03:00:00.000Z',
    finishedAt: '2026-01-02T03:04:05.000Z',
    configuration: {},
    configurationSha256: 'b'.repeat(64),
    grid: { families: ['basic-L'], latents: [2], seeds: [1] },
    dataset,
    testCount: 2,
    platform,
    workers: 1,
    durations: { totalMs: 1 },
    classifier: {
      mode: 'fixed',
      model: 'cnn',
      seed: 1,
      parameterCount: 1,
      trainMs: 1,
      accuracy: 1,
      crossEntropy: 0,
    },
    trials: [
      {
        ...point,
        id: 'basic-2-s1',
        model: 'basic-2',
        seed: 1,
        parameterCount: 1,
        trainLoss: 1,
        trainMs: 1,
        classifierMs: null,
        plain: { bits: 64, mse: 0.5, accuracy: 0.5, crossEntropy: 0.5 },
        coded: { bits: 16, mse: 0.5, accuracy: 0.5, crossEntropy: 0.5 },
      },
    ],
    failures: [],
    summaries: [
      {
        ...point,
        parameterCount: 1,
        trials: 1,
        plain: { mse: spread, accuracy: spread, crossEntropy: spread },
        coded: { bits: spread, mse: spread, accuracy: spread, crossEntropy: spread },
      },
    ],
    thresholds: [],
    fronts: { latentAccuracy: [], latentMse: [], bitsAccuracy: [] },
    files: [],
  };
  writeInto(folder, `${name}/sweep.json`, JSON.stringify(result));
  return result;
}

/** The progress of a run in `FOLDER/NAME.partial` that is training. */
export function writeProgress(
  folder: string,
  name: string,
  {
    updatedAt = new Date().toISOString(),
    state = 'running',
    fraction = 0.5,
  }: Partial<Pick<RunProgress, 'updatedAt' | 'state'>> & { fraction?: number } = {},
): RunProgress {
  const progress: RunProgress = {
    schemaVersion: 1,
    name,
    preset: 'quick',
    startedAt: '2026-01-02T03:00:00.000Z',
    updatedAt,
    state,
    phase: 'train',
    task: { label: 'cnn', fraction },
    models: [{ id: 'cnn', title: 'CNN', kind: 'classifier', plannedEpochs: 2, epochs: [] }],
  };
  writeInto(folder, `${name}.partial/progress.json`, JSON.stringify(progress));
  return progress;
}
