import { describe, expect, it } from 'vitest';
import type { HostTensor } from './run-onnx.ts';
import { unexplainedDifference } from './unexplained-difference.ts';

const floats = (...elements: readonly number[]): HostTensor => ({
  shape: [elements.length],
  dtype: 'float32',
  data: Float32Array.from(elements),
});

describe('unexplainedDifference', () => {
  it.each([
    [7, NaN],
    [7, Infinity],
    [-Infinity, Infinity],
    [NaN, Infinity],
    [NaN, 7],
    [Infinity, 7],
    [7.01, 7],
  ])('finds %d in the place of %d', (actual, expected) => {
    const reference = floats(1, expected);
    const text = unexplainedDifference(floats(1, actual), reference, [reference]);
    expect(text).toContain('element 1 is ');
    expect(text).toContain(`, not ${expected} (±`);
  });

  it.each([
    [NaN, NaN],
    [-Infinity, -Infinity],
    [0, -0],
    [7.0001, 7],
  ])('finds nothing in %d for %d', (actual, expected) => {
    const reference = floats(1, expected);
    expect(unexplainedDifference(floats(1, actual), reference, [reference])).toBeUndefined();
  });

  it('allows what other roundings change, which is anything where they make an infinity', () => {
    expect(unexplainedDifference(floats(1.5), floats(1), [floats(1.1)])).toBeUndefined();
    expect(unexplainedDifference(floats(2.5), floats(1), [floats(1.1)])).toBe(
      'element 0 is 2.5, not 1 (± 1.0e+0)',
    );
    expect(unexplainedDifference(floats(7), floats(NaN), [floats(1)])).toBeUndefined();
  });

  it('tells another shape and dtype', () => {
    expect(unexplainedDifference(floats(1), floats(1, 2), [])).toBe('is float32[1], not float32[2]');
  });
});
