import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile } from '@narrows/compiler';
import { findModel } from '@narrows/models';
import {
  encodeSafetensors,
  randomStream,
  type RunFile,
  type RunManifest,
  type RunModel,
} from '@narrows/shared';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgress } from './cli/progress.ts';
import { loadMnist, mnistDescription } from './data/mnist.ts';
import { evaluateRun } from './evaluate-run.ts';
import { evaluate, type DetailedEvaluation } from './evaluate.ts';
import { evaluationFiles } from './evaluation/evaluation-files.ts';
import { testSetFile } from './evaluation/test-set-file.ts';
import { ExpectedError } from './expected-error.ts';
import { exportModel } from './export-model.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

const imageShape = [28, 28, 1] as const;
const perImagePath = syntheticRun.evaluation.files.perImage;
const progress = createProgress({ stream: { write: () => true }, isTty: false, now: () => 0 });
const options = { data: undefined, threads: 2, progress };

/** One layer of drawn weights: nothing here depends on how good a classifier is, and a CNN would take long. */
function linearClassifier(): Uint8Array {
  const stream = randomStream(4, 'weights');
  const weights = tf.tensor2d(
    Float32Array.from({ length: 7840 }, () => stream.nextNormal()),
    [784, 10],
  );
  const { bytes } = compile(
    ({ images }) => ({ logits: images.reshape([-1, 784]).matMul(weights) }),
    { images: { shape: ['N', ...imageShape], dtype: 'float32' } },
    { name: 'linear' },
  );
  weights.dispose();
  return bytes;
}

/** A codec and a classifier as they are before any training, the whole test set, and what it says of them. */
let folder: string;
let testSet: Uint8Array;
let result: DetailedEvaluation;
const contents = new Map<string, Uint8Array>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-evaluate-'));
  const { model } = findModel('basic-32', { imageShape, classes: 10 })!;
  const exported = exportModel(model, drawnParameters(model, 4));
  exported.dispose();
  for (const { role, bytes } of exported.files) contents.set(`models/basic-32/${role}.onnx`, bytes);
  contents.set('models/cnn/classifier.onnx', linearClassifier());
  const { test: images } = await loadMnist();
  testSet = await testSetFile(images, imageShape);
  result = await evaluate(
    {
      codecs: [{ id: 'basic-32', bytes: contents.get('models/basic-32/autoencoder.onnx')! }],
      classifiers: [{ id: 'cnn', bytes: contents.get('models/cnn/classifier.onnx')! }],
    },
    images,
    { imageShape, classCount: 10, threads: 2 },
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a run whose file per image is this, with other figures where told. */
function writeRun(
  name: string,
  perImage: Uint8Array,
  codecs: RunManifest['evaluation']['codecs'] = result.codecs,
): string {
  const out = join(folder, name);
  const models = syntheticRun.models
    .filter(({ kind }) => kind !== 'pca')
    .map((model) => ({ ...model, files: { ...model.files, card: 'card.md' } }) as RunModel);
  const all = new Map([
    ...contents,
    ['card.md', new Uint8Array(0)] as const,
    [perImagePath, perImage] as const,
    [syntheticRun.evaluation.files.samples, evaluationFiles(result).samples] as const,
    [syntheticRun.evaluation.files.testSet, testSet] as const,
  ]);
  const files = [...all].map(([path, bytes]): RunFile => {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), bytes);
    return { path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const manifest: RunManifest = {
    ...syntheticRun,
    dataset: mnistDescription,
    models,
    evaluation: {
      codecs,
      classifications: result.classifications,
      files: syntheticRun.evaluation.files,
    },
    latentMaps: [],
    files,
  };
  writeFileSync(join(out, 'run.json'), JSON.stringify(manifest));
  return out;
}

describe('evaluateRun', () => {
  test('finds again what was recorded', async () => {
    const out = writeRun('same', evaluationFiles(result).perImage);
    expect(await evaluateRun(out, options)).toMatchObject({
      largestRelativeDifference: 0,
      differentCounts: 0,
      differentPredictions: 0,
    });
  });

  test('finds similarities and predictions that were recorded otherwise', async () => {
    const classifications = result.perImage.classifications.map((entry, i) => ({
      ...entry,
      predicted: entry.predicted.map((label, image) => (image < 3 + i ? (label + 1) % 10 : label)),
    }));
    const { perImage } = evaluationFiles({ ...result, perImage: { ...result.perImage, classifications } });
    const codecs = result.codecs.map((codec) => ({ ...codec, ssim: codec.ssim * 1.01 }));
    const found = await evaluateRun(writeRun('otherwise', perImage, codecs), options);
    expect(found.differentPredictions).toBe(3 + 4);
    expect(found.differentCounts).toBe(0);
    expect(found.largestRelativeDifference).toBeCloseTo(1 - 1 / 1.01, 6);
  });

  test('refuses a file per image that is none, or of other images', async () => {
    const broken = writeRun('broken', Uint8Array.of(1));
    await expect(evaluateRun(broken, options)).rejects.toThrow(
      new ExpectedError(
        `Cannot read "${join(broken, perImagePath)}": it must begin with 8 bytes of length, and it has 1. ` +
          'Train the run again.',
      ),
    );
    const none = encodeSafetensors({ tensors: [] });
    const empty = writeRun('none', none);
    await expect(evaluateRun(empty, options)).rejects.toThrow(
      new ExpectedError(
        `Cannot find the U8 tensor "predicted/cnn/original" in "${join(empty, perImagePath)}": it has no tensors. ` +
          'Train the run again.',
      ),
    );
    const few = encodeSafetensors({
      tensors: [{ name: 'predicted/cnn/original', shape: [2], data: Uint8Array.of(0, 1) }],
    });
    await expect(evaluateRun(writeRun('few', few), options)).rejects.toThrow(
      /^Cannot read ".*": "predicted\/cnn\/original" must have 10000 values, one for each test image, and has 2\. Train the run again\.$/,
    );
  });
});
