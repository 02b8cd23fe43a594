import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { awareWeight } from './aware-autoencoder.ts';
import { findModel, modelFamilies, type ModelContext } from './model-table.ts';
import type { Model } from './model.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';
import { referenceForward } from './testing/reference-model.ts';

const mnist: ModelContext = { imageShape: [28, 28, 1], classes: 10 };
const cifar: ModelContext = { imageShape: [32, 32, 3], classes: 10 };

beforeAll(() => tf.setBackend('cpu'));

function modelOf(id: string, context = mnist): Model {
  const found = findModel(id, context);
  if (found === undefined) throw new Error(`No model is called "${id}".`);
  return found.model;
}

/** Weights and biases of fully connected layers of these sizes. */
function dense(...sizes: number[]): number {
  return sizes.slice(1).reduce((total, outputs, i) => total + sizes[i] * outputs + outputs, 0);
}

/** Weights and biases of 3×3 convolutions between so many channels. */
function conv(...channels: number[]): number {
  return channels.slice(1).reduce((total, filters, i) => total + 9 * channels[i] * filters + filters, 0);
}

test.each<[id: string, context: ModelContext, count: number]>([
  ['basic-32', mnist, dense(784, 128, 32, 128, 784)],
  ['basic-16-h256', mnist, dense(784, 256, 16, 256, 784)],
  ['basic-1-h1', mnist, dense(784, 1, 1, 1, 784)],
  ['basic-1024-h1024', mnist, dense(784, 1024, 1024, 1024, 784)],
  ['basic-32', cifar, dense(3072, 128, 32, 128, 3072)],
  ['deeper-64', mnist, dense(784, 512, 256, 64, 256, 512, 784)],
  ['basic-32-linear', mnist, dense(784, 128, 32, 128, 784)],
  ['basic-16-h256-linear', mnist, dense(784, 256, 16, 256, 784)],
  ['deeper-64-linear', mnist, dense(784, 512, 256, 64, 256, 512, 784)],
  ['tied-32', mnist, 784 + 32 * 784],
  ['tied-32', cifar, 3072 + 32 * 3072],
  ['denoising-32', mnist, dense(784, 128, 32, 128, 784)],
  ['aware-64', mnist, conv(1, 32, 64) + dense(7 * 7 * 64, 128, 64, 128, 7 * 7 * 64) + conv(64, 32, 1)],
  ['vae-32', mnist, dense(784, 128, 64) + dense(32, 128, 784)],
  ['conv-32', mnist, conv(1, 16, 32) + dense(7 * 7 * 32, 32, 7 * 7 * 32) + conv(32, 16, 1)],
  ['conv-64', cifar, conv(3, 16, 32) + dense(8 * 8 * 32, 64, 8 * 8 * 32) + conv(32, 16, 3)],
  ['pca-64', mnist, 784 + 64 * 784],
  ['pca-64-clipped', mnist, 784 + 64 * 784],
  ['pca-3072', cifar, 3072 + 3072 * 3072],
  ['cnn', mnist, conv(1, 32, 64) + dense(7 * 7 * 64, 128, 10)],
  ['cnn', { ...cifar, classes: 7 }, conv(3, 32, 64) + dense(8 * 8 * 64, 128, 7)],
])('%s has as many parameters as its layers', (id, context, count) => {
  const model = modelOf(id, context);
  expect(model.parameterCount).toBe(count);
  const sizes = model.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  expect(sizes.reduce((a, b) => a + b)).toBe(count);
});

test('the known counts: 209,968 for basic-32, and the study gives 421,642 for its CNN', () => {
  expect(modelOf('basic-32').parameterCount).toBe(209_968);
  expect(modelOf('cnn').parameterCount).toBe(421_642);
});

test('a model tells its id, its sizes and where it comes from', () => {
  expect(modelOf('basic-16-h256')).toMatchObject({
    kind: 'autoencoder',
    id: 'basic-16-h256',
    title: 'basic autoencoder, latent 16, hidden 256',
    latent: 16,
    imageShape: [28, 28, 1],
    hyperparameters: { hidden: [256], latent: 16, latentActivation: 'relu' },
  });
  expect(modelOf('basic-16').title).toBe('basic autoencoder, latent 16');
  expect(modelOf('deeper-8')).toMatchObject({
    latent: 8,
    hyperparameters: { hidden: [512, 256], latent: 8, latentActivation: 'relu' },
  });
  expect(modelOf('basic-16-h256-linear')).toMatchObject({
    title: 'basic autoencoder, latent 16, hidden 256, linear latent layer',
    hyperparameters: { hidden: [256], latent: 16, latentActivation: 'linear' },
  });
  expect(modelOf('deeper-8-linear')).toMatchObject({
    title: 'deeper autoencoder, latent 8, linear latent layer',
    hyperparameters: { hidden: [512, 256], latent: 8, latentActivation: 'linear' },
  });
  expect(modelOf('tied-8')).toMatchObject({ kind: 'autoencoder', latent: 8, hyperparameters: { latent: 8 } });
  expect(modelOf('denoising-8')).toMatchObject({
    title: 'denoising autoencoder, latent 8',
    noiseShape: [28, 28, 1],
    hyperparameters: { hidden: [128], latent: 8, latentActivation: 'relu', noise: 0.3 },
  });
  expect(modelOf('aware-8')).toMatchObject({
    title: 'task-aware convolutional autoencoder, latent 8',
    frozen: { id: 'cnn', kind: 'classifier', classes: 10, imageShape: [28, 28, 1] },
    hyperparameters: {
      filters: [32, 64],
      hidden: 128,
      latent: 8,
      latentActivation: 'linear',
      classifier: 'cnn',
      classifierWeight: awareWeight,
    },
  });
  expect(modelOf('vae-8')).toMatchObject({
    title: 'variational autoencoder, latent 8',
    noiseShape: [8],
    hyperparameters: { hidden: [128], latent: 8, beta: 0.02 },
  });
  expect(modelOf('conv-8')).toMatchObject({
    title: 'convolutional autoencoder, latent 8',
    hyperparameters: { filters: [16, 32], latent: 8 },
  });
  expect(modelOf('pca-3')).toMatchObject({ kind: 'pca', latent: 3, title: 'PCA, 3 components' });
  expect(modelOf('cnn')).toMatchObject({ kind: 'classifier', classes: 10 });
  for (const { model } of modelFamilies.map(({ examples }) => findModel(examples[0], mnist)!)) {
    expect(model.source).not.toBe('');
  }
});

test('a model that asks for noise or a classifier is the exception', () => {
  const trainable = modelFamilies
    .map(({ examples }) => modelOf(examples[0]))
    .filter((model) => model.kind !== 'pca');
  const asking = (what: 'noiseShape' | 'frozen'): string[] =>
    trainable.filter((model) => model[what] !== undefined).map(({ id }) => id);
  expect(asking('noiseShape')).toEqual(['denoising-32', 'vae-32']);
  expect(asking('frozen')).toEqual(['aware-16']);
});

test.each([
  ...modelFamilies.flatMap(({ examples }) => examples).filter((id) => id !== 'cnn'),
  'deeper-8-linear',
])('what %s says of its ranges holds', (id) => {
  const model = modelOf(id);
  if (model.kind === 'classifier') throw new Error(`"${id}" is no codec.`);
  const { latentActivation, outputActivation, highest } = model.hyperparameters;
  if (model.kind === 'autoencoder') {
    expect(['relu', 'linear']).toContain(latentActivation);
    expect(['sigmoid', 'linear']).toContain(outputActivation);
  }
  const arrays = drawnParameters(model, 3);
  const parameters = Object.fromEntries(
    // Far from 0, so that whatever can leave a range does.
    model.parameters.map(({ name, shape }) => [name, tf.mul(tf.tensor(arrays[name], [...shape]), 5)]),
  );
  const images = tf.randomUniform([4, 28, 28, 1], 0, 1, 'float32', 2);
  const latents = model.encode(parameters, images);
  expect(latents.min().dataSync()[0] >= 0).toBe(latentActivation === 'relu');
  const output = model.decode(parameters, latents);
  const [low, high] = [output.min().dataSync()[0], output.max().dataSync()[0]];
  expect(low >= 0 && high <= 1).toBe(outputActivation === 'sigmoid' || highest === 1);
});

test('every example of a family is known, to that family alone', () => {
  for (const family of modelFamilies) {
    for (const id of family.examples) {
      const building = modelFamilies.filter((other) => other.build(id, mnist) !== undefined);
      expect(building).toEqual([family]);
      expect(findModel(id, mnist)).toMatchObject({ family, model: { id } });
      // The trainer looks up epochs by it.
      expect(id.split('-')[0]).toBe(family.name);
    }
  }
});

test.each([
  ...['basic-0', 'basic-1025', 'basic-032', 'basic-99999999999999999999', 'basic-', 'basic', 'basic--1'],
  ...[
    'basic-1e2',
    'basic-3.5',
    'basic-32-h0',
    'basic-32-h1025',
    'basic-32-h',
    'basic-32-h0128',
    'basic-32-256',
  ],
  ...['Basic-32', ' basic-32', 'basic-32 ', 'basic-32\n', 'basic-32,cnn', 'xbasic-32'],
  ...['deeper-', 'deeper', 'deeper-0', 'deeper-1025', 'deeper-064', 'deeper-64-h128', 'deeper-64-Linear'],
  ...['basic-32-linear-h256', 'basic-32-relu', 'basic-linear', 'basic-32-linear-linear', 'basic-32linear'],
  ...['tied', 'tied-', 'denoising', 'aware', 'vae', 'conv'].flatMap((form) => [form, `${form}-0`]),
  ...['tied', 'denoising', 'aware', 'vae', 'conv'].flatMap((family) => [
    ...[
      `${family}-1025`,
      `${family}-08`,
      `x${family}-8`,
      `${family}-8\n`,
      `${family}-8-linear`,
      `${family}-8-h9`,
    ],
  ]),
  ...[
    'pca-0',
    'pca-785',
    'pca-064',
    'pca',
    'pca-64-h128',
    'pca-64-clip',
    'pca-clipped',
    'cnn2',
    'cnn-32',
    'CNN',
    '',
    '32',
    '__proto__',
  ],
])('%j is no model of MNIST', (id) => {
  expect(findModel(id, mnist)).toBeUndefined();
});

test('the number of components may go up to the number of pixels, and no further', () => {
  expect(findModel('pca-784', mnist)).toBeDefined();
  expect(findModel('pca-785', cifar)).toBeDefined();
  expect(findModel('pca-3073', cifar)).toBeUndefined();
});

test.each([[28, 30, 1] as const, [30, 28, 1] as const, [7, 5, 2] as const])(
  'a convolutional autoencoder does not fit images of %d×%d×%d',
  (...imageShape) => {
    expect(findModel('conv-8', { imageShape, classes: 10 })).toBeUndefined();
    expect(findModel('aware-8', { imageShape, classes: 10 })).toBeUndefined();
  },
);

const odd: ModelContext = { imageShape: [7, 5, 2], classes: 3 };
const even: ModelContext = { imageShape: [8, 12, 2], classes: 3 };

describe.each([
  ['basic-4', mnist],
  ['basic-3-h6', odd],
  ['basic-3-h6-linear', odd],
  ['deeper-5', odd],
  ['deeper-5-linear', odd],
  ['tied-4', odd],
  ['denoising-4', odd],
  ['aware-4', even],
  ['vae-4', odd],
  ['conv-3', even],
  ['conv-4', mnist],
  ['pca-6', odd],
  ['cnn', odd],
])('%s', (id, context) => {
  test.each([1, 3])('computes what plain loops do in float64, on %d images', (count) => {
    const model = modelOf(id, context);
    const size = context.imageShape.reduce((a, b) => a * b);
    const pixels = Float64Array.from({ length: count * size }, (_, i) => ((i * 37) % 256) / 255);
    const labels = Array.from({ length: count }, () => 0);
    const arrays = drawnParameters(model, 5);
    const expected = referenceForward(
      model,
      Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Float64Array.from(values)])),
      { pixels, labels },
    );
    // A ReLU that is always off would agree with anything.
    expect(expected.latents.some((value) => value !== 0)).toBe(true);
    const parameters = Object.fromEntries(
      model.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name], [...shape])]),
    );
    const images = tf.tensor(Float32Array.from(pixels), [count, ...context.imageShape]);
    const expectValues = (actual: tf.Tensor, shape: number[], values: Float64Array): void => {
      expect(actual.shape).toEqual(shape);
      expect(actual.dtype).toBe('float32');
      const differences = [...actual.dataSync()].map((value, i) => Math.abs(value - values[i]));
      expect(Math.max(...differences)).toBeLessThan(2e-6);
    };
    if (model.kind === 'classifier') {
      expectValues(model.classify(parameters, images), [count, 3], expected.output);
    } else {
      const latents = model.encode(parameters, images);
      expectValues(latents, [count, model.latent], expected.latents);
      expectValues(model.decode(parameters, latents), [count, ...context.imageShape], expected.output);
    }
  });
});
