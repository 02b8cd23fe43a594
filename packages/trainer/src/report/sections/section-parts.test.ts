import { describe, expect, test } from 'vitest';
import { accuracyOf } from '../accuracy-interval.ts';
import { changedAnswers } from '../lead.ts';
import { readReportData } from '../report-data.ts';
import { makeRun } from '../testing/made-run.ts';
import { accuracyDomain } from './accuracy-rows.ts';
import { extremeCases, firstOfEachClass } from './reconstruction-section.ts';

describe('extremeCases', () => {
  const imageErrors = Float32Array.from({ length: 20 }, (_, image) => (image * 7) % 20);
  const byError = (from: number, to: number): number[] =>
    [...imageErrors.keys()].sort((a, b) => imageErrors[a] - imageErrors[b]).slice(from, to);

  test('are the four best, middle and worst images, worst first', () => {
    const indices = Int32Array.from(imageErrors.keys());
    expect(extremeCases({ imageErrors }, { indices })).toEqual({
      best: byError(0, 4),
      median: byError(8, 12),
      worst: byError(16, 20).reverse(),
    });
  });

  test('are given as places among the samples, without those that are not among them', () => {
    const [best, second] = byError(0, 2);
    const indices = Int32Array.of(19, second, best);
    expect(extremeCases({ imageErrors }, { indices }).best).toEqual([2, 1]);
  });
});

test('the first sample of each class comes in the order of classes', () => {
  expect(firstOfEachClass({ labels: Uint8Array.of(2, 0, 2, 1, 0) })).toEqual([1, 3, 0]);
});

test('answers that change are counted by what they were', () => {
  const labels = Uint8Array.of(0, 1, 2, 3, 4);
  const before = { predicted: Uint8Array.of(0, 1, 0, 3, 0) };
  const after = { predicted: Uint8Array.of(1, 1, 2, 0, 1) };
  expect(changedAnswers({ labels }, before, after)).toEqual({ lost: 2, gained: 1 });
});

test('an accuracy has the interval of its count of images', () => {
  const { run, readFile } = makeRun({ basic: [2] });
  const { classifiers } = readReportData(run, readFile);
  const { value, low, high } = accuracyOf(classifiers[0].answers[1]);
  // 5 of 6, as in Wilson's formula worked by hand.
  expect(value).toBe(5 / 6);
  expect(low).toBeCloseTo(0.4365, 4);
  expect(high).toBeCloseTo(0.9699, 4);
});

test('an axis of accuracies begins at zero where that is not far', () => {
  const row = (low: number, high: number) => ({
    on: 'x',
    codec: undefined,
    accuracy: { value: high, low, high },
  });
  const whole = accuracyDomain([row(0.2, 0.3), row(0.8, 0.9)]);
  expect(whole[0]).toBe(0);
  expect(whole[1]).toBeCloseTo(90 + 0.04 * 70, 9);
  const [low, high] = accuracyDomain([row(0.96, 0.97), row(0.985, 0.995)]);
  expect(low).toBeCloseTo(96 - 0.04 * 3.5, 9);
  expect(high).toBeCloseTo(99.5 + 0.04 * 3.5, 9);
  expect(accuracyDomain([row(0.99, 1)])[1]).toBe(100);
});
