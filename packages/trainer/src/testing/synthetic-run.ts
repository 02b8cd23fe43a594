import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  encodeSafetensors,
  structuralSimilarity,
  type LatentMap,
  type RunFile,
  type RunManifest,
} from '@narrows/shared';

const size = 8;
const pixels = size * size;
const classNames = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Our digits, a row of hexadecimal digits each: two for each row of eight pixels, the leftmost the highest bit. */
const glyphs = [
  '003c666e76663c00',
  '0018381818187e00',
  '003c460c30607e00',
  '003c460c06463c00',
  '000c1c6c7e0c0c00',
  '007e607c06463c00',
  '003c607c66663c00',
  '007e060c18303000',
  '003c663c66663c00',
  '003c66663e063c00',
];

/** Strokes of 0.9 on a ground of 0.1, float32 `[10, 8, 8, 1]`. */
const originals = Float32Array.from({ length: classNames.length * pixels }, (_, i) => {
  const [label, row, column] = [Math.floor(i / pixels), Math.floor(i / size) % size, i % size];
  const bits = Number.parseInt(glyphs[label].slice(2 * row, 2 * row + 2), 16);
  return (bits >> (size - 1 - column)) & 1 ? 0.9 : 0.1;
});

/** The images with every pixel moved towards 0.5 by the root of its image's error, which then is the mean squared one. */
function faded(errors: readonly number[]): Float32Array {
  return originals.map(
    (value, i) => value + Math.sign(0.5 - value) * Math.sqrt(errors[Math.floor(i / pixels)]),
  );
}

/** Error of each image; one image for each class. */
const errors = {
  'basic-32': classNames.map((_, label) => 0.001 * (label + 1)),
  'pca-2': classNames.map(() => 0.1),
} as const;
const codecs = Object.entries(errors).map(([id, ofImages]) => {
  const reconstructions = faded(ofImages);
  return {
    id,
    errors: ofImages,
    reconstructions,
    similarities: structuralSimilarity(originals, reconstructions, { imageShape: [size, size, 1] }),
  };
});

/** What the classifier says: everything right, but for the last image as PCA gives it back, which it takes for a 4. */
const answers = [
  {
    on: 'original',
    crossEntropy: 0.02,
    last: { predicted: 9, crossEntropy: 0.02, probability: Math.exp(-0.02) },
  },
  {
    on: 'basic-32',
    crossEntropy: 0.04,
    last: { predicted: 9, crossEntropy: 0.04, probability: Math.exp(-0.04) },
  },
  { on: 'pca-2', crossEntropy: 0.5, last: { predicted: 4, crossEntropy: 10.5, probability: 0.9 } },
].map(({ on, crossEntropy, last }) => ({
  on,
  predicted: classNames.map((_, label) => (label === 9 ? last.predicted : label)),
  probability: classNames.map((_, label) => (label === 9 ? last.probability : Math.exp(-crossEntropy))),
  crossEntropy: (9 * crossEntropy + last.crossEntropy) / 10,
}));

const labels = Uint8Array.from(classNames.keys());
const imageTensor = (name: string, data: Float32Array) => ({
  name,
  shape: [classNames.length, size, size, 1],
  data: Uint8Array.from(data, (value) => Math.round(255 * value)),
});
const perImageTensor = (name: string, data: Float32Array | Uint8Array) => ({
  name,
  shape: [data.length],
  data,
});

/** Ten points on a circle, out of step by `shift` places. */
function circle(method: string, shift: number) {
  const angle = (i: number): number => (2 * Math.PI * (((i >> 1) * (1 + shift)) % 10)) / 10;
  const data = Float32Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0 ? 10 * Math.cos(angle(i)) : 10 * Math.sin(angle(i)),
  );
  return { name: method, shape: [10, 2], data };
}

/** Rows of length 1 at right angles: half a wave from left to right, and from top to bottom. */
const components = Float32Array.from({ length: 2 * pixels }, (_, i) => {
  const at = i < pixels ? i % size : Math.floor(i / size) % size;
  return Math.cos((Math.PI * (at + 0.5)) / size) / Math.sqrt(pixels / 2);
});

const contents = new Map<string, Uint8Array>([
  [
    'models/pca-2/components.safetensors',
    encodeSafetensors({
      tensors: [
        {
          name: 'mean',
          shape: [pixels],
          data: Float32Array.from({ length: pixels }, (_, pixel) =>
            classNames.reduce((sum, __, label) => sum + originals[label * pixels + pixel] / 10, 0),
          ),
        },
        { name: 'components', shape: [2, pixels], data: components },
      ],
    }),
  ],
  [
    'evaluation/per-image.safetensors',
    encodeSafetensors({
      tensors: [
        perImageTensor('labels', labels),
        ...codecs.flatMap(({ id, errors: ofImages, similarities }) => [
          perImageTensor(`mse/${id}`, Float32Array.from(ofImages)),
          perImageTensor(`ssim/${id}`, Float32Array.from(similarities)),
        ]),
        ...answers.flatMap(({ on, predicted, probability }) => [
          perImageTensor(`predicted/cnn/${on}`, Uint8Array.from(predicted)),
          perImageTensor(`probability/cnn/${on}`, Float32Array.from(probability)),
        ]),
      ],
    }),
  ],
  [
    'evaluation/samples.safetensors',
    encodeSafetensors({
      tensors: [
        { name: 'indices', shape: [10], data: Int32Array.from(classNames.keys()) },
        perImageTensor('labels', labels),
        imageTensor('originals', originals),
        ...codecs.map(({ id, reconstructions }) => imageTensor(`reconstructions/${id}`, reconstructions)),
      ],
    }),
  ],
  [
    'evaluation/test-set.safetensors.gz',
    gzipSync(
      encodeSafetensors({ tensors: [imageTensor('images', originals), perImageTensor('labels', labels)] }),
    ),
  ],
  ['latent-maps/pixels.safetensors', encodeSafetensors({ tensors: [circle('tsne', 0), circle('umap', 2)] })],
  [
    'latent-maps/basic-32.safetensors',
    encodeSafetensors({ tensors: [circle('tsne', 6), circle('umap', 8)] }),
  ],
]);

/**
 * The content of one of the synthetic run's safetensors files.
 *
 * @throws RangeError for any other path, such as those of its ONNX files, which were never made.
 */
export function syntheticRunFile(path: string): Uint8Array {
  const bytes = contents.get(path);
  if (bytes === undefined) {
    const paths = [...contents.keys()].join(', ');
    throw new RangeError(`Cannot make up "${path}": the synthetic run has content for ${paths}.`);
  }
  return bytes;
}

/** A file of the run: as it is where it has content, else made up, its SHA-256 the last digit of its place repeated. */
function fileEntry(path: string, place: number): RunFile {
  const bytes = contents.get(path);
  if (bytes === undefined)
    return { path, sizeBytes: 1000 * (place + 1), sha256: String(place % 10).repeat(64) };
  return { path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const codecFiles = (id: string) => ({
  encoder: `models/${id}/encoder.onnx`,
  decoder: `models/${id}/decoder.onnx`,
  autoencoder: `models/${id}/autoencoder.onnx`,
  card: `models/${id}/README.md`,
});

const training = { batchSize: 64, learningRate: 0.001, schedule: 'constant', optimizer: 'adam' };

/** Each class one image: every label gets what `of` says. */
const confusionOf = (predicted: readonly number[]): number[][] =>
  predicted.map((answer) => classNames.map((_, k) => (k === answer ? 1 : 0)));

const mean = (values: Iterable<number>): number => {
  const list = [...values];
  return list.reduce((a, b) => a + b) / list.length;
};

const latentMap = (of: string, neighbourAccuracy: number): LatentMap => ({
  of,
  points: 10,
  file: `latent-maps/${of}.safetensors`,
  space: { neighbourAccuracy, trustworthiness: of === 'pixels' ? 1 : 0.975 },
  maps: [
    {
      method: 'tsne',
      settings: { perplexity: 3, iterations: 500 },
      neighbourAccuracy: neighbourAccuracy - 0.1,
      trustworthiness: 0.95,
      durationMs: 1500,
    },
    {
      method: 'umap',
      settings: { neighbours: 3, minDistance: 0.1 },
      neighbourAccuracy: neighbourAccuracy - 0.2,
      trustworthiness: 0.925,
      durationMs: 900,
    },
  ],
});

/**
 * A made-up run on ten images of 8 × 8 pixels, one for each class: each kind of model, and figures that are easy to
 * follow. Its safetensors files hold what the figures say, see `syntheticRunFile`.
 */
export const syntheticRun: RunManifest = {
  schemaVersion: 3,
  narrowsVersion: '0.1.0',
  name: 'synthetic',
  createdAt: '2026-01-02T03:04:05.000Z',
  finishedAt: '2026-01-02T03:07:05.000Z',
  preset: 'study',
  seed: 7,
  configuration: { models: ['basic-32', 'pca-2', 'cnn'], batchSize: 64 },
  flags: ['--preset=quick'],
  dataset: {
    name: 'mnist',
    title: 'MNIST',
    height: size,
    width: size,
    channels: 1,
    classNames,
    trainCount: 60_000,
    testCount: 10,
    licence: 'none',
    source: 'made up',
    files: [{ name: 'images', sha256: 'a'.repeat(64), sizeBytes: 656 }],
  },
  platform: {
    node: 'v20.19.0',
    os: 'Linux 6.1 x64',
    cpu: 'A processor',
    cores: 2,
    versions: { 'onnxruntime-node': '1.30.0', zod: '4.6.7' },
  },
  engine: { name: 'onnx', device: 'cpu', reason: 'onnx on cpu (2 threads), as asked', threads: 2 },
  peakMemoryBytes: 1_234_567_890,
  durations: { totalMs: 180_000, phaseMs: { load: 1000, evaluate: 4000 } },
  models: [
    {
      kind: 'autoencoder',
      id: 'basic-32',
      title: 'basic autoencoder, latent 32',
      source: 'The study: 784-128-32 and back, ReLU, sigmoid',
      parameterCount: 24_928,
      hyperparameters: { hidden: [128], latent: 32, latentActivation: 'relu', outputActivation: 'sigmoid' },
      trainingMs: 20_000,
      weights: 'float32',
      exportCheck: { images: 16, largestDifference: 2.5e-7 },
      latent: 32,
      files: codecFiles('basic-32'),
      epochs: [
        { epoch: 1, trainLoss: 0.05, durationMs: 12_000, learningRate: 0.001, validationLoss: 0.04 },
        { epoch: 2, trainLoss: 0.0123456, durationMs: 8000, learningRate: 0.001, validationLoss: 0.02 },
      ],
      training: { ...training, epochs: 2 },
      endedBy: 'epochs',
      keptEpoch: 2,
      keptValidationLoss: 0.02,
    },
    {
      kind: 'pca',
      id: 'pca-2',
      title: 'PCA, 2 components',
      source: 'Hotelling 1933',
      parameterCount: 192,
      hyperparameters: { latent: 2 },
      trainingMs: 1500,
      weights: 'float32',
      exportCheck: { images: 16, largestDifference: 0 },
      latent: 2,
      files: { ...codecFiles('pca-2'), components: 'models/pca-2/components.safetensors' },
      epochs: [],
      explainedVariance: [0.5, 0.25],
    },
    {
      kind: 'classifier',
      id: 'cnn',
      title: 'CNN classifier',
      source: 'The study: conv 3×3 32, max-pool 2, conv 3×3 64, max-pool 2, 128, classes',
      parameterCount: 53_002,
      hyperparameters: { filters: [32, 64], hidden: 128 },
      trainingMs: 150_000,
      weights: 'int8',
      exportCheck: { images: 16, largestDifference: 1e-5 },
      files: { classifier: 'models/cnn/classifier.onnx', card: 'models/cnn/README.md' },
      epochs: [
        {
          epoch: 1,
          trainLoss: 0.25,
          durationMs: 100_000,
          learningRate: 0.001,
          validationLoss: 0.2,
          validationAccuracy: 0.95,
        },
        {
          epoch: 2,
          trainLoss: 0.125,
          durationMs: 50_000,
          learningRate: 0.0005,
          validationLoss: 0.3,
          validationAccuracy: 0.9,
        },
      ],
      training: { ...training, epochs: 3 },
      endedBy: 'early-stop',
      keptEpoch: 1,
      keptValidationLoss: 0.2,
      trainedOn: 'original',
    },
  ],
  evaluation: {
    codecs: codecs.map(({ id, errors: ofImages, similarities }) => ({
      id,
      mse: mean(ofImages),
      ssim: mean(similarities),
      perClass: ofImages.map((mse, label) => ({ label, count: 1, mse })),
    })),
    classifications: answers.map(({ on, predicted, crossEntropy }) => ({
      classifier: 'cnn',
      on,
      accuracy: predicted.filter((answer, label) => answer === label).length / 10,
      crossEntropy,
      confusion: confusionOf(predicted),
    })),
    files: {
      perImage: 'evaluation/per-image.safetensors',
      samples: 'evaluation/samples.safetensors',
      testSet: 'evaluation/test-set.safetensors.gz',
    },
  },
  latentMaps: [latentMap('pixels', 0.9), latentMap('basic-32', 0.8)],
  files: [
    ...Object.values(codecFiles('basic-32')),
    ...Object.values(codecFiles('pca-2')),
    'models/pca-2/components.safetensors',
    'models/cnn/classifier.onnx',
    'models/cnn/README.md',
    'evaluation/per-image.safetensors',
    'evaluation/samples.safetensors',
    'evaluation/test-set.safetensors.gz',
    'latent-maps/pixels.safetensors',
    'latent-maps/basic-32.safetensors',
    'metrics.jsonl',
  ].map(fileEntry),
};
