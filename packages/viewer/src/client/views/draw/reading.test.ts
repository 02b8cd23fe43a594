import { expect, test } from 'vitest';
import { readAnswer } from './reading.ts';

const seesOne = Float32Array.of(0.25, 0.5, 0.25);
const seesTwo = Float32Array.of(0.125, 0.125, 0.75);

test('the most probable class is the answer', () => {
  expect(readAnswer(seesTwo)).toEqual({
    best: 2,
    probability: 0.75,
    flippedFrom: undefined,
    isRight: undefined,
    isLoss: false,
  });
});

test('a class that differs from the one on the original is a flip', () => {
  expect(readAnswer(seesTwo, { original: seesOne })).toMatchObject({ flippedFrom: 1, isLoss: true });
  expect(readAnswer(seesTwo, { original: seesTwo }).flippedFrom).toBeUndefined();
});

test('a flip can be right, and an answer that stays can be wrong', () => {
  expect(readAnswer(seesTwo, { original: seesOne, label: 2 })).toMatchObject({
    flippedFrom: 1,
    isRight: true,
    isLoss: false,
  });
  expect(readAnswer(seesOne, { original: seesOne, label: 2 })).toMatchObject({
    flippedFrom: undefined,
    isRight: false,
  });
});
