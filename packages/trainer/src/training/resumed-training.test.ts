import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Split } from '../data/dataset.ts';
import { firstImages } from '../data/first-images.ts';
import { loadMnist } from '../data/mnist.ts';
import { ExpectedError } from '../expected-error.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../run-folder/checkpoint.ts';
import { openWorkFolder, type WorkFolder } from '../run-folder/work-folder.ts';
import { arrayBytes, stateBytes, trainableMnistModel } from '../testing/training-batches.ts';
import { after, greyed, imagesFrom, startOf, trainingPlan } from '../testing/training-plan.ts';
import { keptWeights, trainModel, type TrainingPlan, type TrainingProgress } from './train-model.ts';
import { readTrainingCheckpoint, writeTrainingCheckpoint } from './training-checkpoint.ts';
import type { TrainingSettings } from './training-settings.ts';

/** Everything that a training can have to keep besides parameters and moments. */
const everything: Partial<TrainingSettings> = {
  // Of the three epochs, the second is the best on the greyed images.
  learningRate: 1.4e-3,
  schedule: 'cosine',
  warmup: 0.5,
  weightDecay: 0.01,
  gradientClip: 0.1,
  averageDecay: 0.5,
  augment: true,
  keep: 'best',
};

let split: Split;
beforeAll(async () => {
  split = (await loadMnist()).train;
});

let parent = '';
let folder: WorkFolder;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'narrows-training-'));
  folder = openWorkFolder(join(parent, 'run'), {}, { resume: false, overwrite: false });
});
afterEach(() => {
  folder.abandon();
  rmSync(parent, { recursive: true });
});

/** Everything about a training, its arrays as checksums. */
function summaryOf({ state, best, ...progress }: TrainingProgress) {
  const checksum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  return {
    ...progress,
    state: checksum(stateBytes(state)),
    ...(best === undefined ? {} : { best: { ...best, parameters: checksum(arrayBytes(best.parameters)) } }),
  };
}

/** The same but for how long it took. */
function outcomeOf(progress: TrainingProgress) {
  const { epochs, elapsedMs, ...outcome } = summaryOf(progress);
  return {
    ...outcome,
    atRest: elapsedMs === 0,
    epochs: epochs.map(({ durationMs, ...record }) => ({ ...record, timed: durationMs > 0 })),
  };
}

describe.each<[string, string, Partial<TrainingSettings>]>([
  ['plain training', 'basic-3-h16', {}],
  ['training with noise, augmentation, an average, the best weights and a schedule', 'vae-3', everything],
])('%s', (_, id, settings) => {
  const model = trainableMnistModel(id);
  const averaged = settings.averageDecay !== undefined;
  /** Three epochs of four steps, the last of each with 58 images. */
  const planOf = (changes: Partial<Omit<TrainingPlan, 'settings'>> = {}): TrainingPlan =>
    trainingPlan(model, firstImages(split, 250), {
      settings,
      ...(averaged ? { validation: greyed(imagesFrom(split, 250, 60)) } : {}),
      ...changes,
    });
  /** What nothing stopped. */
  let whole: TrainingProgress;
  beforeAll(async () => {
    const plan = planOf();
    ({ progress: whole } = await trainModel(plan, startOf(plan)));
  });

  /** Keeps the progress on the disk, and reads it back. */
  function throughCheckpoint(progress: TrainingProgress): TrainingProgress {
    writeTrainingCheckpoint(folder, model, progress);
    return readTrainingCheckpoint(folder, model)!;
  }

  /** Trains on for a number of steps, unless the training is over before. */
  async function stepsOn(steps: number, progress: TrainingProgress): Promise<TrainingProgress> {
    const stopped = await trainModel(planOf({ shouldStop: after(steps) }), progress);
    expect(stopped.end).toBe('stopped');
    return stopped.progress;
  }

  function expectWhole(end: TrainingProgress): void {
    expect(outcomeOf(end)).toEqual(outcomeOf(whole));
  }

  test('a checkpoint gives back exactly what it was made of', async () => {
    expect(readTrainingCheckpoint(folder, model)).toBeUndefined();
    const stopped = await stepsOn(6, startOf(planOf()));
    expect(stopped.epochs).toHaveLength(1);
    expect(stopped.lossSum).toBeGreaterThan(0);
    expect(stopped.elapsedMs).toBeGreaterThan(0);
    expect(stopped.best?.epoch).toBe(averaged ? 1 : undefined);
    expect(stopped.state.average === undefined).toBe(!averaged);
    expect(summaryOf(throughCheckpoint(stopped))).toEqual(summaryOf(stopped));
    expect(readTrainingCheckpoint(folder, { ...model, id: 'basic-3' })).toBeUndefined();
  });

  test.each([
    ['before the first step', [0]],
    ['after the first step', [1]],
    ['in the middle of an epoch', [6]],
    ['at the end of an epoch', [4]],
    ['at the end of the second and soon again', [8, 1]],
    ['before the last step', [11]],
    ['once an epoch, at odd places', [3, 4, 4]],
    ['after every step', Array<number>(12).fill(1)],
  ])('stopped %s and resumed ends in the same bytes', async (_, stops) => {
    let progress = startOf(planOf());
    let done = 0;
    for (const steps of stops) {
      const stopped = await trainModel(planOf({ shouldStop: after(steps) }), progress);
      // The last step of all is not followed by a question.
      expect(stopped.end).toBe(done + steps < 12 ? 'stopped' : 'epochs');
      progress = throughCheckpoint(stopped.progress);
      done += steps;
      expect(progress.state.step).toBe(done);
    }
    const { progress: last, end } = await trainModel(planOf(), progress);
    expect(end).toBe('epochs');
    expectWhole(throughCheckpoint(last));
  });

  test("the snapshot at an epoch's end is where a killed training goes on", async () => {
    await trainModel(
      planOf({
        onEpoch: async ({ epoch }, snapshot) => {
          if (epoch === 2) writeTrainingCheckpoint(folder, model, await snapshot());
        },
      }),
      startOf(planOf()),
    );
    const kept = readTrainingCheckpoint(folder, model)!;
    expect(kept.state.step).toBe(8);
    expect(kept.epochs).toHaveLength(2);
    expect(kept).toMatchObject({ lossSum: 0, elapsedMs: 0 });
    expectWhole((await trainModel(planOf(), kept)).progress);
  });

  test('a finished training is left as it is', async () => {
    const { progress, end } = await trainModel(planOf({ shouldStop: refuse }), throughCheckpoint(whole));
    expect(end).toBe('epochs');
    expect(summaryOf(progress)).toEqual(summaryOf(whole));
  });

  test('the weights that are kept are the same after all', async () => {
    const progress = throughCheckpoint(await stepsOn(9, startOf(planOf())));
    const { progress: end } = await trainModel(planOf(), progress);
    const kept = keptWeights(throughCheckpoint(end), planOf().settings);
    const expected = keptWeights(whole, planOf().settings);
    expect(arrayBytes(kept.parameters).equals(arrayBytes(expected.parameters))).toBe(true);
    expect([kept.epoch, kept.validationLoss]).toEqual([expected.epoch, expected.validationLoss]);
    // The best were found before the stop, and the last are worse.
    expect(kept.epoch).toBe(averaged ? 2 : 3);
  });
});

describe('a checkpoint that is a good file', () => {
  const model = trainableMnistModel('basic-3-h16');
  const name = 'basic-3-h16.safetensors';
  const progress = startOf(
    trainingPlan(model, { images: new Uint8Array(), labels: new Uint8Array(), count: 0 }),
  );
  type Content = ReturnType<typeof decodeCheckpoint>;
  const [first] = model.parameters;

  test.each<[string, (content: Content) => Partial<Content>, string]>([
    [
      'data that are none of a training',
      () => ({ meta: [] }),
      'its data must keep every rule, and they break one (Invalid input: expected object, received array)',
    ],
    [
      'a step that is no number',
      ({ meta }) => ({ meta: { ...(meta as object), step: 'two' } }),
      'its data must keep every rule, and they break one at "step" (Invalid input: expected number, received string)',
    ],
    [
      'a missing array',
      ({ tensors }) => ({ tensors: tensors.filter((tensor) => tensor.name !== `m/${first.name}`) }),
      `"m/${first.name}" must be there, and it is not`,
    ],
    [
      'no moments at all',
      ({ tensors }) => ({ tensors: tensors.filter((tensor) => !tensor.name.startsWith('v/')) }),
      `"v/${first.name}" must be there, and it is not`,
    ],
    [
      'half an average',
      ({ tensors }) => ({
        tensors: [...tensors, { ...tensors[1], name: `average/${model.parameters[1].name}` }],
      }),
      `"average/${first.name}" must be there, and it is not`,
    ],
    [
      'an array of another length',
      ({ tensors: [tensor, ...others] }) => ({
        tensors: [{ ...tensor, shape: [2], data: tensor.data.slice(0, 2) }, ...others],
      }),
      `"parameters/${first.name}" must be of shape [${first.shape.join(', ')}], and it is of [2]`,
    ],
    [
      'an array that the model lacks',
      ({ tensors }) => ({ tensors: [...tensors, { ...tensors[0], name: 'm/other' }] }),
      '"m/other" must be an array of "basic-3-h16", and it is none',
    ],
    [
      'best weights of no epoch',
      ({ tensors }) => ({ tensors: [...tensors, { ...tensors[0], name: `best/${first.name}` }] }),
      `"best/${first.name}" must be an array of "basic-3-h16", and it is none`,
    ],
    [
      'a best epoch without weights',
      ({ meta }) => ({ meta: { ...(meta as object), best: { epoch: 1, validationLoss: 1 } } }),
      `"best/${first.name}" must be there, and it is not`,
    ],
  ])('but holds %s is refused, and the error says what to do', (_, change, why) => {
    writeTrainingCheckpoint(folder, model, progress);
    const content = decodeCheckpoint(folder.readCheckpoint(name)!, name);
    folder.writeCheckpoint(name, encodeCheckpoint({ ...content, ...change(content) }));
    expect(() => readTrainingCheckpoint(folder, model)).toThrow(
      new ExpectedError(
        `Cannot read the checkpoint "${name}": ${why}. The file is damaged: start anew with --overwrite.`,
      ),
    );
  });
});

describe('a training that ended early stays ended when it is resumed', () => {
  const model = trainableMnistModel('basic-3-h16');
  test.each<[string, Partial<TrainingSettings>]>([
    // Steps of nothing are no gain.
    ['early-stop', { learningRate: 1e-30, patience: 1 }],
    ['time-limit', { timeLimit: 1e-9 }],
  ])('by %s', async (reason, settings) => {
    const planOf = (changes: Partial<Omit<TrainingPlan, 'settings'>> = {}) =>
      trainingPlan(model, firstImages(split, 100), {
        settings,
        validation: imagesFrom(split, 100, 20),
        ...changes,
      });
    const { progress, end } = await trainModel(planOf(), startOf(planOf()));
    expect(end).toBe(reason);
    writeTrainingCheckpoint(folder, model, progress);
    const kept = readTrainingCheckpoint(folder, model)!;
    const again = await trainModel(planOf({ onStep: refuse, onEpoch: refuse }), kept);
    expect(again).toEqual({ progress, end: reason });
  });
});

function refuse(): never {
  throw new Error('There is nothing left to do.');
}
