import type { RunManifest } from '@narrows/shared';

const sha = (digit: string): string => digit.repeat(64);

const classNames = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Every class right, but for the image of the last, which is taken for `lastAs`. */
const confusion = (lastAs: number): number[][] =>
  classNames.map((_, label) => classNames.map((__, k) => (k === (label === 9 ? lastAs : label) ? 1 : 0)));

/** A made-up run on ten images, one of each class: each kind of model, and figures that are easy to follow. */
export const syntheticRun: RunManifest = {
  schemaVersion: 1,
  narrowsVersion: '0.1.0',
  name: 'synthetic',
  createdAt: '2026-01-02T03:04:05.000Z',
  finishedAt: '2026-01-02T03:07:05.000Z',
  preset: 'study',
  seed: 7,
  configuration: { models: ['basic-32', 'pca-2', 'cnn'], batchSize: 64 },
  dataset: {
    name: 'mnist',
    title: 'MNIST',
    height: 2,
    width: 2,
    channels: 1,
    classNames,
    trainCount: 60_000,
    testCount: 10,
    licence: 'none',
    source: 'made up',
    files: [{ name: 'images', sha256: sha('a'), sizeBytes: 56 }],
  },
  platform: {
    node: 'v20.19.0',
    os: 'Linux 6.1 x64',
    cpu: 'A processor',
    cores: 2,
    versions: { zod: '4.6.7' },
  },
  engine: { name: 'onnx', device: 'cpu', reason: 'onnx on cpu (2 threads), as asked', threads: 2 },
  peakMemoryBytes: 1_234_567_890,
  durations: { totalMs: 180_000, phaseMs: { load: 1000 } },
  models: [
    {
      kind: 'autoencoder',
      id: 'basic-32',
      title: 'basic autoencoder, latent 32',
      parameterCount: 209_968,
      hyperparameters: { hidden: [128], latent: 32 },
      trainingMs: 20_000,
      exportCheck: { images: 16, largestDifference: 2.5e-7 },
      latent: 32,
      files: {
        encoder: 'models/basic-32/encoder.onnx',
        decoder: 'models/basic-32/decoder.onnx',
        autoencoder: 'models/basic-32/autoencoder.onnx',
      },
      epochs: [
        { epoch: 1, trainLoss: 0.05, durationMs: 12_000 },
        { epoch: 2, trainLoss: 0.0123456, durationMs: 8000 },
      ],
    },
    {
      kind: 'pca',
      id: 'pca-2',
      title: 'PCA, 2 components',
      parameterCount: 12,
      hyperparameters: { latent: 2 },
      trainingMs: 1500,
      exportCheck: { images: 16, largestDifference: 0 },
      latent: 2,
      files: {
        encoder: 'models/pca-2/encoder.onnx',
        decoder: 'models/pca-2/decoder.onnx',
        autoencoder: 'models/pca-2/autoencoder.onnx',
      },
      epochs: [],
    },
    {
      kind: 'classifier',
      id: 'cnn',
      title: 'CNN classifier',
      parameterCount: 421_642,
      hyperparameters: { filters: [32, 64] },
      trainingMs: 100_000,
      exportCheck: { images: 16, largestDifference: 1e-5 },
      files: { classifier: 'models/cnn/classifier.onnx' },
      epochs: [{ epoch: 1, trainLoss: 0.25, durationMs: 100_000 }],
    },
  ],
  evaluation: {
    codecs: [
      {
        id: 'basic-32',
        mse: 0.0055,
        perClass: classNames.map((_, label) => ({ label, count: 1, mse: 0.001 * (label + 1) })),
      },
      { id: 'pca-2', mse: 0.1, perClass: [{ label: 1, count: 10, mse: 0.1 }] },
    ],
    classifications: [
      { classifier: 'cnn', on: 'original', accuracy: 1, crossEntropy: 0.02, confusion: confusion(9) },
      { classifier: 'cnn', on: 'pca-2', accuracy: 0.9, crossEntropy: 1.5, confusion: confusion(4) },
    ],
  },
  files: [
    { path: 'models/basic-32/encoder.onnx', sizeBytes: 415_000, sha256: sha('1') },
    { path: 'models/basic-32/decoder.onnx', sizeBytes: 425_000, sha256: sha('2') },
    { path: 'models/basic-32/autoencoder.onnx', sizeBytes: 840_000, sha256: sha('3') },
    { path: 'models/pca-2/encoder.onnx', sizeBytes: 500, sha256: sha('4') },
    { path: 'models/pca-2/decoder.onnx', sizeBytes: 510, sha256: sha('5') },
    { path: 'models/pca-2/autoencoder.onnx', sizeBytes: 900, sha256: sha('6') },
    { path: 'models/cnn/classifier.onnx', sizeBytes: 1_687_000, sha256: sha('7') },
    { path: 'metrics.jsonl', sizeBytes: 300, sha256: sha('8') },
  ],
};
