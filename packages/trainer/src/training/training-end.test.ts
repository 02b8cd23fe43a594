import { beforeAll, describe, expect, test } from 'vitest';
import type { Split } from '../data/dataset.ts';
import { firstImages } from '../data/first-images.ts';
import { loadMnist } from '../data/mnist.ts';
import type { Engine, TrainingState } from '../engine/engine.ts';
import { ExpectedError } from '../expected-error.ts';
import { stateBytes, trainableMnistModel } from '../testing/training-batches.ts';
import { after, greyed, imagesFrom, startOf, trainingPlan } from '../testing/training-plan.ts';
import {
  keptWeights,
  trainModel,
  type EpochRecord,
  type TrainingPlan,
  type TrainingProgress,
} from './train-model.ts';
import type { TrainingSettings } from './training-settings.ts';

const model = trainableMnistModel('basic-3-h16');
let data: Split;
let validation: Split;
beforeAll(async () => {
  const { train } = await loadMnist();
  data = firstImages(train, 250);
  validation = greyed(imagesFrom(train, 250, 60));
});

/** Eight epochs of four steps, of which the third is the best on the validation images and the last is much worse. */
const passing: Partial<TrainingSettings> = { epochs: 8, learningRate: 3e-3, averageDecay: 0.9 };

const planOf = (
  settings: Partial<TrainingSettings>,
  changes: Partial<Omit<TrainingPlan, 'settings'>> = {},
): TrainingPlan => trainingPlan(model, data, { settings, validation, ...changes });

const train = (plan: TrainingPlan) => trainModel(plan, startOf(plan));

/** Everything of the records but how long the epochs took. */
const untimed = (epochs: readonly EpochRecord[]) => epochs.map((record) => ({ ...record, durationMs: 0 }));

describe('of the weights of a training that gets worse again', () => {
  let states: TrainingState[];
  let whole: TrainingProgress;
  beforeAll(async () => {
    states = [];
    const onEpoch: TrainingPlan['onEpoch'] = async (_, snapshot) => {
      states.push((await snapshot()).state);
    };
    ({ progress: whole } = await train(planOf({ ...passing, keep: 'best' }, { onEpoch })));
    const losses = whole.epochs.map(({ validationLoss }) => validationLoss!);
    expect(losses.indexOf(Math.min(...losses))).toBe(2);
    expect(losses[7]).toBeGreaterThan(2 * losses[2]);
  });

  test('"best" keeps the average after the best epoch', () => {
    const kept = keptWeights(whole, { ...planOf(passing).settings, keep: 'best' });
    expect(kept.epoch).toBe(3);
    expect(kept.validationLoss).toBe(whole.epochs[2].validationLoss);
    expect(kept.parameters).toEqual(states[2].average);
    expect(kept.parameters).not.toEqual(states[2].parameters);
    expect(kept.parameters).not.toEqual(states[7].average);
  });

  test('"last" keeps the average after the last one', async () => {
    const { progress } = await train(planOf({ ...passing, keep: 'last' }));
    expect(progress.best).toBeUndefined();
    expect(untimed(progress.epochs)).toEqual(untimed(whole.epochs));
    const kept = keptWeights(progress, { ...planOf(passing).settings, keep: 'last' });
    expect(kept).toEqual({
      parameters: states[7].average,
      epoch: 8,
      validationLoss: whole.epochs[7].validationLoss,
    });
  });

  test('without an average, they are the parameters themselves', async () => {
    const plan = planOf({ ...passing, averageDecay: 0, epochs: 1 });
    const { progress } = await train(plan);
    expect(keptWeights(progress, plan.settings).parameters).toEqual(progress.state.parameters);
  });

  test('without validation images, "best" keeps the last', async () => {
    const plan = trainingPlan(model, data, { settings: { ...passing, keep: 'best', epochs: 2 } });
    const { progress } = await train(plan);
    expect(progress.best).toBeUndefined();
    expect(keptWeights(progress, plan.settings)).toEqual({ parameters: states[1].average, epoch: 2 });
  });

  test.each([
    [1, 4],
    [2, 5],
    [4, 7],
    [6, 8],
  ])('a patience of %i ends training after epoch %i of 8', async (patience, last) => {
    const { progress, end } = await train(planOf({ ...passing, keep: 'best', patience }));
    expect(end).toBe(last < 8 ? 'early-stop' : 'epochs');
    expect(untimed(progress.epochs)).toEqual(untimed(whole.epochs.slice(0, last)));
    expect(stateBytes(progress.state).equals(stateBytes(states[last - 1]))).toBe(true);
    expect(progress.best?.epoch).toBe(3);
  });
});

describe('steps of nothing', () => {
  test('are no gain: of equal epochs the first is the best, and patience ends', async () => {
    const plan = planOf({ learningRate: 1e-30, epochs: 9, patience: 2, keep: 'best' });
    const { progress, end } = await train(plan);
    expect(end).toBe('early-stop');
    expect(progress.epochs).toHaveLength(3);
    expect(new Set(progress.epochs.map(({ validationLoss }) => validationLoss)).size).toBe(1);
    expect(progress.best?.epoch).toBe(1);
  });

  test('go on to the last epoch without patience', async () => {
    const { progress, end } = await train(planOf({ learningRate: 1e-30, epochs: 4, patience: 0 }));
    expect(end).toBe('epochs');
    expect(progress.epochs).toHaveLength(4);
  });
});

describe('weights that are not finite after the last step, whose loss still was', () => {
  // One step: a rate beyond float32 throws the weights there after it.
  const settings: Partial<TrainingSettings> = { epochs: 1, batchSize: 250, learningRate: 1e39 };
  const complaint = (when: string) =>
    new RegExp(
      `^Cannot go on training "basic-3-h16": its weights must be finite and "[a-z0-9/]+" holds (NaN|-?Infinity) ${when}: ` +
        'lower --learning-rate or set --gradient-clip\\.$',
    );
  const refused = async (plan: TrainingPlan): Promise<unknown> => {
    const outcome = await train(plan).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ExpectedError);
    return outcome;
  };

  test.each([
    ['with images to judge by', () => planOf(settings)],
    ['without', () => trainingPlan(model, data, { settings })],
    ['averaged', () => trainingPlan(model, data, { settings: { ...settings, averageDecay: 0.9 } })],
  ])('are refused before the epoch is recorded, %s', async (_, plan) => {
    const told: EpochRecord[] = [];
    const onEpoch: TrainingPlan['onEpoch'] = (record) => Promise.resolve(void told.push(record));
    expect((await refused({ ...plan(), onEpoch })) as Error).toHaveProperty(
      'message',
      expect.stringMatching(complaint('after epoch 1')),
    );
    expect(told).toEqual([]);
  });

  test('are refused where the time is up in the middle of an epoch', async () => {
    const plan = planOf({ ...settings, batchSize: 64, timeLimit: 1e-9 });
    expect(await refused(plan)).toHaveProperty('message', expect.stringMatching(complaint('in epoch 1')));
  });
});

describe('a time limit', () => {
  // Shorter than any step, and longer than nothing.
  const aMoment = 1e-9;

  test('ends training in the middle of an epoch, and the weights that it has by then are kept', async () => {
    const plan = planOf({ timeLimit: aMoment });
    const { progress, end } = await train(plan);
    expect(end).toBe('time-limit');
    expect(progress.state.step).toBe(1);
    expect(progress.elapsedMs).toBeGreaterThan(0);
    const stopping = planOf({}, { shouldStop: after(1) });
    const { progress: stopped } = await train(stopping);
    expect(stateBytes(progress.state).equals(stateBytes(stopped.state))).toBe(true);
    expect(keptWeights(progress, plan.settings)).toEqual({
      parameters: stopped.state.parameters,
      epoch: 0,
    });
  });

  /** What a training has that has taken so long: one epoch, and part of another one. */
  async function begun(epochMs: number, elapsedMs: number): Promise<TrainingProgress> {
    const { progress } = await train(planOf({}, { shouldStop: after(6) }));
    return { ...progress, epochs: [{ ...progress.epochs[0], durationMs: epochMs }], elapsedMs };
  }

  test.each([
    ['epochs and the one under way together take it', 59_000, 1000, 'time-limit', 6],
    ['they nearly do', 30_000, 5000, 'epochs', 12],
  ])('in minutes counts what was before: %s', async (_, epochMs, elapsedMs, reason, step) => {
    const { progress, end } = await trainModel(planOf({ timeLimit: 1 }), await begun(epochMs, elapsedMs));
    expect(end).toBe(reason);
    expect(progress.state.step).toBe(step);
  });

  test('weights from the middle of an epoch have no validation loss, since nobody judged them', async () => {
    const plan = planOf({ timeLimit: 1 });
    const { progress } = await trainModel(plan, await begun(59_000, 1000));
    expect(progress.epochs[0].validationLoss).toBeGreaterThan(0);
    expect(keptWeights(progress, plan.settings)).toEqual({ parameters: progress.state.parameters, epoch: 1 });
  });

  test('and the best weights outlive it', async () => {
    const plan = planOf({ timeLimit: 1, keep: 'best' });
    const first = await train({ ...plan, shouldStop: after(6) });
    const { progress, end } = await trainModel(plan, { ...first.progress, elapsedMs: 60_000 });
    expect(end).toBe('time-limit');
    const kept = keptWeights(progress, plan.settings);
    expect(kept.epoch).toBe(1);
    expect(kept.validationLoss).toBe(progress.epochs[0].validationLoss);
    expect(kept.parameters).not.toEqual(progress.state.parameters);
  });

  test('that an epoch used up ends training before the next', async () => {
    const { progress } = await train(planOf({ epochs: 1 }));
    const late = { ...progress, epochs: [{ ...progress.epochs[0], durationMs: 60_000 }] };
    const { progress: last, end } = await trainModel(planOf({ timeLimit: 1 }), late);
    expect(end).toBe('time-limit');
    expect(last.state.step).toBe(4);
  });
});

describe('a training that diverges', () => {
  const cnn = trainableMnistModel('cnn');
  const diverge = async (count: number, changes: Partial<Omit<TrainingPlan, 'settings'>> = {}) => {
    const settings = { learningRate: 1e30, batchSize: 4 };
    const plan = trainingPlan(cnn, firstImages(data, count), { settings, ...changes });
    const error: unknown = await train(plan).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExpectedError);
    return error as ExpectedError;
  };

  test('ends with the step, the loss and what helps', async () => {
    const { exitCode, message } = await diverge(12);
    expect(exitCode).toBe(1);
    expect(message).toMatch(
      /^Cannot go on training "cnn": its loss must be finite and is (NaN|Infinity) at step 2 of epoch 1: lower --learning-rate or set --gradient-clip\.$/,
    );
  });

  test('counts steps from the epoch at hand', async () => {
    expect((await diverge(4)).message).toContain('at step 1 of epoch 2');
  });

  test('is told apart by the validation images too, before its weights are kept', async () => {
    const onEpoch = () => Promise.reject(new Error('This epoch is none.'));
    const { message } = await diverge(4, { validation: imagesFrom(data, 4, 4), onEpoch });
    expect(message).toMatch(
      /^Cannot go on training "cnn": its validation loss must be finite and is (NaN|Infinity) after epoch 1: lower/,
    );
  });

  test('says so even where what it used cannot be closed, and closes all of it', async () => {
    const { engine } = planOf({});
    const closed: string[] = [];
    const stuck = async (name: string, part: { close(): Promise<void> }): Promise<never> => {
      await part.close();
      closed.push(name);
      throw new Error(`${name} is stuck`);
    };
    const stuckEngine: Engine = {
      ...engine,
      async startTraining(setup) {
        const session = await engine.startTraining(setup);
        return { ...session, close: () => stuck('session', session) };
      },
      async prepare(fn, specs) {
        const prepared = await engine.prepare(fn, specs);
        return { ...prepared, close: () => stuck('validator', prepared) };
      },
    };
    const { message } = await diverge(12, { validation: imagesFrom(data, 12, 4), engine: stuckEngine });
    expect(message).toContain('its loss must be finite');
    expect(closed).toEqual(['validator', 'session']);
  });
});
