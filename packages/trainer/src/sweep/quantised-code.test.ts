import { describe, expect, test } from 'vitest';
import { codeRange, CodeTally, levelValues, quantiseLatents } from './quantised-code.ts';

describe('the range', () => {
  test('is of each coordinate by itself', () => {
    const { low, high } = codeRange(Float32Array.of(1, -5, 3, 7, 2, 0), 2);
    expect([[...low], [...high]]).toStrictEqual([
      [1, -5],
      [3, 7],
    ]);
  });

  test('refuses half a vector and none', () => {
    expect(() => codeRange(Float32Array.of(1, 2, 3), 2)).toThrow('one or more vectors of 2');
    expect(() => codeRange(new Float32Array(), 2)).toThrow(TypeError);
  });
});

describe('quantising', () => {
  const range = { low: Float32Array.of(-1, 0), high: Float32Array.of(1, 0) };

  test('spreads 256 levels over the range, ends included, and clips what lies outside', () => {
    const first = [-1, 1, 0, -1.5, 9, -1 + 2 / 255, -1 + 2.9 / 255];
    const levels = quantiseLatents(Float32Array.from(first.flatMap((value) => [value, 0])), range);
    expect([...levels].filter((_, i) => i % 2 === 0)).toStrictEqual([0, 255, 128, 0, 255, 1, 1]);
  });

  test('gives a coordinate that never changes level 0 and its value back', () => {
    const still = { low: Float32Array.of(0.25), high: Float32Array.of(0.25) };
    const levels = quantiseLatents(Float32Array.of(0.25, 3), still);
    expect([...levels]).toStrictEqual([0, 0]);
    expect([...levelValues(levels, still)]).toStrictEqual([0.25, 0.25]);
  });

  test('comes back within half a step', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const own = codeRange(values, 1);
    const back = levelValues(quantiseLatents(values, own), own);
    const half = (own.high[0] - own.low[0]) / 255 / 2;
    const largest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - back[i])), 0);
    expect(largest).toBeLessThanOrEqual(half * 1.0001);
    expect(largest).toBeGreaterThan(0.9 * half);
  });
});

describe('bits per image', () => {
  test('are the entropies of the coordinates, summed: worked out by hand', () => {
    // First coordinate: ½, ¼, ¼ → ½·1 + ¼·2 + ¼·2 = 1.5 bits. Second: always 9 → 0. Third: ¼ four times → 2 bits.
    const tally = new CodeTally(3);
    tally.add(Uint8Array.of(0, 9, 10, 0, 9, 20));
    tally.add(Uint8Array.of(255, 9, 30, 7, 9, 40));
    expect(tally.bitsPerImage()).toBe(3.5);
  });

  test('are 8 for a coordinate with all levels alike', () => {
    const tally = new CodeTally(1);
    tally.add(Uint8Array.from({ length: 512 }, (_, i) => i % 256));
    expect(tally.bitsPerImage()).toBeCloseTo(8, 12);
  });

  test('need an image', () => {
    expect(() => new CodeTally(2).bitsPerImage()).toThrow('add at least one image first');
  });
});
