import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseRunManifest, RunManifestError } from './parse-run-manifest.ts';
import { runManifestSchema, type RunManifest } from './run-manifest.ts';

const sha256 = 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db';
const stored = { weights: 'int8', exportCheck: { images: 64, largestDifference: 1.2e-7 } } as const;
const codecFiles = (id: string) => ({
  encoder: `models/${id}/encoder.onnx`,
  decoder: `models/${id}/decoder.onnx`,
  autoencoder: `models/${id}/autoencoder.onnx`,
  card: `models/${id}/README.md`,
});
const training = { learningRate: 1e-3, batchSize: 64 };

function map(method: 'tsne' | 'umap') {
  return { method, settings: { seed: 1 }, neighbourAccuracy: 0.6, trustworthiness: 0.9, durationMs: 12.5 };
}

/** A run over a dataset of two classes and five test images, three of the first class. */
const example: RunManifest = {
  schemaVersion: 3,
  narrowsVersion: '0.1.0',
  name: 'Bars',
  createdAt: '2026-05-01T10:00:00.000Z',
  finishedAt: '2026-05-01T10:01:00.000Z',
  preset: 'quick',
  seed: 42,
  flags: ['--epochs=2'],
  configuration: { batchSize: 64, codecs: [{ latent: 2 }], resume: null },
  dataset: {
    name: 'bars',
    title: 'Bars',
    height: 4,
    width: 4,
    channels: 1,
    classNames: ['upright', 'flat'],
    trainCount: 20,
    testCount: 5,
    licence: 'CC0',
    source: 'Made for this test',
    files: [{ name: 'bars-ubyte', sha256, sizeBytes: 336 }],
  },
  platform: {
    node: 'v20.19.0',
    os: 'Linux 6.1 x64',
    cpu: 'A processor',
    cores: 2,
    versions: { zod: '4.6.7' },
  },
  engine: { name: 'onnx', device: 'cpu', reason: 'No CUDA device was found.', threads: 2 },
  peakMemoryBytes: 300_000_000,
  durations: { totalMs: 60_000, phaseMs: { train: 50_000.5, evaluate: 1000 } },
  models: [
    {
      id: 'basic-2',
      kind: 'autoencoder',
      title: 'Basic autoencoder',
      latent: 2,
      parameterCount: 66,
      source: 'Made for this test',
      hyperparameters: { hidden: [8] },
      epochs: [
        { epoch: 1, trainLoss: 0.2, durationMs: 10.25, learningRate: 1e-3 },
        { epoch: 2, trainLoss: -0.1, durationMs: 9, learningRate: 5e-4, validationLoss: 0.1 },
      ],
      training,
      endedBy: 'early-stop',
      keptEpoch: 2,
      keptValidationLoss: 0.1,
      trainingMs: 20,
      files: codecFiles('basic-2'),
      ...stored,
    },
    {
      id: 'pca-2',
      kind: 'pca',
      title: 'PCA',
      latent: 2,
      source: 'Hotelling 1933',
      parameterCount: 48,
      hyperparameters: {},
      epochs: [],
      trainingMs: 3,
      explainedVariance: [0.5, 0.25],
      files: { ...codecFiles('pca-2'), components: 'models/pca-2/components.safetensors' },
      ...stored,
    },
    {
      id: 'cnn',
      kind: 'classifier',
      title: 'CNN',
      source: 'Made for this test',
      parameterCount: 100,
      hyperparameters: {},
      epochs: [{ epoch: 1, trainLoss: 0.3, durationMs: 30, learningRate: 1e-3, validationAccuracy: 1 }],
      trainingMs: 31,
      training,
      endedBy: 'epochs',
      keptEpoch: 1,
      trainedOn: 'pca-2',
      files: { classifier: 'models/cnn.onnx', card: 'models/cnn.md' },
      ...stored,
    },
  ],
  evaluation: {
    codecs: [
      {
        id: 'basic-2',
        mse: 0.1,
        ssim: -0.5,
        perClass: [
          { label: 0, count: 3, mse: 0.1 },
          { label: 1, count: 2, mse: 0.1 },
        ],
      },
    ],
    classifications: [
      {
        classifier: 'cnn',
        on: 'original',
        accuracy: 0.8,
        crossEntropy: 0.4,
        confusion: [
          [2, 1],
          [0, 2],
        ],
      },
      {
        classifier: 'cnn',
        on: 'pca-2',
        accuracy: 0.6,
        crossEntropy: 0.5,
        confusion: [
          [3, 0],
          [2, 0],
        ],
      },
    ],
    files: {
      perImage: 'evaluation/per-image.safetensors',
      samples: 'evaluation/samples.safetensors',
      testSet: 'evaluation/test-set.safetensors.gz',
    },
  },
  latentMaps: [
    {
      of: 'pixels',
      points: 5,
      file: 'maps.safetensors',
      space: { neighbourAccuracy: 0.8, trustworthiness: 1 },
      maps: [map('tsne'), map('umap')],
    },
  ],
  files: [
    ...Object.values(codecFiles('basic-2')),
    ...Object.values(codecFiles('pca-2')),
    'models/cnn.onnx',
    'report.html',
    'models/pca-2/components.safetensors',
    'models/cnn.md',
    'evaluation/per-image.safetensors',
    'evaluation/samples.safetensors',
    'evaluation/test-set.safetensors.gz',
    'maps.safetensors',
  ].map((path) => ({ path, sizeBytes: 1234, sha256 })),
};

/** The example's text after the value at `path` was replaced, or removed where `value` is undefined. */
function changed(path: string, value: unknown): string {
  const manifest = structuredClone(example) as unknown;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((inner, key) => (inner as Record<string, unknown>)[key], manifest);
  Object.assign(parent as object, { [last]: value });
  return JSON.stringify(manifest);
}

const messageOf = (text: string): string => {
  try {
    parseRunManifest(text, 'runs/bars/run.json');
  } catch (error) {
    expect(error).toBeInstanceOf(RunManifestError);
    return (error as RunManifestError).message;
  }
  return 'no error';
};

describe('parseRunManifest', () => {
  it('reads back what was written', () => {
    expect(parseRunManifest(JSON.stringify(example), 'run.json')).toEqual(example);
  });

  it('names the place, the rule and the value in one line', () => {
    expect(messageOf(changed('models.0.latent', -3))).toBe(
      'Cannot read the run manifest "runs/bars/run.json": at models[0].latent: Too small: expected number to be >0 ' +
        '(it is -3). Restore the file or train again.',
    );
  });

  it('refuses text that is not JSON, in one line', () => {
    const message = messageOf('{"schemaVersion":\n1,\n\u001b[31m');
    expect(message).toMatch(/^Cannot read the run manifest "runs\/bars\/run.json": it must be JSON \(/);
    expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(messageOf('')).toMatch(/it must be JSON/);
    expect(messageOf(JSON.stringify(example).slice(0, 2000))).toMatch(/it must be JSON/);
  });

  test.each([
    [2, '2'],
    [4, '4'],
    ['3', '"3"'],
    [null, 'null'],
  ])('refuses schema version %j before it looks at any field', (version, shown) => {
    expect(messageOf(JSON.stringify({ schemaVersion: version, other: true }))).toBe(
      `Cannot read the run manifest "runs/bars/run.json": schema version ${shown} is not known to this Narrows ` +
        '(knows 3). Read it with the version of Narrows that wrote it, or train again.',
    );
  });

  it('refuses JSON that is no manifest at all', () => {
    expect(messageOf('[]')).toMatch(/expected object, received array \(it is \[\]\)/);
    expect(messageOf('null')).toMatch(/expected object, received null/);
    expect(messageOf('{}')).toMatch(/at schemaVersion: .* \(it is missing\)\. \d+ more places break a rule/);
  });

  test.each(['"resume":null', '"name":"Bars"', '"schemaVersion":3'])(
    'refuses JSON nested more deeply than it can walk, at %s',
    (field) => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const text = JSON.stringify(example).replace(field, `${field.split(':')[0]}:${deep}`);
      expect(messageOf(text)).toMatch(/must not be nested that deeply/);
    },
  );

  test.each<[path: string, value: unknown, message: string]>([
    ['surprise', 1, 'Unrecognized key: "surprise"'],
    ['models.0.surprise', 1, 'at models[0]: Unrecognized key: "surprise"'],
    ['models.2.latent', 2, 'at models[2]: Unrecognized key: "latent"'],
    ['models.0.latent', undefined, 'at models[0].latent: Invalid input: expected number, received undefined'],
    ['models.0.kind', 'vae', 'at models[0].kind: Invalid discriminator value.'],
    ['models.0.id', 'Basic 2', 'at models[0].id: must be lowercase letters and digits'],
    ['models.0.exportCheck', undefined, 'at models[0].exportCheck: Invalid input'],
    ['models.0.weights', 'int4', 'at models[0].weights: Invalid option'],
    ['evaluation.files.testSet', undefined, 'at evaluation.files.testSet: Invalid input'],
    ['models.1.epochs', example.models[0].epochs, 'at models[1].epochs: Too big'],
    ['createdAt', '1 May 2026', 'at createdAt: Invalid ISO datetime (it is "1 May 2026")'],
    ['seed', 1.5, 'at seed: Invalid input: expected int'],
    ['seed', 2 ** 53, 'at seed: Too big'],
    ['engine.device', 'tpu', 'at engine.device: Invalid option'],
    ['platform.versions', { zod: 4 }, 'at platform.versions.zod: Invalid input: expected string'],
    ['dataset.classNames', ['a', 'a'], 'at dataset.classNames: must all differ (it is ["a","a"])'],
    ['dataset.files.0.sha256', sha256.toUpperCase(), 'at dataset.files[0].sha256: must be a SHA-256'],
    ['files.0.sha256', sha256.slice(1), 'at files[0].sha256: must be a SHA-256'],
    ['files.0.sizeBytes', -1, 'at files[0].sizeBytes: Too small'],
    ['models.0.endedBy', 'crash', 'at models[0].endedBy: Invalid option'],
    ['models.1.keptEpoch', 0, 'at models[1]: Unrecognized key: "keptEpoch"'],
    ['models.2.files.card', undefined, 'at models[2].files.card: Invalid input'],
    ['evaluation.codecs.0.ssim', 1.01, 'at evaluation.codecs[0].ssim: Too big'],
    ['latentMaps.0.maps.0.method', 'pca', 'at latentMaps[0].maps[0].method: Invalid option'],
    ['evaluation.classifications.0.accuracy', 1.01, 'at evaluation.classifications[0].accuracy: Too big'],
  ])('refuses %s as %j', (path, value, message) => {
    expect(messageOf(changed(path, value))).toContain(`"runs/bars/run.json": ${message}`);
  });

  test.each([
    ['trainLoss', '"trainLoss":0.2', '"trainLoss":1e999', 'at models[0].epochs[0].trainLoss'],
    ['configuration', '"resume":null', '"resume":[1,1e999]', 'at configuration.resume: must be JSON'],
  ])('refuses a number too large for a float64 in %s', (_, from, to, message) => {
    const text = JSON.stringify(example).replace(from, to);
    expect(text).toContain(to);
    expect(messageOf(text)).toContain(message);
  });

  test.each([
    '../run.json',
    'models/../../x',
    'a/./b',
    './a',
    '/etc/passwd',
    'C:/a',
    'C:a',
    'a\\b',
    'a//b',
    'a/',
    '',
    ' a',
    'a\n',
    'a\0b',
    '.hidden',
    '-x',
    'http://a',
  ])('refuses the path %j', (path) => {
    expect(messageOf(changed('files.9.path', path))).toContain('at files[9].path: must be a relative path');
  });

  test.each<[path: string, value: unknown, message: string]>([
    [
      'models.1.id',
      'basic-2',
      'at models[1].id: must differ from "original", "pixels" and the ids of the models before',
    ],
    ['models.1.id', 'original', 'at models[1].id: must differ from "original", "pixels"'],
    ['models.1.id', 'pixels', 'at models[1].id: must differ from "original", "pixels"'],
    ['models.0.epochs.1.epoch', 3, 'at models[0].epochs[1].epoch: must be 2: epochs count from 1 (it is 3)'],
    ['models.0.keptEpoch', 3, 'at models[0].keptEpoch: must be at most 2, the number of epochs (it is 3)'],
    [
      'models.0.keptEpoch',
      0,
      'at models[0].keptEpoch: must be at least 1, for only a time limit ends a training within its first epoch',
    ],
    [
      'models.1.explainedVariance',
      [0.5],
      'at models[1].explainedVariance: must have 2 entries, one for each latent value, not 1',
    ],
    [
      'models.1.explainedVariance.1',
      0.6,
      'at models[1].explainedVariance[1]: must descend, and before it is 0.5 (it is 0.6)',
    ],
    ['models.2.trainedOn', 'gone', 'at models[2].trainedOn: must be "original" or the id of a codec'],
    ['models.2.trainedOn', 'cnn', 'at models[2].trainedOn: must be "original" or the id of a codec'],
    ['models.2.trainedOn', 'pixels', 'at models[2].trainedOn: must be "original" or the id of a codec'],
    ['files.9.path', 'models/CNN.onnx', 'at files[9].path: must differ from the paths before it'],
    [
      'models.0.files.decoder',
      'gone.onnx',
      'at models[0].files.decoder: must be one of "files" (it is "gone.onnx")',
    ],
    ['models.2.files.classifier', 'gone.onnx', 'at models[2].files.classifier: must be one of "files"'],
    ['models.2.files.card', 'gone.md', 'at models[2].files.card: must be one of "files"'],
    ['models.1.files.components', 'gone', 'at models[1].files.components: must be one of "files"'],
    ['evaluation.files.perImage', 'gone', 'at evaluation.files.perImage: must be one of "files"'],
    ['evaluation.files.samples', 'gone', 'at evaluation.files.samples: must be one of "files"'],
    ['evaluation.files.testSet', 'gone', 'at evaluation.files.testSet: must be one of "files"'],
    ['latentMaps.0.file', 'gone', 'at latentMaps[0].file: must be one of "files" (it is "gone")'],
    ['latentMaps.0.of', 'gone', 'at latentMaps[0].of: must be "pixels" or the id of a codec'],
    ['latentMaps.0.of', 'cnn', 'at latentMaps[0].of: must be "pixels" or the id of a codec'],
    ['latentMaps.0.of', 'original', 'at latentMaps[0].of: must be "pixels" or the id of a codec'],
    ['latentMaps.1', example.latentMaps[0], 'at latentMaps[1].of: must be "pixels" or the id of a codec'],
    ['latentMaps.0.points', 6, 'at latentMaps[0].points: must be at most 5, the number of test images'],
    [
      'latentMaps.0.maps.1.method',
      'tsne',
      'at latentMaps[0].maps[1].method: must differ from the methods before (it is "tsne")',
    ],
    ['evaluation.codecs.0.id', 'gone', 'at evaluation.codecs[0].id: must be the id of a codec'],
    ['evaluation.codecs.0.id', 'cnn', 'at evaluation.codecs[0].id: must be the id of a codec'],
    [
      'evaluation.codecs.1',
      example.evaluation.codecs[0],
      'at evaluation.codecs[1].id: must be the id of a codec',
    ],
    ['evaluation.codecs.0.perClass.1.label', 2, 'perClass[1].label: must ascend and be below 2'],
    ['evaluation.codecs.0.perClass.1.label', 0, 'perClass[1].label: must ascend and be below 2'],
    ['evaluation.codecs.0.perClass.1.count', 1, 'must have counts that add up to 5, the test images, not 4'],
    ['evaluation.classifications.0.classifier', 'pca-2', 'classifier: must be the id of a classifier'],
    ['evaluation.classifications.1.on', 'cnn', 'on: must be "original" or the id of a codec'],
    ['evaluation.classifications.1.on', 'gone', 'on: must be "original" or the id of a codec'],
    ['evaluation.classifications.1.on', 'original', 'on: must be given once for each classifier'],
    ['evaluation.classifications.0.confusion', [[4, 1]], 'confusion: must be 2 × 2'],
    ['evaluation.classifications.0.confusion.1', [0, 1, 1], 'confusion: must be 2 × 2'],
    ['evaluation.classifications.0.confusion.1', [0, 3], 'must add up to 5, the test images, not 6'],
    [
      'evaluation.classifications.0.accuracy',
      0.81,
      "accuracy: must be the share on the confusion matrix's diagonal, 0.8",
    ],
  ])('refuses %s as %j, which contradicts another field', (path, value, message) => {
    expect(messageOf(changed(path, value))).toContain(message);
  });

  test.each<[path: string, value: unknown]>([
    ['models.0', { ...example.models[0], endedBy: 'time-limit', keptEpoch: 0, epochs: [] }],
    ['models.1.explainedVariance', [0.4, 0.4]],
    ['models.2.trainedOn', 'original'],
    ['models.2.trainedOn', 'basic-2'],
    ['latentMaps', []],
    ['latentMaps.1', { ...example.latentMaps[0], of: 'pca-2' }],
    ['latentMaps.0.points', 1],
  ])('takes %s as %j', (path, value) => {
    expect(messageOf(changed(path, value))).toBe('no error');
  });

  it('throws nothing but its own error, in one line, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((json) => `{"schemaVersion":3,"name":${json}}`),
      fc.string({ unit: 'binary' }).map((key) => changed(key.replaceAll('.', ''), 0)),
      // One place of a good manifest changed to anything.
      fc
        .tuple(fc.constantFrom(...leafPaths(example)), fc.jsonValue())
        .map(([path, value]) => changed(path, value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const message = messageOf(text);
        expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(message.length).toBeLessThan(1000);
      }),
      { numRuns: 1000 },
    );
  });
});

test('runManifestSchema refuses NaN, which JSON would silently write as null', () => {
  const manifest = structuredClone(example);
  manifest.models[0].epochs[0].trainLoss = NaN;
  expect(runManifestSchema.safeParse(manifest).success).toBe(false);
  const configuration = { ...example, configuration: { rate: NaN } };
  expect(runManifestSchema.safeParse(configuration).success).toBe(false);
});

/** `a.0.b` for every value that is no object or array. */
function leafPaths(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix.slice(1)];
  return Object.entries(value).flatMap(([key, inner]) => leafPaths(inner, `${prefix}.${key}`));
}
