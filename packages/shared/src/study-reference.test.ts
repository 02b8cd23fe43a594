import { expect, test } from 'vitest';
import { referenceOf, studyReference } from './study-reference.ts';

test("the study's errors by class have the mean that it gives, each class counted by its test images", () => {
  const counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
  for (const { mse, perClass } of studyReference.codecs) {
    if (perClass === undefined) continue;
    const mean = perClass.reduce((sum, error, label) => sum + error * counts[label], 0) / 10_000;
    expect(mean).toBeCloseTo(mse, 5);
  }
});

test('the study has figures of its own dataset alone', () => {
  expect(referenceOf({ name: 'mnist' })).toBe(studyReference);
  expect(referenceOf({ name: 'cifar-10' })).toBeUndefined();
});
