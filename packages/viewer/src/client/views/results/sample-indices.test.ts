import { expect, test } from 'vitest';
import { sampleIndices } from './sample-indices.ts';

const labels = Uint8Array.of(2, 0, 0, 1, 2, 1);

test('each class has the first of its images at or after the place, in the order of the classes', () => {
  expect(sampleIndices(labels, { classCount: 3, from: 0, most: 10 })).toEqual([1, 3, 0]);
  expect(sampleIndices(labels, { classCount: 3, from: 2, most: 10 })).toEqual([2, 3, 4]);
});

test('the search goes round at the end of the test set', () => {
  expect(sampleIndices(labels, { classCount: 3, from: 5, most: 10 })).toEqual([1, 5, 0]);
});

test('a class without images is left out, and so are classes beyond the most', () => {
  expect(sampleIndices(labels, { classCount: 4, from: 0, most: 10 })).toEqual([1, 3, 0]);
  expect(sampleIndices(labels, { classCount: 3, from: 0, most: 2 })).toEqual([1, 3]);
});
