import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamDefaults, adamScales, adamStep, averageStep, type AdamOptions } from './adam.ts';
import { findModel, modelFamilies, type ModelContext } from './model-table.ts';
import type { Model, Parameters, TrainableModel } from './model.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';
import { referenceLoss, type ReferenceBatch, type ReferenceParameters } from './testing/reference-model.ts';
import {
  batchLoss,
  lossAndGradients,
  scalePixels,
  trainStep,
  type Batch,
  type StepScales,
  type StepState,
  type Training,
} from './train-step.ts';

beforeAll(() => tf.setBackend('cpu'));

const count = 5;
/** Odd sides where a model takes them. */
const contextOf = (id: string): ModelContext => ({
  imageShape: /^(conv|aware)/.test(id) ? [8, 4, 1] : [7, 6, 1],
  classes: 4,
});
const labels = [0, 3, 1, 1, 2];

type Arrays = Readonly<Record<string, Float32Array>>;

interface Case {
  readonly model: TrainableModel;
  readonly training: Training;
  readonly arrays: Arrays;
  readonly parameters: Parameters;
  readonly batch: Batch;
  /** The batch, the frozen parameters and nothing else, for the loops in float64. */
  readonly reference: { readonly batch: ReferenceBatch; readonly frozen: ReferenceParameters };
}

function tensorsOf({ parameters }: Model, arrays: Arrays): Parameters {
  return Object.fromEntries(
    parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name].slice(), [...shape])]),
  );
}

function prepare(id: string): Case {
  const context = contextOf(id);
  const { model } = findModel(id, context)!;
  if (model.kind === 'pca') throw new Error(`"${id}" is fitted, not trained.`);
  const { frozen, noiseShape } = model;
  const arrays = drawnParameters(model, 2);
  const frozenArrays = frozen === undefined ? {} : drawnParameters(frozen, 3);
  const size = context.imageShape.reduce((a, b) => a * b);
  const bytes = Int32Array.from({ length: count * size }, (_, i) => (i * 101 + (i >> 3)) % 256);
  const stream = randomStream(4, 'noise');
  const shape = [count, ...(noiseShape ?? [0])];
  const noise = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => stream.nextNormal());
  return {
    model,
    training: { model, frozen: frozen === undefined ? {} : tensorsOf(frozen, frozenArrays) },
    arrays,
    parameters: tensorsOf(model, arrays),
    batch: {
      images: tf.tensor(bytes, [count, ...context.imageShape], 'int32'),
      labels: tf.tensor1d(labels, 'int32'),
      ...(noiseShape === undefined ? {} : { noise: tf.tensor(noise, shape) }),
    },
    reference: {
      batch: {
        pixels: Float64Array.from(bytes, (pixel) => pixel / 255),
        labels,
        noise: Float64Array.from(noise),
      },
      frozen: float64(frozenArrays),
    },
  };
}

/** The state that training starts from: no moments yet. */
function startOf({ model, parameters }: Case): StepState {
  const zeros = Object.fromEntries(model.parameters.map(({ name, shape }) => [name, tf.zeros([...shape])]));
  return { parameters, moments: { m: zeros, v: zeros } };
}

function scalesOf(step: number, options: AdamOptions = adamDefaults): StepScales {
  const { stepSize, secondScale, keep } = adamScales(step, 1e-3, options);
  return {
    stepSize: tf.scalar(stepSize),
    secondScale: tf.scalar(secondScale),
    keep: tf.scalar(keep),
    averageRest: tf.scalar(0.25),
  };
}

function float64(arrays: Arrays): ReferenceParameters {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => [name, Float64Array.from(values)]),
  );
}

const valueOf = (tensor: tf.Tensor): number => tensor.dataSync()[0];

function equalBytes(tensor: tf.Tensor, other: tf.Tensor | Float32Array): boolean {
  const [a, b] = [tensor.dataSync(), other instanceof Float32Array ? other : other.dataSync()];
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}

test('scalePixels maps 0…255 to [0, 1] as float32', () => {
  const scaled = scalePixels(tf.tensor1d([0, 51, 255], 'int32'));
  expect(scaled.dtype).toBe('float32');
  expect([...scaled.dataSync()]).toEqual([0, Math.fround(0.2), 1]);
});

/** The smallest of each family. */
const trainable = [
  ...['basic-3-h8', 'basic-3-h8-linear', 'deeper-4', 'deeper-4-linear', 'tied-5', 'denoising-6'],
  ...['aware-3', 'vae-4', 'conv-3', 'cnn'],
];

test('every family that is trained is among them', () => {
  const families = new Set(trainable.map((id) => id.split('-')[0]));
  expect([...families, 'pca'].sort()).toEqual(modelFamilies.map(({ name }) => name).sort());
});

describe.each(trainable)('%s', (id) => {
  test('has the loss that plain loops compute in float64', () => {
    const { model, training, arrays, parameters, batch, reference } = prepare(id);
    const expected = referenceLoss(model, float64(arrays), reference.batch, reference.frozen);
    expect(Math.abs(valueOf(batchLoss(training, parameters, batch)) / expected - 1)).toBeLessThan(1e-6);
    expect(valueOf(lossAndGradients(training, parameters, batch).loss)).toBe(
      valueOf(batchLoss(training, parameters, batch)),
    );
  });

  test('has gradients that agree with directional differences in float64, parameter by parameter', () => {
    const { model, training, arrays, parameters, batch, reference } = prepare(id);
    const { gradients } = lossAndGradients(training, parameters, batch);
    expect(Object.keys(gradients)).toEqual(model.parameters.map(({ name }) => name));
    for (const { name, shape } of model.parameters) {
      expect(gradients[name].shape).toEqual([...shape]);
      const gradient = gradients[name].dataSync<'float32'>();
      const stream = randomStream(1, `direction:${name}`);
      const direction = Float64Array.from(gradient, () => stream.nextNormal());
      const at = (distance: number): number => {
        const values = float64(arrays);
        const moved = values[name].map((value, i) => value + distance * direction[i]);
        return referenceLoss(model, { ...values, [name]: moved }, reference.batch, reference.frozen);
      };
      const expected = (at(1e-6) - at(-1e-6)) / 2e-6;
      const actual = direction.reduce((sum, part, i) => sum + part * gradient[i], 0);
      // The gradient's length is the standard deviation of what random directions give.
      const length = Math.sqrt(gradient.reduce((sum, part) => sum + part ** 2, 0));
      expect(length, name).toBeGreaterThan(0);
      expect(Math.abs(actual - expected) / length, name).toBeLessThan(1e-5);
    }
  });

  test('takes train steps that are its gradients put through Adam, and change none of their inputs', () => {
    const prepared = prepare(id);
    const { model, training, arrays, parameters, batch } = prepared;
    const start = startOf(prepared);
    const scales = scalesOf(1);
    const step = trainStep(training, start, batch, scales, adamDefaults);
    const { loss, gradients } = lossAndGradients(training, parameters, batch);
    const expected = adamStep(parameters, gradients, start.moments, scales, adamDefaults);
    expect(step.average).toBeUndefined();
    expect(valueOf(step.loss)).toBe(valueOf(loss));
    for (const { name } of model.parameters) {
      expect(equalBytes(step.parameters[name], expected.parameters[name]), name).toBe(true);
      expect(equalBytes(step.moments.m[name], expected.moments.m[name]), name).toBe(true);
      expect(equalBytes(step.moments.v[name], expected.moments.v[name]), name).toBe(true);
      expect(equalBytes(step.parameters[name], arrays[name]), name).toBe(false);
      expect(equalBytes(parameters[name], arrays[name]), name).toBe(true);
      expect(start.moments.m[name].dataSync().every((value) => value === 0)).toBe(true);
    }
  });

  test('loses less with every step on the same batch', () => {
    const prepared = prepare(id);
    let state = startOf(prepared);
    const losses = [1, 2, 3, 4].map((step) => {
      const next = trainStep(prepared.training, state, prepared.batch, scalesOf(step), adamDefaults);
      state = next;
      return valueOf(next.loss);
    });
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses[3]).toBeLessThan(losses[0]);
  });
});

test('the average moves towards the parameters that a step ends with', () => {
  const prepared = prepare('basic-3-h8');
  const average = Object.fromEntries(
    prepared.model.parameters.map(({ name, shape }) => [name, tf.ones([...shape])]),
  );
  const start = { ...startOf(prepared), average };
  const scales = scalesOf(1);
  const step = trainStep(prepared.training, start, prepared.batch, scales, adamDefaults);
  const expected = averageStep(average, step.parameters, scales.averageRest);
  for (const { name } of prepared.model.parameters) {
    expect(equalBytes(step.average![name], expected[name]), name).toBe(true);
    expect(equalBytes(step.average![name], average[name]), name).toBe(false);
  }
});

test('weight decay and the limit on gradients reach the step', () => {
  const prepared = prepare('basic-3-h8');
  const step = (options: AdamOptions) =>
    trainStep(prepared.training, startOf(prepared), prepared.batch, scalesOf(1, options), options);
  const name = 'decoder/pixels/kernel';
  const plain = step(adamDefaults);
  const decayed = step({ ...adamDefaults, weightDecay: 100 });
  const difference = tf.sub(plain.parameters[name], decayed.parameters[name]).dataSync();
  prepared.arrays[name].forEach((value, i) => {
    expect(difference[i]).toBeCloseTo(0.1 * value, 6);
  });
  const clipped = step({ ...adamDefaults, gradientClip: 1e-3 });
  const squares = Object.values(clipped.moments.m).map((mean) => valueOf(tf.sum(tf.square(mean))));
  const norm = Math.sqrt(squares.reduce((a, b) => a + b));
  expect(norm).toBeCloseTo(0.1 * 1e-3, 6);
});

test('labels decide the loss of a classifier and are nothing to a codec', () => {
  const other = tf.tensor1d([1, 1, 1, 0, 0], 'int32');
  for (const [id, depends] of [
    ['cnn', true],
    ['basic-3-h8', false],
  ] as const) {
    const { training, parameters, batch } = prepare(id);
    const losses = [batch, { ...batch, labels: other }].map((one) =>
      valueOf(batchLoss(training, parameters, one)),
    );
    expect(losses[0] !== losses[1]).toBe(depends);
  }
});
