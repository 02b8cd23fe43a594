import { gzipSync } from 'node:zlib';
import {
  encodeSafetensors,
  parseRunManifest,
  randomStream,
  runManifestVersion,
  type RunManifest,
  type SafetensorsTensor,
} from '@narrows/shared';
import type { ImageShape } from '../pixel-images.ts';

/** What a made-up run has. */
export interface MadeRunOptions {
  readonly imageShape?: ImageShape;
  readonly classNames?: readonly string[];
  /** Latent sizes of its autoencoders, named `basic-N`. */
  readonly basic?: readonly number[];
  /** Numbers of components of its PCA codecs, named `pca-N`. */
  readonly pca?: readonly number[];
  /** What its classifiers were trained on: `original` gives one named `cnn`, a codec one named `cnn-on-CODEC`. */
  readonly classifiers?: readonly string[];
  readonly epochs?: number;
  /** Number of images on each latent map; no maps without. */
  readonly mapPoints?: number;
}

/** A run with the content of its files. */
export interface MadeRun {
  readonly run: RunManifest;
  readonly readFile: (path: string) => Uint8Array;
}

/** Test images of each class. */
const imagesOfClass = 3;

/** Makes up a run on a dataset that the study does not know, of any shape of images and any classes, from noise. */
export function makeRun({
  imageShape = [4, 5, 1],
  classNames = ['left', 'right'],
  basic = [3],
  pca = [],
  classifiers = ['original'],
  epochs = 2,
  mapPoints = 0,
}: MadeRunOptions = {}): MadeRun {
  const [height, width, channels] = imageShape;
  const pixels = height * width * channels;
  const count = imagesOfClass * classNames.length;
  const noise = randomStream(1, 'made-run');
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => noise.nextInt(256));
  const labels = Uint8Array.from({ length: count }, (_, image) => image % classNames.length);
  const codecs = [
    ...basic.map((latent) => ({ id: `basic-${latent}`, latent })),
    ...pca.map((latent) => ({ id: `pca-${latent}`, latent })),
  ];
  const sources = ['original', ...codecs.map(({ id }) => id)];
  const names = classifiers.map((on) => ({ id: on === 'original' ? 'cnn' : `cnn-on-${on}`, trainedOn: on }));

  const contents = new Map<string, Uint8Array>();
  const add = (path: string, tensors: readonly SafetensorsTensor[]): string => {
    contents.set(path, encodeSafetensors({ tensors }));
    return path;
  };
  const answers = names.flatMap(({ id }) =>
    sources.map((on, shift) => ({
      classifier: id,
      on,
      // Originals are all recognised, of the first codec's images all but one, of the second's all but two.
      predicted: labels.map((label, image) => (image < shift ? (label + 1) % classNames.length : label)),
    })),
  );
  const errors = codecs.map(({ latent }) =>
    Float32Array.from({ length: count }, (_, image) => (image + 1) / (100 * latent)),
  );
  const mean = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const files = {
    perImage: add('evaluation/per-image.safetensors', [
      { name: 'labels', shape: [count], data: labels },
      ...codecs.map(({ id }, i) => ({ name: `mse/${id}`, shape: [count], data: errors[i] })),
      ...answers.flatMap(({ classifier, on, predicted }) => [
        { name: `predicted/${classifier}/${on}`, shape: [count], data: predicted },
        { name: `probability/${classifier}/${on}`, shape: [count], data: new Float32Array(count).fill(0.75) },
      ]),
    ]),
    samples: add('evaluation/samples.safetensors', [
      { name: 'indices', shape: [count], data: Int32Array.from(labels.keys()) },
      { name: 'labels', shape: [count], data: labels },
      ...['originals', ...codecs.map(({ id }) => `reconstructions/${id}`)].map((name) => ({
        name,
        shape: [count, height, width, channels],
        data: bytes(count * pixels),
      })),
    ]),
    testSet: 'evaluation/test-set.safetensors.gz',
  };
  const testSet = [
    { name: 'images', shape: [count, height, width, channels], data: bytes(count * pixels) },
    { name: 'labels', shape: [count], data: labels },
  ];
  contents.set(files.testSet, gzipSync(encodeSafetensors({ tensors: testSet })));
  const common = (id: string) => ({
    id,
    title: `model ${id}`,
    source: 'made up',
    parameterCount: 12,
    hyperparameters: {},
    trainingMs: 1000,
    weights: 'float32',
    exportCheck: { images: 2, largestDifference: 1e-6 },
  });
  const trained = {
    epochs: Array.from({ length: epochs }, (_, i) => ({
      epoch: i + 1,
      trainLoss: 1 / (i + 2),
      durationMs: 500,
      learningRate: 0.001,
    })),
    training: { batchSize: 64 },
    endedBy: 'epochs',
    keptEpoch: epochs,
  };
  const onnx = (id: string, roles: readonly string[]) => ({
    ...Object.fromEntries(roles.map((role) => [role, `models/${id}/${role}.onnx`])),
    card: `models/${id}/README.md`,
  });
  const codecRoles = ['encoder', 'decoder', 'autoencoder'];
  const models = [
    ...basic.map((latent) => ({
      ...common(`basic-${latent}`),
      ...trained,
      kind: 'autoencoder',
      latent,
      files: onnx(`basic-${latent}`, codecRoles),
    })),
    ...pca.map((latent) => ({
      ...common(`pca-${latent}`),
      kind: 'pca',
      latent,
      epochs: [],
      explainedVariance: Array.from({ length: latent }, (_, i) => 0.5 ** (i + 1)),
      files: {
        ...onnx(`pca-${latent}`, codecRoles),
        components: add(`models/pca-${latent}/components.safetensors`, [
          { name: 'mean', shape: [pixels], data: new Float32Array(pixels) },
          {
            name: 'components',
            shape: [latent, pixels],
            data: Float32Array.from({ length: latent * pixels }, () => noise.nextNormal()),
          },
        ]),
      },
    })),
    ...names.map(({ id, trainedOn }) => ({
      ...common(id),
      ...trained,
      kind: 'classifier',
      trainedOn,
      files: onnx(id, ['classifier']),
    })),
  ];
  const latentMaps = (mapPoints === 0 ? [] : ['pixels', ...codecs.map(({ id }) => id)]).map((of) => ({
    of,
    points: mapPoints,
    file: add(`latent-maps/${of}.safetensors`, [
      {
        name: 'umap',
        shape: [mapPoints, 2],
        data: Float32Array.from({ length: 2 * mapPoints }, () => noise.nextNormal()),
      },
    ]),
    space: { neighbourAccuracy: 0.8, trustworthiness: 0.9 },
    maps: [{ method: 'umap', settings: {}, neighbourAccuracy: 0.7, trustworthiness: 0.95, durationMs: 10 }],
  }));
  const manifest = {
    schemaVersion: runManifestVersion,
    narrowsVersion: '0.1.0',
    name: 'made',
    createdAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:07:05.000Z',
    preset: 'study',
    seed: 1,
    configuration: { preset: 'study' },
    flags: ['--preset=study'],
    dataset: {
      name: 'made-up',
      title: 'Made up',
      height,
      width,
      channels,
      classNames,
      trainCount: 100,
      testCount: count,
      licence: 'none',
      source: 'made up',
      files: [{ name: 'images', sha256: 'a'.repeat(64), sizeBytes: 10 }],
    },
    platform: { node: 'v20.19.0', os: 'Linux', cpu: 'A processor', cores: 2, versions: { zod: '4.6.7' } },
    engine: { name: 'onnx', device: 'cpu', reason: 'as asked', threads: 2 },
    peakMemoryBytes: 1e9,
    durations: { totalMs: 180_000, phaseMs: { load: 1000 } },
    models,
    evaluation: {
      codecs: codecs.map(({ id }, i) => ({
        id,
        mse: mean(errors[i]),
        ssim: 0.9,
        perClass: classNames.map((_, label) => ({
          label,
          count: imagesOfClass,
          mse: mean(errors[i].filter((__, image) => labels[image] === label)),
        })),
      })),
      classifications: answers.map(({ classifier, on, predicted }) => ({
        classifier,
        on,
        accuracy: predicted.filter((answer, image) => answer === labels[image]).length / count,
        crossEntropy: 0.1,
        confusion: classNames.map((_, label) =>
          classNames.map(
            (__, k) => predicted.filter((answer, image) => answer === k && labels[image] === label).length,
          ),
        ),
      })),
      files,
    },
    latentMaps,
    files: [
      ...new Set([...models.flatMap((model) => Object.values<string>(model.files)), ...contents.keys()]),
    ].map((path) => ({ path, sizeBytes: 10, sha256: 'b'.repeat(64) })),
  };
  return {
    run: parseRunManifest(JSON.stringify(manifest), 'made'),
    readFile: (path) => {
      const content = contents.get(path);
      if (content === undefined) throw new RangeError(`Cannot make up "${path}".`);
      return content;
    },
  };
}
