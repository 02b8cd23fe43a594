import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adamDefaults,
  adamScales,
  adamStep,
  averageStep,
  clipFactor,
  type AdamMoments,
  type AdamOptions,
} from './adam.ts';
import type { Parameters } from './model.ts';

beforeAll(() => tf.setBackend('cpu'));

/** The options and the step size that these tests take with them. */
type Settings = AdamOptions & { readonly learningRate: number };

const plain: Settings = { ...adamDefaults, learningRate: 1e-3 };

const settings: readonly Settings[] = [
  plain,
  { ...plain, learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
  { ...plain, learningRate: 1e-2, beta1: 0, beta2: 0 },
];

/** The norms of these tests' gradients are 0.3 to 1.4: one limit shortens all, one some, one none of them. */
const decoupledSettings: readonly Settings[] = [
  { ...plain, learningRate: 0.1, weightDecay: 0.5 },
  ...[0.01, 0.5, 100].map((gradientClip) => ({ ...plain, gradientClip })),
  { learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, gradientClip: 0.5 },
];

describe('adamScales', () => {
  test('the defaults are those of the paper, without decay and clipping', () => {
    expect(adamDefaults).toEqual({
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      gradientClip: 0,
    });
  });

  test('are learningRate/(1 − β₁ᵗ), 1/(1 − β₂ᵗ) and 1 − learningRate·λ', () => {
    const options = { ...adamDefaults, beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 0.125 };
    expect(adamScales(1, 2, options)).toEqual({ stepSize: 4, secondScale: 4, keep: 0.75 });
    expect(adamScales(2, 2, options)).toEqual({ stepSize: 2 / 0.75, secondScale: 1 / 0.4375, keep: 0.75 });
    expect(adamScales(100_000, 2, options)).toEqual({ stepSize: 2, secondScale: 1, keep: 0.75 });
    expect(adamScales(1, 4, { ...options, weightDecay: 0 })).toEqual({
      stepSize: 8,
      secondScale: 4,
      keep: 1,
    });
  });

  test('a learning rate of 0 moves nothing and decays nothing', () => {
    expect(adamScales(3, 0, { ...adamDefaults, weightDecay: 0.5 })).toMatchObject({ stepSize: 0, keep: 1 });
  });

  test.each([1, 2, 10, 1000])('undo the bias of moments that decay in float32, at step %d', (steps) => {
    let [mean, square] = [0, 0];
    const keep = [Math.fround(0.9), Math.fround(0.999)];
    for (let step = 0; step < steps; step++) {
      mean = mean * keep[0] + 3 * (1 - keep[0]);
      square = square * keep[1] + 9 * (1 - keep[1]);
    }
    const { stepSize, secondScale } = adamScales(steps, 0.25, adamDefaults);
    expect(Math.abs((mean * stepSize) / 0.25 / 3 - 1)).toBeLessThan(1e-9);
    expect(Math.abs((square * secondScale) / 9 - 1)).toBeLessThan(1e-9);
  });
});

describe('clipFactor', () => {
  test('shortens what is longer than the limit to it, and leaves what is shorter', () => {
    expect(clipFactor(5, 1) * 5).toBeCloseTo(1, 6);
    expect(clipFactor(5, 1)).toBe(1 / (5 + 1e-6));
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(0, 1)).toBe(1);
    expect(clipFactor(Infinity, 1)).toBe(0);
    expect(clipFactor(NaN, 1)).toBeNaN();
  });
});

/** Gradients of several steps, of two parameters: of ordinary sizes, tiny, zero, and changing sign. */
const steps = 6;
const shapes = { w: [3, 4], b: [5] } as const;
type Name = keyof typeof shapes;
const names = Object.keys(shapes) as Name[];
const sizes = { w: 12, b: 5 } as const;
const start: Readonly<Record<Name, Float64Array>> = {
  w: Float64Array.from({ length: 12 }, (_, i) => Math.fround((i - 6) / 4)),
  b: Float64Array.from({ length: 5 }, (_, i) => Math.fround(i / 3)),
};
const gradientsAt = (step: number, name: Name): Float32Array => {
  const stream = randomStream(11, `gradients:${name}`, step);
  return Float32Array.from({ length: sizes[name] }, (_, i) =>
    i === 0 ? 0 : stream.nextNormal() * 10 ** -(i % 6),
  );
};

type Arrays = Record<Name, Float64Array>;
interface Values {
  readonly parameters: Arrays;
  readonly m: Arrays;
  readonly v: Arrays;
}

const each = (make: (name: Name) => Float64Array): Arrays => ({ w: make('w'), b: make('b') });

/** AdamW behind a limit on the gradients' norm, as the papers have them, in float64, with betas as float32 holds them. */
function referenceSteps(options: Settings): Values[] {
  const { learningRate, epsilon, weightDecay, gradientClip } = options;
  const [b1, b2] = [Math.fround(options.beta1), Math.fround(options.beta2)];
  const parameters = each((name) => start[name].slice());
  const [m, v] = [
    each((name) => new Float64Array(sizes[name])),
    each((name) => new Float64Array(sizes[name])),
  ];
  return Array.from({ length: steps }, (_, i) => {
    let squares = 0;
    for (const name of names) for (const g of gradientsAt(i + 1, name)) squares += g * g;
    const norm = Math.sqrt(squares);
    // The paper's factor has no 10⁻⁶; PyTorch's has.
    const factor = gradientClip === 0 ? 1 : Math.min(1, gradientClip / (norm + 1e-6));
    for (const name of names) {
      gradientsAt(i + 1, name).forEach((raw, k) => {
        const gradient = raw * factor;
        m[name][k] = b1 * m[name][k] + (1 - b1) * gradient;
        v[name][k] = b2 * v[name][k] + (1 - b2) * gradient * gradient;
        const mean = m[name][k] / (1 - b1 ** (i + 1));
        const square = v[name][k] / (1 - b2 ** (i + 1));
        parameters[name][k] -=
          learningRate * (weightDecay * parameters[name][k] + mean / (Math.sqrt(square) + epsilon));
      });
    }
    const copy = (arrays: Arrays): Arrays => each((name) => arrays[name].slice());
    return { parameters: copy(parameters), m: copy(m), v: copy(v) };
  });
}

/** Takes one step on both parameters. */
function take(step: number, parameters: Parameters, moments: AdamMoments, options: Settings) {
  const { stepSize, secondScale, keep } = adamScales(step, options.learningRate, options);
  const scales = {
    stepSize: tf.scalar(stepSize),
    secondScale: tf.scalar(secondScale),
    keep: tf.scalar(keep),
  };
  const gradients = tensors((name) => gradientsAt(step, name));
  return adamStep(parameters, gradients, moments, scales, options);
}

const tensors = (values: (name: Name) => Float32Array): Parameters =>
  Object.fromEntries(names.map((name) => [name, tf.tensor(values(name), [...shapes[name]])]));
const zeros = (): AdamMoments => {
  const none = (): Parameters => tensors((name) => new Float32Array(sizes[name]));
  return { m: none(), v: none() };
};
const startTensors = (): Parameters => tensors((name) => Float32Array.from(start[name]));

/** The largest difference, each relative to its value or to `floors` where that is larger. */
function largestError(actual: Parameters, expected: Arrays, floors: Arrays): number {
  const errors = names.flatMap((name) =>
    [...actual[name].dataSync()].map((value, i) => {
      const scale = Math.max(Math.abs(expected[name][i]), floors[name][i], 1e-20);
      return Math.abs(value - expected[name][i]) / scale;
    }),
  );
  return Math.max(...errors);
}

describe.each([...settings, ...decoupledSettings])('adamStep with %o', (options) => {
  test('agrees with the formula in float64 over six steps, moments included', () => {
    let parameters = startTensors();
    let moments = zeros();
    for (const [i, expected] of referenceSteps(options).entries()) {
      ({ parameters, moments } = take(i + 1, parameters, moments, options));
      const rates = each((name) => new Float64Array(sizes[name]).fill(options.learningRate));
      // Means of gradients of either sign nearly cancel; their roundings are those of the gradients' size.
      const gradientSizes = each((name) => expected.v[name].map(Math.sqrt));
      // Some roundings of 6e-8 each.
      expect(largestError(parameters, expected.parameters, rates)).toBeLessThan(2e-6);
      expect(largestError(moments.m, expected.m, gradientSizes)).toBeLessThan(2e-6);
      expect(largestError(moments.v, expected.v, expected.v)).toBeLessThan(2e-6);
    }
  });
});

describe.each(settings)('adamStep with %o, without decay and clipping', (options) => {
  test('agrees with tf.train.adam', () => {
    const { learningRate, beta1, beta2, epsilon } = options;
    const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
    const variable = tf.variable(startTensors()['w']);
    let parameters = startTensors();
    let moments = zeros();
    for (let step = 1; step <= steps; step++) {
      const gradient = tf.tensor(gradientsAt(step, 'w'), [...shapes.w]);
      optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
      ({ parameters, moments } = take(step, parameters, moments, options));
    }
    // tfjs keeps the powers of the betas in float32, which costs it some digits of 1 − β₂ᵗ.
    const moved = Math.max(...parameters['w'].sub(startTensors()['w']).abs().dataSync());
    const difference = Math.max(...parameters['w'].sub(variable).abs().dataSync());
    expect(moved).toBeGreaterThan(options.learningRate);
    expect(difference / moved).toBeLessThan(1e-4);
    variable.dispose();
    optimizer.dispose();
  });
});

test('a gradient of zero from the start moves nothing', () => {
  const { parameters } = take(1, startTensors(), zeros(), plain);
  expect(parameters['w'].dataSync()[0]).toBe(start.w[0]);
});

test('weight decay shrinks a parameter without a gradient, by the learning rate times λ', () => {
  const { parameters, moments } = take(1, startTensors(), zeros(), {
    ...plain,
    learningRate: 0.5,
    weightDecay: 0.25,
  });
  expect(parameters['w'].dataSync()[0]).toBe(start.w[0] * 0.875);
  // Decoupled: the moments know nothing of it.
  expect(moments.m['w'].dataSync()[0]).toBe(0);
});

test('the first step is as long as the learning rate, whatever the gradient', () => {
  const { parameters } = take(1, startTensors(), zeros(), { ...plain, epsilon: 1e-20 });
  const gradient = gradientsAt(1, 'w');
  parameters['w'].dataSync().forEach((value, i) => {
    if (i > 0) expect(value - start.w[i]).toBeCloseTo(-1e-3 * Math.sign(gradient[i]), 6);
  });
});

test('clipping shortens all gradients by one factor, so that their direction stays', () => {
  const clipped = take(1, startTensors(), zeros(), { ...plain, gradientClip: 0.01 });
  const norm = Math.hypot(...names.flatMap((name) => [...gradientsAt(1, name)]));
  expect(norm).toBeGreaterThan(0.1);
  for (const name of names) {
    clipped.moments.m[name].dataSync().forEach((mean, i) => {
      const expected = (1 - Math.fround(0.9)) * clipFactor(norm, 0.01) * gradientsAt(1, name)[i];
      expect(Math.abs(mean - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected));
    });
  }
});

test('is pure: what it is given stays as it was', () => {
  const parameters = startTensors();
  const moments = zeros();
  const options = { ...plain, weightDecay: 0.1, gradientClip: 0.1 };
  const first = take(1, parameters, moments, options);
  const second = take(1, parameters, moments, options);
  expect([...parameters['w'].dataSync()]).toEqual([...start.w]);
  expect([...moments.m['w'].dataSync(), ...moments.v['w'].dataSync()]).toEqual(Array<number>(24).fill(0));
  expect([...second.parameters['w'].dataSync()]).toEqual([...first.parameters['w'].dataSync()]);
});

describe('averageStep', () => {
  test('moves the average by 1 − decay of the way to the parameters', () => {
    const average = { w: tf.tensor1d([0, 1, -2]), b: tf.scalar(4) };
    const parameters = { w: tf.tensor1d([8, 1, 2]), b: tf.scalar(0) };
    const next = averageStep(average, parameters, tf.scalar(0.25));
    expect([...next['w'].dataSync()]).toEqual([2, 1, -1]);
    expect([...next['b'].dataSync()]).toEqual([3]);
    expect([...average.w.dataSync()]).toEqual([0, 1, -2]);
  });

  test('a rest of 1 forgets all that was, and one of 0 keeps it', () => {
    const [average, parameters] = [{ w: tf.tensor1d([3, 5]) }, { w: tf.tensor1d([1, -2]) }];
    expect([...averageStep(average, parameters, tf.scalar(1))['w'].dataSync()]).toEqual([1, -2]);
    expect([...averageStep(average, parameters, tf.scalar(0))['w'].dataSync()]).toEqual([3, 5]);
  });

  test('of many steps is the weighted mean ∑ (1 − d)·dᵏ·θₙ₋ₖ, in float64', () => {
    const rest = Math.fround(0.1);
    let average: Parameters = { w: tf.tensor1d([0.5]) };
    let expected = 0.5;
    for (let step = 1; step <= 40; step++) {
      const value = gradientsAt(step, 'w')[6];
      average = averageStep(average, { w: tf.tensor1d([value]) }, tf.scalar(rest));
      expected = (1 - rest) * expected + rest * value;
    }
    expect(Math.abs(average['w'].dataSync()[0] - expected)).toBeLessThan(1e-6);
  });
});
