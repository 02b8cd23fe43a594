import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamDefaults, adamScales, adamStep, type AdamMoments, type AdamOptions } from './adam.ts';
import type { Parameters } from './model.ts';

beforeAll(() => tf.setBackend('cpu'));

const settings: readonly AdamOptions[] = [
  adamDefaults,
  { learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
  { learningRate: 1e-2, beta1: 0, beta2: 0, epsilon: 1e-8 },
];

describe('adamScales', () => {
  test('the defaults are those of the paper', () => {
    expect(adamDefaults).toEqual({ learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  });

  test('are learningRate/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ)', () => {
    const options = { learningRate: 2, beta1: 0.5, beta2: 0.75, epsilon: 1 };
    expect(adamScales(1, options)).toEqual({ stepSize: 4, secondScale: 4 });
    expect(adamScales(2, options)).toEqual({ stepSize: 2 / 0.75, secondScale: 1 / 0.4375 });
    expect(adamScales(100_000, options)).toEqual({ stepSize: 2, secondScale: 1 });
  });

  test.each([1, 2, 10, 1000])('undo the bias of moments that decay in float32, at step %d', (steps) => {
    let [mean, square] = [0, 0];
    const keep = [Math.fround(0.9), Math.fround(0.999)];
    for (let step = 0; step < steps; step++) {
      mean = mean * keep[0] + 3 * (1 - keep[0]);
      square = square * keep[1] + 9 * (1 - keep[1]);
    }
    const { stepSize, secondScale } = adamScales(steps, adamDefaults);
    expect(Math.abs((mean * stepSize) / adamDefaults.learningRate / 3 - 1)).toBeLessThan(1e-9);
    expect(Math.abs((square * secondScale) / 9 - 1)).toBeLessThan(1e-9);
  });
});

/** Gradients of several steps: of ordinary sizes, tiny, zero, and changing sign. */
const steps = 6;
const shape = [3, 4];
const start = Float64Array.from({ length: 12 }, (_, i) => Math.fround((i - 6) / 4));
const gradientsAt = (step: number): Float32Array => {
  const stream = randomStream(11, 'gradients', step);
  return Float32Array.from({ length: 12 }, (_, i) => (i === 0 ? 0 : stream.nextNormal() * 10 ** -(i % 6)));
};

interface Values {
  readonly parameters: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** Adam as the paper has it, in float64, with betas as float32 holds them. */
function referenceSteps({ learningRate, beta1, beta2, epsilon }: AdamOptions): Values[] {
  const [b1, b2] = [Math.fround(beta1), Math.fround(beta2)];
  const [parameters, m, v] = [start.slice(), new Float64Array(12), new Float64Array(12)];
  return Array.from({ length: steps }, (_, i) => {
    gradientsAt(i + 1).forEach((gradient, k) => {
      m[k] = b1 * m[k] + (1 - b1) * gradient;
      v[k] = b2 * v[k] + (1 - b2) * gradient * gradient;
      const mean = m[k] / (1 - b1 ** (i + 1));
      const square = v[k] / (1 - b2 ** (i + 1));
      parameters[k] -= (learningRate * mean) / (Math.sqrt(square) + epsilon);
    });
    return { parameters: parameters.slice(), m: m.slice(), v: v.slice() };
  });
}

/** Takes one step on the parameter `w`. */
function take(step: number, parameters: Parameters, moments: AdamMoments, options: AdamOptions) {
  const { stepSize, secondScale } = adamScales(step, options);
  const scales = { stepSize: tf.scalar(stepSize), secondScale: tf.scalar(secondScale) };
  return adamStep(parameters, { w: tf.tensor(gradientsAt(step), shape) }, moments, scales, options);
}

const zeros = (): AdamMoments => ({ m: { w: tf.zeros(shape) }, v: { w: tf.zeros(shape) } });
const startTensor = (): Parameters => ({ w: tf.tensor(Float32Array.from(start), shape) });

/** The largest difference, each relative to its value or to `floor` where that is larger. */
function largestError(actual: tf.Tensor, expected: ArrayLike<number>, floor: number): number {
  const errors = [...actual.dataSync()].map(
    (value, i) => Math.abs(value - expected[i]) / Math.max(Math.abs(expected[i]), floor),
  );
  return Math.max(...errors);
}

describe.each(settings)('adamStep with %o', (options) => {
  test('agrees with the formula in float64 over six steps, moments included', () => {
    let parameters = startTensor();
    let moments = zeros();
    for (const [i, expected] of referenceSteps(options).entries()) {
      ({ parameters, moments } = take(i + 1, parameters, moments, options));
      // Some roundings of 6e-8 each.
      expect(largestError(parameters['w'], expected.parameters, options.learningRate)).toBeLessThan(2e-6);
      expect(largestError(moments.m['w'], expected.m, 1e-9)).toBeLessThan(2e-6);
      expect(largestError(moments.v['w'], expected.v, 1e-20)).toBeLessThan(2e-6);
    }
  });

  test('agrees with tf.train.adam', () => {
    const { learningRate, beta1, beta2, epsilon } = options;
    const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
    const variable = tf.variable(startTensor()['w']);
    let parameters = startTensor();
    let moments = zeros();
    for (let step = 1; step <= steps; step++) {
      optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor(gradientsAt(step), shape) }]);
      ({ parameters, moments } = take(step, parameters, moments, options));
    }
    // tfjs keeps the powers of the betas in float32, which costs it some digits of 1 − β₂ᵗ.
    const moved = Math.max(...parameters['w'].sub(startTensor()['w']).abs().dataSync());
    const difference = Math.max(...parameters['w'].sub(variable).abs().dataSync());
    expect(moved).toBeGreaterThan(options.learningRate);
    expect(difference / moved).toBeLessThan(1e-4);
    variable.dispose();
    optimizer.dispose();
  });
});

test('a gradient of zero from the start moves nothing', () => {
  const { parameters } = take(1, startTensor(), zeros(), adamDefaults);
  expect(parameters['w'].dataSync()[0]).toBe(start[0]);
});

test('the first step is as long as the learning rate, whatever the gradient', () => {
  const { parameters } = take(1, startTensor(), zeros(), { ...adamDefaults, epsilon: 1e-20 });
  const gradient = gradientsAt(1);
  parameters['w'].dataSync().forEach((value, i) => {
    if (i > 0) expect(value - start[i]).toBeCloseTo(-1e-3 * Math.sign(gradient[i]), 6);
  });
});

test('is pure: what it is given stays as it was', () => {
  const parameters = startTensor();
  const moments = zeros();
  const first = take(1, parameters, moments, adamDefaults);
  const second = take(1, parameters, moments, adamDefaults);
  expect([...parameters['w'].dataSync()]).toEqual([...start]);
  expect([...moments.m['w'].dataSync(), ...moments.v['w'].dataSync()]).toEqual(Array<number>(24).fill(0));
  expect([...second.parameters['w'].dataSync()]).toEqual([...first.parameters['w'].dataSync()]);
});
