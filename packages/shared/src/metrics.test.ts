import { describe, expect, it, test } from 'vitest';
import { meanSquaredError, psnr } from './metrics.ts';

describe('meanSquaredError', () => {
  it('is the mean of the squared differences', () => {
    expect(meanSquaredError(Float32Array.of(0, 0.5, 1, 0), Float32Array.of(0, 0, 0, 2))).toBe(5.25 / 4);
  });

  it('adds up in float64', () => {
    // 2^24 + 1 is no float32: a float32 sum of ones stops there.
    const count = 2 ** 24 + 2;
    expect(meanSquaredError(new Float32Array(count).fill(1), new Float32Array(count))).toBe(1);
  });

  it('refuses lists that differ in length or are empty', () => {
    expect(() => meanSquaredError(new Float32Array(2), new Float32Array(3))).toThrow(
      new TypeError('Cannot compare values: both lists need the same length of at least 1, not 2 and 3.'),
    );
    expect(() => meanSquaredError(new Float32Array(), new Float32Array())).toThrow(TypeError);
  });

  test.each([NaN, Infinity])('refuses %d', (value) => {
    const message = `Cannot compare values: all must be finite, but at 1 they are 0 and ${value}.`;
    expect(() => meanSquaredError(new Float32Array(2), Float32Array.of(0, value))).toThrow(
      new RangeError(message),
    );
  });
});

describe('psnr', () => {
  test.each([
    [1, 0],
    [0.01, 20],
    [0.0090468, 20.43505],
    [0, Infinity],
  ])('of %d is %d dB', (mse, decibels) => {
    expect(psnr(mse)).toBeCloseTo(decibels, 5);
  });

  test.each([-0.1, NaN, Infinity])('refuses %d', (mse) => {
    expect(() => psnr(mse)).toThrow(RangeError);
  });
});
