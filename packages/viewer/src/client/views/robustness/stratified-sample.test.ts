import { expect, test } from 'vitest';
import { stratifiedSample } from './stratified-sample.ts';

const labels = Uint8Array.from({ length: 300 }, (_, i) => (i < 290 ? i % 2 : 2));

test('each class gives as many images, none of them twice', () => {
  const sample = stratifiedSample(labels, { classCount: 3, size: 30 });
  expect(new Set(sample).size).toBe(30);
  expect([0, 1, 2].map((label) => sample.filter((i) => labels[i] === label).length)).toEqual([10, 10, 10]);
});

test('a class that has no more leaves its turns to the others', () => {
  const sample = stratifiedSample(labels, { classCount: 3, size: 100 });
  expect([0, 1, 2].map((label) => sample.filter((i) => labels[i] === label).length)).toEqual([45, 45, 10]);
});

test('there are no more than there are', () => {
  expect(stratifiedSample(labels, { classCount: 3, size: 1000 })).toHaveLength(300);
});

test('it is the same every time, and not the first images', () => {
  const sample = stratifiedSample(labels, { classCount: 3, size: 9 });
  expect(stratifiedSample(labels, { classCount: 3, size: 9 })).toEqual(sample);
  expect(Math.max(...sample)).toBeGreaterThan(20);
});
