import { expect, it } from 'vitest';
import { softmax } from './softmax.ts';

it('gives probabilities in the ratio of the exponentials, row by row', () => {
  const [a, b, c, d] = softmax(Float32Array.of(0, Math.log(3), Math.log(4), 0), 2);
  expect(a).toBeCloseTo(1 / 4, 6);
  expect(b).toBeCloseTo(3 / 4, 6);
  expect(c).toBeCloseTo(4 / 5, 6);
  expect(d).toBeCloseTo(1 / 5, 6);
});

it('overflows for no logits', () => {
  expect(softmax(Float32Array.of(1e30, -1e30, 0), 3)).toEqual(Float32Array.of(1, 0, 0));
});
