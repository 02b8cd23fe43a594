import { adamDefaults } from '@narrows/models';
import { expect, test } from 'vitest';
import { optimizerOf, plainTraining } from './training-settings.ts';

test("plain training is the study's: Adam as in the paper, at a constant rate of 0.001 and in batches of 64", () => {
  expect(optimizerOf(plainTraining)).toEqual(adamDefaults);
  expect(plainTraining).toMatchObject({
    learningRate: 1e-3,
    batchSize: 64,
    schedule: 'constant',
    keep: 'last',
  });
  const { warmup, averageDecay, augment, patience, timeLimit } = plainTraining;
  expect({ warmup, averageDecay, augment, patience, timeLimit }).toEqual({
    warmup: 0,
    averageDecay: 0,
    augment: false,
    patience: 0,
    timeLimit: 0,
  });
});

test('the optimizer takes decay and clipping from the settings, the rest from the paper', () => {
  const settings = { ...plainTraining, weightDecay: 0.25, gradientClip: 2 };
  expect(optimizerOf(settings)).toEqual({ ...adamDefaults, weightDecay: 0.25, gradientClip: 2 });
});
