import { adamDefaults, type Model } from '@narrows/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Split } from '../data/dataset.ts';
import { loadMnist } from '../data/mnist.ts';
import { mnistModel, stateBytes, trainOnBatches } from '../testing/training-batches.ts';
import { initialProgress } from '../train-model.ts';
import type { TrainingSession, TrainingState } from './engine.ts';
import { trainWithFusedAdam } from './fused-adam-training.ts';
import { tfjsEngine } from './tfjs-engine.ts';
import { trainWholeStep } from './whole-step-training.ts';

/**
 * How far apart float32 roundings may take two ways through three steps. Losses: relative. Moments: relative to the
 * largest of their parameter. Parameters: what training moved them by, both as root mean square over a parameter, and
 * single values in learning rates: Adam divides a gradient that is nearly zero by its own size, and so turns its rounding
 * into a part of a full step.
 */
const tolerance = { loss: 1e-6, moment: 2e-5, parameter: 1e-4, weakest: 0.2 };

const cpu = { device: 'cpu', threads: 1 } as const;
const optimizer = { ...adamDefaults, learningRate: 2e-3 };

type Start = (model: Model, state: TrainingState) => Promise<TrainingSession> | TrainingSession;

const ways: Readonly<Record<string, Start>> = {
  'the eager step on tfjs cpu': (model, state) =>
    tfjsEngine({ backend: 'cpu', device: 'cpu' }).startTraining(model, state, optimizer),
  'the whole step compiled': (model, state) => trainWholeStep(model, state, optimizer, cpu),
  'compiled gradients and Adam in WebAssembly': (model, state) =>
    trainWithFusedAdam(model, state, optimizer, cpu),
};
const [eager, ...compiled] = Object.entries(ways);

let train: Split;
beforeAll(async () => {
  ({ train } = await loadMnist());
});

const run = async (
  start: Start,
  model: Model,
  sizes: readonly number[],
  state = initialProgress(model, 3).state,
) => trainOnBatches(await start(model, state), train, sizes);

// The last batch is smaller, as that of an epoch is.
describe.each([
  ['basic-4', [16, 16, 7]],
  ['deeper-4', [8, 8, 3]],
  ['cnn', [3, 3, 2]],
])('three steps of %s', (id, sizes) => {
  const model = mnistModel(id);
  const start = initialProgress(model, 3).state;
  let expected: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    expected = await run(eager[1], model, sizes);
  });

  test.each(compiled)('%s agree with tfjs in losses, parameters and moments', async (_, way) => {
    const { losses, state } = await run(way, model, sizes);
    expect(state.step).toBe(3);
    expect(losses).toHaveLength(3);
    losses.forEach((loss, i) => {
      expect(Math.abs(loss / expected.losses[i] - 1)).toBeLessThan(tolerance.loss);
    });
    for (const { name } of model.parameters) {
      for (const group of ['m', 'v'] as const) {
        const difference = largest(minus(state[group][name], expected.state[group][name]));
        const size = largest(expected.state[group][name]);
        expect(size, `${group} of ${name}`).toBeGreaterThan(0);
        expect(difference / size, `${group} of ${name}`).toBeLessThan(tolerance.moment);
      }
      const moved = rootMeanSquare(minus(expected.state.parameters[name], start.parameters[name]));
      const difference = minus(state.parameters[name], expected.state.parameters[name]);
      expect(moved, name).toBeGreaterThan(optimizer.learningRate / 100);
      expect(rootMeanSquare(difference) / moved, name).toBeLessThan(tolerance.parameter);
      expect(largest(difference) / optimizer.learningRate, name).toBeLessThan(tolerance.weakest);
    }
  });

  test.each(compiled)('%s give the same bytes when they are taken again', async (_, way) => {
    const [first, second] = [await run(way, model, sizes), await run(way, model, sizes)];
    expect(stateBytes(second.state).equals(stateBytes(first.state))).toBe(true);
    expect(second.losses).toEqual(first.losses);
  });

  test.each(compiled)('%s give the same bytes in one go and in two', async (_, way) => {
    const whole = await run(way, model, sizes);
    const begun = await run(way, model, sizes.slice(0, 1));
    const session = await way(model, begun.state);
    const rest = {
      images: train.images.subarray(sizes[0] * 784),
      labels: train.labels.subarray(sizes[0]),
      count: train.count - sizes[0],
    };
    const { state } = await trainOnBatches(session, rest, sizes.slice(1));
    expect(stateBytes(state).equals(stateBytes(whole.state))).toBe(true);
  });
});

test('two threads give the same bytes when the steps are taken again', async () => {
  const model = mnistModel('basic-4');
  const two: Start = (given, state) =>
    trainWithFusedAdam(given, state, optimizer, { device: 'cpu', threads: 2 });
  const [first, second] = [await run(two, model, [64, 64, 32]), await run(two, model, [64, 64, 32])];
  expect(stateBytes(second.state).equals(stateBytes(first.state))).toBe(true);
});

describe.each(Object.entries(ways))('%s', (_, way) => {
  test('neither changes the state it began with nor depends on it or on copies that it gave', async () => {
    const model = mnistModel('basic-2-h8');
    const sizes = [4, 4, 3];
    const expected = await run(way, model, sizes);
    const start = initialProgress(model, 3).state;
    const session = await way(model, start);
    const first = train.images.subarray(0, 4 * 784);
    await session.step(first, train.labels.subarray(0, 4), 4);
    expect(stateBytes(start).equals(stateBytes(initialProgress(model, 3).state))).toBe(true);
    spoil(start);
    spoil(await session.state());
    const rest = {
      images: train.images.subarray(4 * 784),
      labels: train.labels.subarray(4),
      count: train.count - 4,
    };
    const { state } = await trainOnBatches(session, rest, sizes.slice(1));
    expect(stateBytes(state).equals(stateBytes(expected.state))).toBe(true);

    const unbegun = initialProgress(model, 3).state;
    const second = await way(model, unbegun);
    spoil(unbegun);
    const again = await trainOnBatches(second, train, sizes);
    expect(stateBytes(again.state).equals(stateBytes(expected.state))).toBe(true);
  });
});

test('the eager step leaves no tensors behind', async () => {
  const model = mnistModel('basic-2-h8');
  const before = tf.memory().numTensors;
  const { losses } = await run(eager[1], model, [4, 4, 3]);
  expect(losses).toHaveLength(3);
  expect(tf.memory().numTensors).toBe(before);
});

function spoil({ parameters, m, v }: TrainingState): void {
  for (const array of [parameters, m, v].flatMap((group) => Object.values(group))) array.fill(NaN);
}

function minus(a: Float32Array, b: Float32Array): Float64Array {
  return Float64Array.from(a, (value, i) => value - b[i]);
}

function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
