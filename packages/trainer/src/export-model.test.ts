import type { Model } from '@narrows/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Split } from './data/dataset.ts';
import { loadMnist } from './data/mnist.ts';
import type { ParameterArrays } from './engine/engine.ts';
import { openOnnxSession } from './engine/onnx-session.ts';
import { compareExport, exportModel, type ExportedFile, type ExportedModel } from './export-model.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';
import { mnistModel } from './testing/training-batches.ts';

const imageShape = [28, 28, 1] as const;
const cpu = { device: 'cpu', threads: 1 } as const;
/** Of output values of the size of 1: some roundings of float32. */
const tolerance = 1e-5;

let mnistTest: Split;
beforeAll(async () => {
  ({ test: mnistTest } = await loadMnist());
  await tf.setBackend('cpu');
});

const pixelsOf = (count: number): Float32Array =>
  Float32Array.from(mnistTest.images.subarray(0, count * 784), (pixel) => pixel / 255);

const arraysOf = (model: Model): ParameterArrays => drawnParameters(model, 9);

async function answer({ bytes, inputName }: ExportedFile, data: Float32Array, shape: readonly number[]) {
  const session = await openOnnxSession(bytes, cpu);
  const results = await session.run({ [inputName]: { data, shape, dtype: 'float32' } });
  await session.close();
  expect(Object.keys(results)).toHaveLength(1);
  const [[name, output]] = Object.entries(results);
  return { name, shape: output.shape, values: output.data as Float32Array };
}

/** The model's own answer, eagerly. */
function eager(model: Model, role: ExportedFile['role'], data: Float32Array, shape: readonly number[]) {
  const arrays = arraysOf(model);
  return tf.tidy(() => {
    const parameters = Object.fromEntries(
      model.parameters.map(({ name, shape: size }) => [name, tf.tensor(arrays[name], [...size])]),
    );
    const x = tf.tensor(data, [...shape]);
    if (model.kind === 'classifier') return model.classify(parameters, x).dataSync<'float32'>();
    if (role === 'encoder') return model.encode(parameters, x).dataSync<'float32'>();
    const latents = role === 'decoder' ? x : model.encode(parameters, x);
    return model.decode(parameters, latents).dataSync<'float32'>();
  });
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

describe.each([
  ['basic-4', [1, 3, 64]],
  ['pca-6', [1, 3, 64]],
  // Eagerly, these take their time.
  ['deeper-5', [1, 3]],
  ['cnn', [1, 3]],
  ['deeper-5-linear', [1, 3]],
  ['tied-6', [1, 3, 64]],
  ['vae-4', [1, 3]],
  ['denoising-4', [1, 3]],
  ['aware-5', [1, 3]],
  ['conv-4', [1, 3]],
] as const)('the files of %s', (id, counts) => {
  const model = mnistModel(id);
  let exported: ExportedModel;
  beforeAll(() => {
    exported = exportModel(model, arraysOf(model));
    return () => {
      exported.dispose();
    };
  });

  test('are those of its kind', () => {
    expect(exported.files.map(({ role, inputName }) => `${role} of ${inputName}`)).toEqual(
      model.kind === 'classifier'
        ? ['classifier of images']
        : ['encoder of images', 'decoder of latents', 'autoencoder of images'],
    );
  });

  test.each(counts)('answer as tfjs does for %d images', async (count) => {
    for (const file of exported.files) {
      const isDecoder = file.role === 'decoder' && model.kind !== 'classifier';
      const shape = isDecoder ? [count, model.latent] : [count, ...imageShape];
      const data = isDecoder
        ? Float32Array.from({ length: count * model.latent }, (_, i) => (i % 7) / 3 - 1)
        : pixelsOf(count);
      const actual = await answer(file, data, shape);
      const expected = eager(model, file.role, data, shape);
      expect(largestDifference(actual.values, expected)).toBeLessThan(tolerance);
      const [name, outputShape] = {
        encoder: ['latents', [count, model.kind === 'classifier' ? 0 : model.latent]],
        decoder: ['reconstructions', [count, ...imageShape]],
        autoencoder: ['reconstructions', [count, ...imageShape]],
        classifier: ['logits', [count, 10]],
      }[file.role];
      expect([actual.name, actual.shape]).toEqual([name, outputShape]);
    }
  });

  test('take more images than any that were compared, and give each the same answer alone', async () => {
    const file = exported.files.at(-1)!;
    const many = await answer(file, pixelsOf(100), [100, ...imageShape]);
    const size = many.values.length / 100;
    for (const image of [0, 57, 99]) {
      const alone = await answer(file, pixelsOf(100).subarray(image * 784, (image + 1) * 784), [
        1,
        ...imageShape,
      ]);
      const within = many.values.subarray(image * size, (image + 1) * size);
      expect(largestDifference(alone.values, within)).toBeLessThan(tolerance);
    }
  });

  test('are ONNX of IR version 8 and opset 17, and tell which model they are of', () => {
    for (const { role, bytes } of exported.files) {
      const description = describeOnnx(bytes);
      expect(description).toMatchObject({ irVersion: 8, opsets: { '': 17 } });
      expect(description.metadata).toMatchObject({ 'narrows.model': id, 'narrows.role': role });
    }
  });

  test('compare with tfjs within rounding', async () => {
    const count = id === 'cnn' ? 2 : 16;
    const difference = await compareExport(exported, pixelsOf(count), { count, imageShape });
    expect(difference).toBeLessThan(tolerance);
  });
});

describe.each([
  ['basic-16', 0.02],
  ['pca-64', 0.02],
  ['conv-16', 0.02],
  ['cnn', 0.02],
] as const)('the files of %s with weights of int8', (id, bound) => {
  const model = mnistModel(id);
  let exact: ExportedModel;
  let exported: ExportedModel;
  beforeAll(() => {
    exact = exportModel(model, arraysOf(model));
    exported = exportModel(model, arraysOf(model), { weights: 'int8' });
    return () => {
      exact.dispose();
      exported.dispose();
    };
  });

  test('take about a quarter of the bytes', () => {
    for (const [i, { bytes }] of exported.files.entries()) {
      expect(exact.files[i].bytes.length / bytes.length).toBeGreaterThan(3.3);
      expect(describeOnnx(bytes)).toMatchObject({ irVersion: 8, opsets: { '': 17 } });
    }
  });

  test('answer nearly as those with float32 do', async () => {
    const count = id === 'cnn' ? 2 : 16;
    const expected = await answer(exact.files.at(-1)!, pixelsOf(count), [count, ...imageShape]);
    const largest = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = await compareExport(exported, pixelsOf(count), { count, imageShape });
    expect(difference).toBeGreaterThan(tolerance);
    expect(difference).toBeLessThan(bound * largest);
  });

  if (model.kind === 'classifier') return;
  test('agree with each other: decoder after encoder', async () => {
    const [encoder, decoder, autoencoder] = exported.files;
    const latents = await answer(encoder, pixelsOf(3), [3, ...imageShape]);
    const actual = await answer(decoder, latents.values, latents.shape);
    const expected = await answer(autoencoder, pixelsOf(3), [3, ...imageShape]);
    expect(largestDifference(actual.values, expected.values)).toBeLessThan(tolerance);
  });
});

describe('the comparison', () => {
  const model = mnistModel('basic-4');

  /** Files of a model one of whose weights is off, together with the functions of the one that is right. */
  function wrongFiles(parameter: string, by: number): ExportedModel {
    const right = exportModel(model, arraysOf(model));
    const arrays = Object.fromEntries(
      Object.entries(arraysOf(model)).map(([name, array]) => [name, array.slice()]),
    );
    arrays[parameter][0] += by;
    const wrong = exportModel(model, arrays);
    return {
      files: right.files.map((file, i) => ({ ...file, bytes: wrong.files[i].bytes })),
      dispose: () => {
        right.dispose();
        wrong.dispose();
      },
    };
  }

  test.each([
    ['encoder/latent/bias', 0.5],
    ['decoder/pixels/bias', 0.5],
    ['decoder/pixels/bias', -0.5],
  ])('sees one wrong weight, in %s by %d', async (parameter, by) => {
    const exported = wrongFiles(parameter, by);
    expect(await compareExport(exported, pixelsOf(4), { count: 4, imageShape })).toBeGreaterThan(0.01);
    exported.dispose();
  });

  test.each([0, 1, 2])('sees it in file %d alone', async (index) => {
    const right = exportModel(model, arraysOf(model));
    const wrong = wrongFiles(index === 0 ? 'encoder/latent/bias' : 'decoder/pixels/bias', 0.5);
    const files = right.files.map((file, i) =>
      i === index ? { ...file, bytes: wrong.files[i].bytes } : file,
    );
    expect(await compareExport({ ...right, files }, pixelsOf(4), { count: 4, imageShape })).toBeGreaterThan(
      0.01,
    );
    right.dispose();
    wrong.dispose();
  });

  test('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    const exported = exportModel(model, arraysOf(model));
    await compareExport(exported, pixelsOf(2), { count: 2, imageShape });
    exported.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** What the head of an ONNX file says, read field by field as onnx.proto numbers them. */
function describeOnnx(bytes: Uint8Array) {
  const opsets: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  let irVersion = 0;
  for (const { field, value } of protobufFields(bytes)) {
    if (field === 1) irVersion = value as number;
    if (field !== 8 && field !== 14) continue;
    const [first, second] = [1, 2].map(
      (wanted) => protobufFields(value as Uint8Array).find((part) => part.field === wanted)?.value,
    );
    if (field === 8) opsets[text(first)] = second as number;
    else metadata[text(first)] = text(second);
  }
  return { irVersion, opsets, metadata };
}

function text(value: number | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

function protobufFields(bytes: Uint8Array): { field: number; value: number | Uint8Array }[] {
  const fields: { field: number; value: number | Uint8Array }[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let power = 1; ; power *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * power;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const length = varint();
    const isBytes = (key & 7) === 2;
    fields.push({ field: key >> 3, value: isBytes ? bytes.subarray(at, at + length) : length });
    if (isBytes) at += length;
  }
  return fields;
}
