import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamDefaults, adamScales, adamStep } from './adam.ts';
import { findModel } from './model-table.ts';
import type { Model, Parameters } from './model.ts';
import { drawnParameters } from './testing/drawn-parameters.ts';
import { referenceLoss, type ReferenceParameters } from './testing/reference-model.ts';
import { batchLoss, lossAndGradients, scalePixels, trainStep, type Batch } from './train-step.ts';

beforeAll(() => tf.setBackend('cpu'));

const context = { imageShape: [7, 6, 1], classes: 4 } as const;
const count = 5;
const bytes = Uint8Array.from({ length: count * 42 }, (_, i) => (i * 101 + (i >> 3)) % 256);
const labels = [0, 3, 1, 1, 2];

interface Case {
  readonly model: Model;
  readonly arrays: Readonly<Record<string, Float32Array>>;
  readonly parameters: Parameters;
  readonly batch: Batch;
}

function prepare(id: string): Case {
  const { model } = findModel(id, context)!;
  const arrays = drawnParameters(model, 2);
  const parameters = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name].slice(), [...shape])]),
  );
  const images = tf.tensor(Int32Array.from(bytes), [count, ...context.imageShape], 'int32');
  return { model, arrays, parameters, batch: { images, labels: tf.tensor1d(labels, 'int32') } };
}

const referenceBatch = { pixels: Float64Array.from(bytes, (pixel) => pixel / 255), labels };

function float64({ arrays }: Case): ReferenceParameters {
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

test('PCA has no loss to train on', () => {
  const { model, parameters, batch } = prepare('pca-3');
  const complaint = new TypeError('Cannot train "pca-3": PCA has no gradient steps; fit it instead.');
  expect(() => batchLoss(model, parameters, batch)).toThrow(complaint);
  expect(() => lossAndGradients(model, parameters, batch)).toThrow(complaint);
});

describe.each(['basic-3-h8', 'deeper-4', 'cnn'])('%s', (id) => {
  test('has the loss that plain loops compute in float64', () => {
    const prepared = prepare(id);
    const { model, parameters, batch } = prepared;
    const expected = referenceLoss(model, float64(prepared), referenceBatch);
    expect(Math.abs(valueOf(batchLoss(model, parameters, batch)) / expected - 1)).toBeLessThan(1e-6);
    expect(valueOf(lossAndGradients(model, parameters, batch).loss)).toBe(
      valueOf(batchLoss(model, parameters, batch)),
    );
  });

  test('has gradients that agree with directional differences in float64, parameter by parameter', () => {
    const prepared = prepare(id);
    const { model, parameters, batch } = prepared;
    const { gradients } = lossAndGradients(model, parameters, batch);
    expect(Object.keys(gradients)).toEqual(model.parameters.map(({ name }) => name));
    for (const { name, shape } of model.parameters) {
      expect(gradients[name].shape).toEqual([...shape]);
      const gradient = gradients[name].dataSync<'float32'>();
      const stream = randomStream(1, `direction:${name}`);
      const direction = Float64Array.from(gradient, () => stream.nextNormal());
      const at = (distance: number): number => {
        const values = float64(prepared);
        const moved = values[name].map((value, i) => value + distance * direction[i]);
        return referenceLoss(model, { ...values, [name]: moved }, referenceBatch);
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
    const { model, arrays, parameters, batch } = prepare(id);
    const zeros = Object.fromEntries(model.parameters.map(({ name, shape }) => [name, tf.zeros([...shape])]));
    const { stepSize, secondScale } = adamScales(1, adamDefaults);
    const scales = { stepSize: tf.scalar(stepSize), secondScale: tf.scalar(secondScale) };
    const moments = { m: zeros, v: zeros };
    const step = trainStep(model, parameters, moments, batch, scales, adamDefaults);
    const { loss, gradients } = lossAndGradients(model, parameters, batch);
    const expected = adamStep(parameters, gradients, moments, scales, adamDefaults);
    expect(valueOf(step.loss)).toBe(valueOf(loss));
    for (const { name } of model.parameters) {
      expect(equalBytes(step.parameters[name], expected.parameters[name]), name).toBe(true);
      expect(equalBytes(step.moments.m[name], expected.moments.m[name]), name).toBe(true);
      expect(equalBytes(step.moments.v[name], expected.moments.v[name]), name).toBe(true);
      expect(equalBytes(step.parameters[name], arrays[name]), name).toBe(false);
      expect(equalBytes(parameters[name], arrays[name]), name).toBe(true);
      expect(zeros[name].dataSync().every((value) => value === 0)).toBe(true);
    }
  });

  test('loses less with every step on the same batch', () => {
    const { model, parameters: start, batch } = prepare(id);
    const zeros = Object.fromEntries(model.parameters.map(({ name, shape }) => [name, tf.zeros([...shape])]));
    let state = { parameters: start, moments: { m: zeros, v: zeros } };
    const losses = [1, 2, 3, 4].map((step) => {
      const { stepSize, secondScale } = adamScales(step, adamDefaults);
      const scales = { stepSize: tf.scalar(stepSize), secondScale: tf.scalar(secondScale) };
      const next = trainStep(model, state.parameters, state.moments, batch, scales, adamDefaults);
      state = next;
      return valueOf(next.loss);
    });
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses[3]).toBeLessThan(losses[0]);
  });
});

test('labels decide the loss of a classifier and are nothing to a codec', () => {
  const other = tf.tensor1d([1, 1, 1, 0, 0], 'int32');
  for (const [id, depends] of [
    ['cnn', true],
    ['basic-3-h8', false],
  ] as const) {
    const { model, parameters, batch } = prepare(id);
    const losses = [batch, { ...batch, labels: other }].map((one) =>
      valueOf(batchLoss(model, parameters, one)),
    );
    expect(losses[0] !== losses[1]).toBe(depends);
  }
});
