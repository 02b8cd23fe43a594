import { findModel, type Model } from '@narrows/models';
import { structuralSimilarity } from '@narrows/shared';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Split } from './data/dataset.ts';
import { loadMnist } from './data/mnist.ts';
import { evaluate, type DetailedEvaluation, type EvaluationModels } from './evaluate.ts';
import { chooseSamples } from './evaluation/choose-samples.ts';
import { exportModel } from './export-model.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';

/** Every fourth pixel of MNIST in both directions: small enough for a CNN in plain JavaScript. */
const imageShape = [7, 7, 1] as const;
const size = 49;
const options = { imageShape, classCount: 10, threads: 1 };

function model(id: string): Model {
  return findModel(id, { imageShape, classes: 10 })!.model;
}

const codecs = ['basic-3-h8', 'pca-5'].map(model);
const cnn = model('cnn');

const arraysOf = (one: Model) => drawnParameters(one, 4);

/** The file that an evaluation runs: the last of a model's. */
function fileOf(one: Model): { id: string; bytes: Uint8Array } {
  const exported = exportModel(one, arraysOf(one));
  exported.dispose();
  return { id: one.id, bytes: exported.files.at(-1)!.bytes };
}

const files: EvaluationModels = { codecs: codecs.map(fileOf), classifiers: [fileOf(cnn)] };

/** 1,020 test images, which are two whole batches of the evaluation and a small one. */
let all: Split;
let evaluation: DetailedEvaluation;
beforeAll(async () => {
  const { test: whole } = await loadMnist();
  const images = Uint8Array.from({ length: 1020 * size }, (_, i) => {
    const [image, row, column] = [Math.floor(i / size), Math.floor((i % size) / 7), i % 7];
    return whole.images[image * 784 + row * 4 * 28 + column * 4];
  });
  all = { images, labels: whole.labels.subarray(0, 1020), count: 1020 };
  evaluation = await evaluate(files, all, options);
  await tf.setBackend('cpu');
});

const part = ({ images, labels }: Split, start: number, end: number): Split => ({
  images: images.subarray(start * size, end * size),
  labels: labels.subarray(start, end),
  count: end - start,
});

/** What tfjs makes of images, eagerly. */
function eager(one: Model, images: tf.Tensor): tf.Tensor {
  const arrays = arraysOf(one);
  const parameters = Object.fromEntries(
    one.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name], [...shape])]),
  );
  return one.kind === 'classifier'
    ? one.classify(parameters, images)
    : one.decode(parameters, one.encode(parameters, images));
}

const near = (actual: number, expected: number): void => {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-5);
};

test('it has an entry for each codec, and for each classifier on the originals and every codec', () => {
  expect(evaluation.codecs.map(({ id }) => id)).toEqual(['basic-3-h8', 'pca-5']);
  expect(evaluation.classifications.map(({ classifier, on }) => `${classifier} on ${on}`)).toEqual([
    'cnn on original',
    'cnn on basic-3-h8',
    'cnn on pca-5',
  ]);
});

test.each(codecs.map((codec) => [codec.id, codec] as const))(
  'the mean squared errors of %s, in all and by class, are those of tfjs',
  (id, codec) => {
    const originals = Float32Array.from(all.images, (pixel) => pixel / 255);
    const given = eager(codec, tf.tensor(originals, [all.count, ...imageShape])).dataSync();
    const errors = [...all.labels].map((label, image) => {
      let sum = 0;
      for (let i = image * size; i < (image + 1) * size; i++) sum += (given[i] - originals[i]) ** 2;
      return { label, error: sum / size };
    });
    const mean = (values: { error: number }[]) =>
      values.reduce((sum, { error }) => sum + error, 0) / values.length;
    const { mse, perClass } = evaluation.codecs.find((entry) => entry.id === id)!;
    near(mse, mean(errors));
    expect(perClass.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { label, count, mse: ofClass } of perClass) {
      const ofLabel = errors.filter((entry) => entry.label === label);
      expect(count).toBe(ofLabel.length);
      near(ofClass, mean(ofLabel));
    }
  },
);

test('accuracy, cross-entropy and confusion on originals and reconstructions are those of tfjs', async () => {
  const some = part(all, 0, 200);
  const { classifications } = await evaluate(files, some, options);
  const originals = tf.tensor(
    Float32Array.from(some.images, (pixel) => pixel / 255),
    [200, ...imageShape],
  );
  // Reconstructions reach the classifier as they are, also beyond [0, 1].
  const views = [originals, ...codecs.map((codec) => eager(codec, originals))];
  expect(views.some((view) => view.min().dataSync()[0] < 0)).toBe(true);
  views.forEach((view, i) => {
    const logits = eager(cnn, view).arraySync() as number[][];
    const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    let crossEntropy = 0;
    logits.forEach((row, image) => {
      const label = some.labels[image];
      confusion[label][row.indexOf(Math.max(...row))]++;
      crossEntropy += Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[label];
    });
    const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
    expect(classifications[i].confusion).toEqual(confusion);
    expect(classifications[i].accuracy).toBe(correct / 200);
    near(classifications[i].crossEntropy, crossEntropy / 200);
  });
});

describe('each image', () => {
  test.each(codecs.map((codec) => [codec.id, codec] as const))(
    "has the error and similarity that %s has on it in tfjs, and their mean is the whole set's",
    (id, codec) => {
      const originals = Float32Array.from(all.images, (pixel) => pixel / 255);
      const given = eager(codec, tf.tensor(originals, [all.count, ...imageShape])).dataSync() as Float32Array;
      const { mse, ssim } = evaluation.perImage.codecs.find((entry) => entry.id === id)!;
      expect([mse.length, ssim.length]).toEqual([1020, 1020]);
      structuralSimilarity(originals, given, { imageShape }).forEach((similarity, image) => {
        expect(ssim[image]).toBeCloseTo(similarity, 5);
        let sum = 0;
        for (let i = image * size; i < (image + 1) * size; i++) sum += (given[i] - originals[i]) ** 2;
        near(mse[image], sum / size);
      });
      const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
      const whole = evaluation.codecs.find((entry) => entry.id === id)!;
      near(mean(mse), whole.mse);
      expect(mean(ssim)).toBeCloseTo(whole.ssim, 6);
    },
  );

  test('has predictions that add up to the confusion matrix, and their softmax', () => {
    const { labels, classifications } = evaluation.perImage;
    expect(labels).toEqual(all.labels);
    classifications.forEach(({ classifier, on, predicted, probability }, i) => {
      const whole = evaluation.classifications[i];
      expect([classifier, on]).toEqual([whole.classifier, whole.on]);
      const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
      predicted.forEach((answer, image) => {
        confusion[labels[image]][answer]++;
      });
      expect(confusion).toEqual(whole.confusion);
      expect(probability.length).toBe(1020);
      expect(probability.every((share) => share > 0.1 && share <= 1)).toBe(true);
    });
    const originals = tf.tensor(
      Float32Array.from(all.images.subarray(0, 100 * size), (pixel) => pixel / 255),
      [100, ...imageShape],
    );
    const softmax = tf.softmax(eager(cnn, originals)).max(1).dataSync();
    softmax.forEach((share, image) => {
      near(classifications[0].probability[image], share);
    });
  });
});

describe('samples', () => {
  test('are the chosen images as they are', () => {
    const { indices, labels, originals } = evaluation.samples;
    expect([...indices]).toEqual(chooseSamples(evaluation.perImage));
    expect(indices.length).toBeGreaterThan(20);
    indices.forEach((image, i) => {
      expect(labels[i]).toBe(all.labels[image]);
      expect(originals.subarray(i * size, (i + 1) * size)).toEqual(
        all.images.subarray(image * size, (image + 1) * size),
      );
    });
  });

  test('come with what each codec makes of them, clipped and rounded to bytes', () => {
    const { originals, indices, reconstructions } = evaluation.samples;
    expect(reconstructions.map(({ id }) => id)).toEqual(codecs.map(({ id }) => id));
    const images = tf.tensor(
      Float32Array.from(originals, (pixel) => pixel / 255),
      [indices.length, ...imageShape],
    );
    let clipped = 0;
    codecs.forEach((codec, c) => {
      const exact = eager(codec, images).dataSync();
      const bytes = reconstructions[c].images;
      expect(bytes.length).toBe(exact.length);
      exact.forEach((value, i) => {
        if (value < 0 || value > 1) clipped++;
        expect(Math.abs(bytes[i] - 255 * Math.min(1, Math.max(0, value)))).toBeLessThan(0.501);
      });
    });
    expect(clipped).toBeGreaterThan(0);
  });
});

test('how the images are cut into batches makes no difference', async () => {
  const [first, second] = [
    await evaluate(files, part(all, 0, 333), options),
    await evaluate(files, part(all, 333, 1020), options),
  ];
  evaluation.codecs.forEach(({ mse, ssim }, i) => {
    near(mse, (first.codecs[i].mse * 333 + second.codecs[i].mse * 687) / 1020);
    near(ssim, (first.codecs[i].ssim * 333 + second.codecs[i].ssim * 687) / 1020);
  });
  evaluation.classifications.forEach(({ confusion, crossEntropy }, i) => {
    const [a, b] = [first.classifications[i], second.classifications[i]];
    expect(confusion).toEqual(
      confusion.map((row, k) => row.map((_, j) => a.confusion[k][j] + b.confusion[k][j])),
    );
    near(crossEntropy, (a.crossEntropy * 333 + b.crossEntropy * 687) / 1020);
  });
});

test('more threads give the same up to rounding', async () => {
  const { codecs: threaded, classifications } = await evaluate(files, all, { ...options, threads: 2 });
  evaluation.codecs.forEach(({ mse }, i) => {
    near(threaded[i].mse, mse);
  });
  evaluation.classifications.forEach(({ crossEntropy, confusion }, i) => {
    near(classifications[i].crossEntropy, crossEntropy);
    expect(classifications[i].confusion).toEqual(confusion);
  });
});

test('progress is told after every batch', async () => {
  const seen: number[] = [];
  await evaluate(files, all, { ...options, onProgress: (fraction) => seen.push(fraction) });
  expect(seen).toEqual([500 / 1020, 1000 / 1020, 1]);
});

describe('it works', () => {
  test('without classifiers', async () => {
    const result = await evaluate({ ...files, classifiers: [] }, all, options);
    expect(result.codecs).toEqual(evaluation.codecs);
    expect(result.classifications).toEqual([]);
    expect(result.perImage).toEqual({ ...evaluation.perImage, classifications: [] });
  });

  test('without codecs', async () => {
    const result = await evaluate({ ...files, codecs: [] }, all, options);
    expect(result.codecs).toEqual([]);
    expect(result.classifications).toEqual([evaluation.classifications[0]]);
    expect(result.samples.reconstructions).toEqual([]);
  });

  test('with images of some classes only', async () => {
    const fours = [...all.labels.keys()].filter((i) => all.labels[i] === 4).slice(0, 3);
    const images = Uint8Array.from(fours.flatMap((i) => [...all.images.subarray(i * size, (i + 1) * size)]));
    const result = await evaluate(files, { images, labels: Uint8Array.of(4, 4, 4), count: 3 }, options);
    expect(result.codecs[0].perClass.map(({ label, count }) => [label, count])).toEqual([[4, 3]]);
    expect(result.classifications[0].confusion.flat().reduce((a, b) => a + b)).toBe(3);
    expect([...result.samples.indices].sort()).toEqual([0, 1, 2]);
  });
});
