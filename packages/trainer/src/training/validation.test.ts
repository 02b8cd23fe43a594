import { batchLoss, type TrainableModel } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Split } from '../data/dataset.ts';
import { firstImages } from '../data/first-images.ts';
import { loadMnist } from '../data/mnist.ts';
import type { ParameterArrays } from '../engine/engine.ts';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { tfjsEngine } from '../engine/tfjs-engine.ts';
import { drawnParameters } from '../testing/drawn-parameters.ts';
import { trainableMnistModel } from '../testing/training-batches.ts';
import { imagesFrom, startOf, trainingPlan } from '../testing/training-plan.ts';
import { trainModel } from './train-model.ts';
import { createValidator, type ValidationResult, type ValidatorOptions } from './validation.ts';

const onnx = onnxEngine({ device: 'cpu', threads: 1 });
const tfjs = tfjsEngine({ backend: 'cpu', device: 'cpu' });

let train: Split;
beforeAll(async () => {
  ({ train } = await loadMnist());
});

async function judge(
  options: Omit<ValidatorOptions, 'seed'>,
  parameters: ParameterArrays,
  engine = onnx,
): Promise<ValidationResult> {
  const validator = await createValidator(engine, { ...options, seed: 2 });
  const result = await validator.judge(parameters);
  await validator.close();
  return result;
}

/** Images that eager tfjs takes at a time: fewer than a batch, and no part of 500. */
const slice = 53;

/** The mean of the losses of such slices on eager tfjs, added up in float64. */
async function eagerLoss(
  { model, frozen, images }: Omit<ValidatorOptions, 'seed'>,
  parameters: ParameterArrays,
): Promise<number> {
  await tf.setBackend('cpu');
  const stream = randomStream(2, `validation:${model.id}`);
  const tensorsOf = ({ parameters: specs }: Pick<TrainableModel, 'parameters'>, arrays: ParameterArrays) =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, tf.tensor(arrays[name], [...shape])]));
  const values = tensorsOf(model, parameters);
  const frozenValues = model.frozen === undefined ? {} : tensorsOf(model.frozen, frozen!);
  let sum = 0;
  for (let start = 0; start < images.count; start += slice) {
    const count = Math.min(slice, images.count - start);
    const part = imagesFrom(images, start, count);
    const loss = tf.tidy(() => {
      const batch = {
        images: tf.tensor(part.images, [count, ...model.imageShape], 'int32'),
        labels: tf.tensor1d(part.labels, 'int32'),
      };
      if (model.noiseShape === undefined) {
        return batchLoss({ model, frozen: frozenValues }, values, batch).dataSync()[0];
      }
      const shape = [count, ...model.noiseShape];
      const length = shape.reduce((product, side) => product * side);
      const noise = tf.tensor(
        Float32Array.from({ length }, () => stream.nextNormal()),
        shape,
      );
      return batchLoss({ model, frozen: frozenValues }, values, { ...batch, noise }).dataSync()[0];
    });
    sum += count * loss;
  }
  tf.dispose([values, frozenValues]);
  return sum / images.count;
}

describe.each([
  ['basic-3-h16', 530, 'a batch of 500 and one of 30'],
  ['basic-3-h16', 500, 'one whole batch'],
  ['basic-3-h16', 7, 'less than a batch'],
  ['vae-2', 530, 'noise that goes on from batch to batch'],
  ['denoising-2', 9, 'noise on the pixels'],
  ['aware-2', 5, 'a frozen classifier'],
  ['cnn', 9, 'a classifier'],
])('the validation loss of %s on %i images (%s)', (id, count) => {
  const model = trainableMnistModel(id);
  const parameters = drawnParameters(model, 6);
  const frozen = model.frozen === undefined ? {} : { frozen: drawnParameters(model.frozen, 7) };

  test('is the mean over the images of the loss of each', async () => {
    const options = { model, ...frozen, images: firstImages(train, count) };
    const expected = await eagerLoss(options, parameters);
    const { loss } = await judge(options, parameters);
    // Sums of 392,000 squares, in float32 and in an order of their own.
    expect(Math.abs(loss / expected - 1)).toBeLessThan(1e-5);
  });
});

test('the last images count as much as the others', async () => {
  const model = trainableMnistModel('basic-3-h16');
  const parameters = drawnParameters(model, 6);
  const lossOf = async (images: Split) => (await judge({ model, images }, parameters)).loss;
  const [all, first, last] = [
    await lossOf(firstImages(train, 530)),
    await lossOf(firstImages(train, 500)),
    await lossOf(imagesFrom(train, 500, 30)),
  ];
  expect(Math.abs(last / first - 1)).toBeGreaterThan(1e-3);
  expect(Math.abs(all / ((500 * first + 30 * last) / 530) - 1)).toBeLessThan(1e-6);
});

describe('the validation accuracy', () => {
  const cnn = trainableMnistModel('cnn');
  const parameters = drawnParameters(cnn, 6);

  test('is the share of images that a classifier gets right, the last batch included', async () => {
    const images = firstImages(train, 510);
    const classifier = cnn.kind === 'classifier' ? cnn : undefined;
    // In batches of another size.
    const few = await onnx.prepare(
      ({ pixels, ...values }) => ({
        logits: classifier!.classify(values, tf.div(tf.cast(pixels, 'float32'), 255)),
      }),
      {
        ...Object.fromEntries(
          cnn.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }]),
        ),
        pixels: { shape: [30, 28, 28, 1], dtype: 'uint8' },
      },
    );
    const answers: number[] = [];
    for (let start = 0; start < images.count; start += 30) {
      const { logits } = await few.run({ ...parameters, pixels: imagesFrom(images, start, 30).images });
      for (let i = 0; i < 30; i++) {
        const values = [...logits.subarray(10 * i, 10 * i + 10)];
        answers.push(values.indexOf(Math.max(...values)));
      }
    }
    await few.close();
    const right = answers.filter((answer, i) => answer === images.labels[i]).length;
    expect((await judge({ model: cnn, images }, parameters)).accuracy).toBe(right / 510);
    // With labels that are the answers, all is right, and with the next ones nothing.
    const labelled = (shift: number): Split => ({
      ...images,
      labels: Uint8Array.from(answers, (answer) => (answer + shift) % 10),
    });
    expect((await judge({ model: cnn, images: labelled(0) }, parameters)).accuracy).toBe(1);
    expect((await judge({ model: cnn, images: labelled(1) }, parameters)).accuracy).toBe(0);
  });

  test('is the same on eager tfjs', async () => {
    const options = { model: cnn, images: imagesFrom(train, 20, 12) };
    const [compiled, eager] = [await judge(options, parameters), await judge(options, parameters, tfjs)];
    expect(eager.accuracy).toBe(compiled.accuracy);
    expect(Math.abs(eager.loss / compiled.loss - 1)).toBeLessThan(2e-6);
  });

  test('is none of an autoencoder', async () => {
    const model = trainableMnistModel('basic-3-h16');
    const result = await judge({ model, images: firstImages(train, 3) }, drawnParameters(model, 6));
    expect(Object.keys(result)).toEqual(['loss']);
  });
});

test('a judgement depends on parameters and seed, and is the same every time', async () => {
  const model = trainableMnistModel('vae-2');
  const images = firstImages(train, 30);
  const validator = await createValidator(onnx, { model, images, seed: 2 });
  const first = await validator.judge(drawnParameters(model, 6));
  expect(await validator.judge(drawnParameters(model, 7))).not.toEqual(first);
  expect(await validator.judge(drawnParameters(model, 6))).toEqual(first);
  await validator.close();
  const other = await createValidator(onnx, { model, images, seed: 3 });
  expect(await other.judge(drawnParameters(model, 6))).not.toEqual(first);
  await other.close();
});

test('leaves no tensors behind, nor does one that could not be made', async () => {
  const model = trainableMnistModel('aware-2');
  const images = firstImages(train, 2);
  const before = tf.memory().numTensors;
  const options = { model, images, frozen: drawnParameters(model.frozen!, 7) };
  await judge(options, drawnParameters(model, 6));
  await judge(options, drawnParameters(model, 6), tfjs);
  await expect(judge({ model, images }, drawnParameters(model, 6))).rejects.toThrow(
    'Cannot train "aware-2": it is trained through "cnn", whose parameters are missing.',
  );
  const refuse = (): never => {
    throw new RangeError('no loss');
  };
  await expect(
    judge({ ...options, model: { ...model, loss: refuse } }, drawnParameters(model, 6)),
  ).rejects.toThrow('no loss');
  expect(tf.memory().numTensors).toBe(before);
});

test('an epoch is judged with the averaged weights, and a classifier by its answers too', async () => {
  const cnn = trainableMnistModel('cnn');
  const validation = imagesFrom(train, 64, 50);
  const plan = trainingPlan(cnn, firstImages(train, 64), {
    settings: { epochs: 2, batchSize: 32, learningRate: 5e-3, averageDecay: 0.9 },
    validation,
  });
  const { progress } = await trainModel(plan, startOf(plan));
  const { average, parameters } = progress.state;
  const { loss, accuracy } = await judge({ model: cnn, images: validation }, average!);
  expect(progress.epochs[1]).toMatchObject({ validationLoss: loss, validationAccuracy: accuracy });
  const last = await judge({ model: cnn, images: validation }, parameters);
  expect(Math.abs(last.loss / loss - 1)).toBeGreaterThan(1e-3);
});
