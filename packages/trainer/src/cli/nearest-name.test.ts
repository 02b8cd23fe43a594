import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const flags = ['epochs', 'engine', 'batch-size', 'learning-rate', 'resume'];

test.each([
  ['epoch', 'epochs'],
  ['EPOCHS', 'epochs'],
  ['engin', 'engine'],
  ['batch_size', 'batch-size'],
  ['learning', 'learning-rate'],
  ['resmue', 'resume'],
])('%s is taken for %s', (name, meant) => {
  expect(nearestName(name, flags)).toBe(meant);
});

test.each(['', 'x', 'dropout', 'e', 'en'])('"%s" is near nothing', (name) => {
  expect(nearestName(name, flags)).toBeUndefined();
});

test('a beginning that two candidates share names neither', () => {
  expect(nearestName('learn', ['learning-rate', 'learning-curve'])).toBeUndefined();
});
