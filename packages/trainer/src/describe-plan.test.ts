import { expect, test } from 'vitest';
import type { TrainOptions } from './cli/train-options.ts';
import { describePlan } from './describe-plan.ts';
import { plainTraining, type TrainingSettings } from './training/training-settings.ts';

const optionsOf = (
  training: Readonly<Record<string, Partial<TrainingSettings>>>,
  more: Partial<TrainOptions> = {},
): TrainOptions => ({
  preset: 'study',
  seed: 7,
  weights: 'float32',
  engine: 'auto',
  device: 'auto',
  resume: false,
  overwrite: false,
  models: Object.keys(training),
  training: Object.fromEntries(
    Object.entries(training).map(([id, settings]) => [id, { ...plainTraining, ...settings }]),
  ),
  validation: 0,
  maps: { methods: [], points: 100, perplexity: 30, iterations: 250 },
  threads: 1,
  data: undefined,
  trainLimit: undefined,
  flags: [],
  out: undefined,
  ...more,
});

test('says how weights are stored where that is not as they are trained', () => {
  expect(describePlan(optionsOf({}, { weights: 'int8' }), ['pca-2'])).toBe(
    'pca-2, seed 7, weights stored as int8',
  );
});

test('plain training says epochs, batch size, learning rate and seed', () => {
  expect(describePlan(optionsOf({ 'basic-4': {}, cnn: { epochs: 2 } }), ['basic-4', 'cnn'])).toBe(
    'basic-4, cnn, epochs: basic 10, cnn 2, batch 64, Adam at 0.001, seed 7',
  );
  expect(describePlan(optionsOf({}), ['pca-4'])).toBe('pca-4, seed 7');
});

test('every setting that is not that of plain training is named', () => {
  const changed: Required<TrainingSettings> = {
    epochs: 3,
    batchSize: 128,
    learningRate: 0.002,
    schedule: 'cosine',
    warmup: 0.5,
    weightDecay: 0.01,
    gradientClip: 2,
    averageDecay: 0.99,
    augment: true,
    keep: 'best',
    patience: 4,
    timeLimit: 30,
  };
  expect(describePlan(optionsOf({ cnn: changed }), ['cnn'])).toBe(
    'cnn, epochs: cnn 3, batch 128, Adam at 0.002, cosine schedule, warm-up of 0.5 epochs, weight decay 0.01, gradients ' +
      'clipped at 2, weights averaged at 0.99, augmented, best weights kept, patience 4, at most 30 min each, seed 7',
  );
  // A setting that is added must show too.
  for (const [setting, value] of Object.entries(changed)) {
    const line = describePlan(optionsOf({ cnn: { [setting]: value } }), ['cnn']);
    expect(line, setting).not.toBe(describePlan(optionsOf({ cnn: {} }), ['cnn']));
  }
});

test('a setting that not all models share says how many have it', () => {
  const training = {
    'basic-4': { weightDecay: 0.1 },
    vae: { weightDecay: 0.2 },
    cnn: { augment: true, weightDecay: 0.1 },
  };
  expect(describePlan(optionsOf(training), ['cnn'])).toContain(
    ', weight decay 0.1 (2 of 3), weight decay 0.2 (1 of 3), augmented (1 of 3), seed 7',
  );
});

test('images that are held out are told of with those that they are held out from', () => {
  expect(describePlan(optionsOf({}, { validation: 200 }), ['pca-4'])).toBe(
    'pca-4, seed 7, last 200 of the images held out',
  );
  expect(describePlan(optionsOf({}, { validation: 200, trainLimit: 650 }), ['pca-4'])).toBe(
    'pca-4, seed 7, first 650 images, last 200 of these images held out',
  );
});
