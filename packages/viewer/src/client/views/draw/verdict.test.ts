import { expect, test } from 'vitest';
import { verdictOf } from './verdict.ts';

const seesOne = Float32Array.of(0.25, 0.5, 0.25);
const seesTwo = Float32Array.of(0.125, 0.125, 0.75);

test('the most probable class is the answer', () => {
  expect(verdictOf(seesTwo)).toEqual({
    best: 2,
    probability: 0.75,
    flippedFrom: undefined,
    isRight: undefined,
  });
});

test('a class that differs from the one on the original is a flip', () => {
  expect(verdictOf(seesTwo, { original: seesOne }).flippedFrom).toBe(1);
  expect(verdictOf(seesTwo, { original: seesTwo }).flippedFrom).toBeUndefined();
});

test('a flip can be right, and an answer that stays can be wrong', () => {
  expect(verdictOf(seesTwo, { original: seesOne, label: 2 })).toMatchObject({
    flippedFrom: 1,
    isRight: true,
  });
  expect(verdictOf(seesOne, { original: seesOne, label: 2 })).toMatchObject({
    flippedFrom: undefined,
    isRight: false,
  });
});
