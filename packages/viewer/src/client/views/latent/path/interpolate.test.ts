import { expect, test } from 'vitest';
import { between, interpolate } from './interpolate.ts';

test('steps are equal and meet both ends', () => {
  const vectors = interpolate(Float32Array.of(0, 0.1), Float32Array.of(4, 0.3), { steps: 5 });
  expect(vectors.filter((_, i) => i % 2 === 0)).toEqual(Float32Array.of(0, 1, 2, 3, 4));
  expect(vectors[1]).toBe(Math.fround(0.1));
  expect(vectors[9]).toBe(Math.fround(0.3));
  expect(between(Float32Array.of(2), Float32Array.of(6), 0.25)).toEqual(Float32Array.of(3));
});
