import { adamDefaults, clipFactor, type AdamOptions, type TrainableModel } from '@narrows/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Split } from '../data/dataset.ts';
import { loadMnist } from '../data/mnist.ts';
import { drawnParameters } from '../testing/drawn-parameters.ts';
import {
  firstLearningRate,
  stateBytes,
  takeSteps,
  trainableMnistModel,
  trainingSteps,
  type TrainingStep,
} from '../testing/training-batches.ts';
import { initialProgress } from '../training/train-model.ts';
import type { ParameterArrays, TrainingSession, TrainingSetup, TrainingState } from './engine.ts';
import { trainWithFusedAdam } from './fused-adam-training.ts';
import { trainInLoops } from './looped-training.ts';
import { tfjsEngine } from './tfjs-engine.ts';
import { trainWholeStep } from './whole-step-training.ts';

/**
 * How far apart float32 roundings may take two ways through three steps. Losses: relative. Moments: relative to the
 * largest of their parameter. Parameters and their average: what training moved them by, both as root mean square over a
 * parameter, and single values in learning rates: Adam divides a gradient that is nearly zero by its own size, and so
 * turns its rounding into a part of a full step.
 */
const tolerance = { loss: 1e-6, moment: 2e-5, parameter: 1e-4, weakest: 0.2 };

const cpu = { device: 'cpu', threads: 1 } as const;

type Start = (setup: TrainingSetup) => Promise<TrainingSession> | TrainingSession;

const ways: Readonly<Record<string, Start>> = {
  'the eager step on tfjs cpu': (setup) => tfjsEngine({ backend: 'cpu', device: 'cpu' }).startTraining(setup),
  'the whole step compiled': (setup) => trainWholeStep(setup, cpu),
  'whole steps in a loop': (setup) => trainInLoops(setup, cpu),
  'compiled gradients and Adam in WebAssembly': (setup) => trainWithFusedAdam(setup, cpu),
};
const [eager, ...compiled] = Object.entries(ways);

let train: Split;
beforeAll(async () => {
  ({ train } = await loadMnist());
});

interface Extras extends Partial<AdamOptions> {
  readonly averaged?: boolean;
}

/** A decay that shows, a norm that all gradients here exceed, and a moving average. */
const everything = { weightDecay: 0.1, gradientClip: 1e-3, averaged: true } satisfies Extras;

/** Training from the start; a classifier that it goes through has drawn parameters. */
function setupOf(model: TrainableModel, { averaged = false, ...changes }: Extras = {}): TrainingSetup {
  const { state } = initialProgress(model, { seed: 3, averageDecay: averaged ? 0.5 : 0 });
  const setup = { model, state, optimizer: { ...adamDefaults, ...changes } };
  if (model.frozen === undefined) return setup;
  // The first reconstructions are nearly even grey, and the classifier's pools nearly tied: rounding would decide which of
  // their inputs gets the gradient. Twice the weights give contrast enough.
  const doubled = (arrays: ParameterArrays): ParameterArrays =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [name, array.map((value) => 2 * value)]),
    );
  const average = state.average === undefined ? {} : { average: doubled(state.average) };
  return {
    ...setup,
    frozen: drawnParameters(model.frozen, 4),
    state: { ...state, parameters: doubled(state.parameters), ...average },
  };
}

const run = async (start: Start, setup: TrainingSetup, steps: readonly TrainingStep[]) =>
  takeSteps(await start(setup), steps);

// The last batch is smaller, as that of an epoch is.
const cases: readonly (readonly [id: string, how: string, sizes: readonly number[], Extras])[] = [
  ['basic-4', 'plainly', [16, 16, 7], {}],
  ['deeper-4', 'plainly', [3, 3, 2], {}],
  ['cnn', 'plainly', [2, 1, 1], {}],
  ['basic-4', 'with everything', [16, 16, 7], everything],
  ['vae-4', 'with noise on the latent vector', [16, 16, 7], {}],
  ['denoising-4', 'with noise on the pixels and everything', [16, 16, 7], everything],
  ['aware-4', 'through a frozen classifier and with everything', [2, 1, 1], everything],
];

describe.each(cases)('three steps of %s, %s', (id, _, sizes, extras) => {
  const model = trainableMnistModel(id);
  const setup = setupOf(model, extras);
  let steps: TrainingStep[];
  let expected: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    steps = trainingSteps(model, train, sizes);
    expected = await run(eager[1], setup, steps);
  });

  describe.each(compiled)('%s', (_, way) => {
    let whole: Awaited<ReturnType<typeof run>>;
    beforeAll(async () => {
      whole = await run(way, setup, steps);
    });

    test('agrees with tfjs in losses, parameters, moments and average', () => {
      const { losses, state } = whole;
      expect(state.step).toBe(3);
      expect(losses).toHaveLength(3);
      losses.forEach((loss, i) => {
        expect(Math.abs(loss / expected.losses[i] - 1)).toBeLessThan(tolerance.loss);
      });
      expect(state.average === undefined).toBe(extras.averaged !== true);
      for (const { name } of model.parameters) {
        for (const group of ['m', 'v'] as const) {
          const difference = largest(minus(state[group][name], expected.state[group][name]));
          const size = largest(expected.state[group][name]);
          expect(size, `${group} of ${name}`).toBeGreaterThan(0);
          expect(difference / size, `${group} of ${name}`).toBeLessThan(tolerance.moment);
        }
        for (const group of ['parameters', 'average'] as const) {
          const [actual, wanted] = [state[group]?.[name], expected.state[group]?.[name]];
          if (actual === undefined || wanted === undefined) continue;
          const moved = rootMeanSquare(minus(wanted, setup.state.parameters[name]));
          const difference = minus(actual, wanted);
          expect(moved, `${group} of ${name}`).toBeGreaterThan(firstLearningRate / 100);
          expect(rootMeanSquare(difference) / moved, `${group} of ${name}`).toBeLessThan(tolerance.parameter);
          expect(largest(difference) / firstLearningRate, name).toBeLessThan(tolerance.weakest);
        }
      }
    });

    test('gives the same bytes when the steps are taken again', async () => {
      const again = await run(way, setup, steps);
      expect(stateBytes(again.state).equals(stateBytes(whole.state))).toBe(true);
      expect(again.losses).toEqual(whole.losses);
    });

    test('gives the same bytes in one go and in two', async () => {
      const begun = await run(way, setup, steps.slice(0, 1));
      if (extras.gradientClip !== undefined) {
        // After the first step m is (1 − β₁) times the gradient: the limit was reached.
        const ratio = normOf(begun.state.m) / 0.1 / extras.gradientClip;
        expect(ratio).toBeGreaterThan(0.998);
        expect(ratio).toBeLessThan(1.00001);
      }
      const { state } = await run(way, { ...setup, state: begun.state }, steps.slice(1));
      expect(stateBytes(state).equals(stateBytes(whole.state))).toBe(true);
    });
  });
});

test('two threads give the same bytes when the steps are taken again', async () => {
  const setup = setupOf(trainableMnistModel('basic-4'), everything);
  const steps = trainingSteps(setup.model, train, [64, 64, 32]);
  const two: Start = (given) => trainWithFusedAdam(given, { device: 'cpu', threads: 2 });
  const [first, second] = [await run(two, setup, steps), await run(two, setup, steps)];
  expect(stateBytes(second.state).equals(stateBytes(first.state))).toBe(true);
});

describe.each(Object.entries(ways))('%s', (_, way) => {
  const model = trainableMnistModel('basic-2-h8');
  const stepsOf = (of: TrainableModel) => trainingSteps(of, train, [4, 4, 3]);

  test('neither changes the state it began with nor depends on it or on copies that it gave', async () => {
    const steps = stepsOf(model);
    const expected = await run(way, setupOf(model, everything), steps);
    const begun = setupOf(model, everything);
    const session = await way(begun);
    await session.step(steps[0].batch, steps[0].rates);
    expect(stateBytes(begun.state).equals(stateBytes(setupOf(model, everything).state))).toBe(true);
    spoil(begun.state);
    spoil(await session.state());
    const { state } = await takeSteps(session, steps.slice(1));
    expect(stateBytes(state).equals(stateBytes(expected.state))).toBe(true);

    const unbegun = setupOf(model, everything);
    const second = await way(unbegun);
    spoil(unbegun.state);
    const again = await takeSteps(second, steps);
    expect(stateBytes(again.state).equals(stateBytes(expected.state))).toBe(true);
  });

  test('decays weights by learning rate times λ, apart from the gradients', async () => {
    const setup = setupOf(model);
    const steps = stepsOf(model).slice(0, 1);
    const plain = await run(way, setup, steps);
    const decayed = await run(way, setupOf(model, { weightDecay: 20 }), steps);
    for (const { name } of model.parameters) {
      const start = setup.state.parameters[name];
      const difference = minus(decayed.state.parameters[name], plain.state.parameters[name]);
      difference.forEach((by, i) => {
        expect(Math.abs(by + firstLearningRate * 20 * start[i])).toBeLessThan(2e-7);
      });
    }
    expect(decayed.state.m).toEqual(plain.state.m);
    expect(decayed.state.v).toEqual(plain.state.v);
  });

  test('shortens gradients to the norm that is given, all by one factor, and leaves shorter ones', async () => {
    const steps = stepsOf(model).slice(0, 1);
    const [plain, clipped, longEnough] = await Promise.all(
      [0, 1e-3, 100].map((gradientClip) => run(way, setupOf(model, { gradientClip }), steps)),
    );
    // After the first step m is (1 − β₁) times the gradient.
    const norm = normOf(plain.state.m) / 0.1;
    const factor = clipFactor(norm, 1e-3);
    expect(factor).toBeLessThan(0.5);
    expect(Math.abs(normOf(clipped.state.m) / normOf(plain.state.m) / factor - 1)).toBeLessThan(1e-6);
    for (const { name } of model.parameters) {
      const scaled = plain.state.m[name].map((value) => factor * value);
      expect(largest(minus(clipped.state.m[name], scaled)) / largest(scaled)).toBeLessThan(1e-6);
    }
    expect(stateBytes(longEnough.state).equals(stateBytes(plain.state))).toBe(true);
  });

  test('moves the average towards the parameters by what each step says', async () => {
    const setup = setupOf(model, { averaged: true });
    const session = await way(setup);
    const { step, parameters: start } = setup.state;
    expect(step).toBe(0);
    const expected = new Map(Object.entries(start).map(([name, array]) => [name, Float64Array.from(array)]));
    for (const { batch, rates } of stepsOf(model)) {
      await session.step(batch, rates);
      const { parameters, average } = await session.state();
      for (const [name, mean] of expected) {
        mean.forEach((value, i) => {
          mean[i] = rates.averageDecay * value + (1 - rates.averageDecay) * parameters[name][i];
        });
        expect(largest(minus(average![name], mean))).toBeLessThan(1e-7);
      }
    }
    await session.close();
  });

  test('trains the same with an average as without', async () => {
    const steps = stepsOf(model);
    const { state } = await run(way, setupOf(model, { averaged: true }), steps);
    const { average, ...rest } = state;
    expect(average).toBeDefined();
    const plain = await run(way, setupOf(model), steps);
    expect(plain.state.average).toBeUndefined();
    expect(stateBytes(rest).equals(stateBytes(plain.state))).toBe(true);
  });

  test('refuses a batch without the noise that its model asks for, and goes on unharmed', async () => {
    const noisy = trainableMnistModel('vae-2');
    const steps = stepsOf(noisy);
    const expected = await run(way, setupOf(noisy), steps);
    const session = await way(setupOf(noisy));
    const { images, labels, count } = steps[0].batch;
    await expect(session.step({ images, labels, count }, steps[0].rates)).rejects.toThrow(
      new TypeError(
        'Cannot take a train step of "vae-2": its batches come with noise, and this one has none.',
      ),
    );
    const { state } = await takeSteps(session, steps);
    expect(stateBytes(state).equals(stateBytes(expected.state))).toBe(true);
  });

  test('takes the noise of the batch, and no other', async () => {
    const noisy = trainableMnistModel('vae-2');
    const [{ batch, rates }] = stepsOf(noisy);
    const quiet = { ...batch, noise: new Float32Array(batch.noise!.length) };
    const [loud, still] = [
      await run(way, setupOf(noisy), [{ batch, rates }]),
      await run(way, setupOf(noisy), [{ batch: quiet, rates }]),
    ];
    expect(Math.abs(loud.losses[0] / still.losses[0] - 1)).toBeGreaterThan(1e-4);
  });

  test('refuses a model without the parameters of the classifier that it is trained through', async () => {
    const aware = trainableMnistModel('aware-2');
    const { frozen, ...setup } = setupOf(aware);
    expect(frozen).toBeDefined();
    const [{ batch, rates }] = stepsOf(aware);
    const begin = async () => (await way(setup)).step(batch, rates);
    await expect(begin()).rejects.toThrow(
      new TypeError('Cannot train "aware-2": it is trained through "cnn", whose parameters are missing.'),
    );
  });

  test("a frozen classifier's parameters count and stay as they are", async () => {
    const aware = trainableMnistModel('aware-2');
    const steps = trainingSteps(aware, train, [2]);
    const frozen = drawnParameters(aware.frozen!, 4);
    const one = await run(way, { ...setupOf(aware), frozen }, steps);
    for (const [name, values] of Object.entries(drawnParameters(aware.frozen!, 4))) {
      expect(largest(minus(frozen[name], values)), name).toBe(0);
    }
    const other = await run(way, { ...setupOf(aware), frozen: drawnParameters(aware.frozen!, 5) }, steps);
    expect(Math.abs(other.losses[0] / one.losses[0] - 1)).toBeGreaterThan(1e-4);
    expect(Object.keys(one.state.parameters)).toEqual(aware.parameters.map(({ name }) => name));
  });

  test('leaves no tensors behind', async () => {
    const aware = trainableMnistModel('aware-2');
    const noisy = trainableMnistModel('denoising-2');
    const before = tf.memory().numTensors;
    for (const each of [aware, noisy]) {
      const { losses } = await run(way, setupOf(each, everything), trainingSteps(each, train, [1, 1, 2]));
      expect(losses).toHaveLength(3);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

test.each([
  ['basic-4', everything],
  ['denoising-4', {}],
] as const)('steps of %s taken together are those taken one by one, byte for byte', async (id, extras) => {
  const setup = setupOf(trainableMnistModel(id), extras);
  const steps = trainingSteps(setup.model, train, [8, 8, 8, 8, 3]);
  const single = await run((given) => trainInLoops(given, cpu), setup, steps);
  const session = trainInLoops(setup, cpu);
  const losses: number[] = [];
  for (const part of [steps.slice(0, 1), steps.slice(1, 4), steps.slice(4)]) {
    const taken = await session.several!.steps(
      part.map(({ batch }) => batch),
      part.map(({ rates }) => rates),
    );
    losses.push(...taken);
  }
  expect(losses).toEqual(single.losses);
  expect(stateBytes(await session.state()).equals(stateBytes(single.state))).toBe(true);
  await session.close();
});

test('a call takes fewer steps the more its batches weigh, and at least one', () => {
  const { several } = trainInLoops(setupOf(trainableMnistModel('basic-4')), cpu);
  const counts = [1, 64, 2 ** 12, 2 ** 14, 60_000].map((count) => several!.most(count));
  expect(counts).toEqual([32, 32, 20, 5, 1]);
});

function spoil({ parameters, m, v, average }: TrainingState): void {
  const groups = [parameters, m, v, average ?? {}];
  for (const array of groups.flatMap((group) => Object.values(group))) array.fill(NaN);
}

function minus(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  // Hundreds of thousands of values: `Float64Array.from` with a function takes ten times as long.
  const difference = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) difference[i] = a[i] - b[i];
  return difference;
}

function largest(values: Float32Array | Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

/** L2 norm of all arrays together. */
function normOf(arrays: ParameterArrays): number {
  let sum = 0;
  for (const array of Object.values(arrays)) for (const value of array) sum += value ** 2;
  return Math.sqrt(sum);
}
