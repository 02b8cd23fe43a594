import { describe, expect, test } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

describe('wilsonInterval', () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998,
  // table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d is what Newcombe publishes', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // Quantiles of the normal distribution as tables have them.
  test.each([
    [0.5, 0.6744897501960817],
    [0.9, 1.6448536269514722],
    [0.95, 1.959963984540054],
    [0.99, 2.5758293035489004],
    [0.999, 3.2905267314918945],
    [0.999999, 4.89163847569859],
  ])('at a confidence of %d its ends are z standard errors away', (confidence, z) => {
    const { low, high } = wilsonInterval(7, 10, { confidence });
    for (const end of [low, high]) {
      expect(Math.abs(end - 0.7) / Math.sqrt((end * (1 - end)) / 10)).toBeCloseTo(z, 8);
    }
  });

  test('more confidence takes more room, and more trials less', () => {
    const width = (...args: Parameters<typeof wilsonInterval>): number => {
      const { low, high } = wilsonInterval(...args);
      return high - low;
    };
    expect(width(90, 100, { confidence: 0.99 })).toBeGreaterThan(width(90, 100));
    expect(width(900, 1000)).toBeLessThan(width(90, 100));
  });

  test('it is its own mirror image', () => {
    const { low, high } = wilsonInterval(9889, 10_000);
    const mirrored = wilsonInterval(111, 10_000);
    expect(mirrored.low).toBeCloseTo(1 - high, 14);
    expect(mirrored.high).toBeCloseTo(1 - low, 14);
  });

  test('none and all reach the ends of [0, 1] exactly', () => {
    for (let trials = 1; trials < 100; trials++) {
      expect(wilsonInterval(0, trials).low).toBe(0);
      expect(wilsonInterval(trials, trials).high).toBe(1);
    }
  });

  test.each([
    [1, 0, 0.95, 'trials must be an integer of at least 1, not 0'],
    [1, 2.5, 0.95, 'trials must be an integer of at least 1, not 2.5'],
    [3, 2, 0.95, 'successes must be an integer from 0 to 2, not 3'],
    [-1, 2, 0.95, 'successes must be an integer from 0 to 2, not -1'],
    [0.5, 2, 0.95, 'successes must be an integer from 0 to 2, not 0.5'],
    [1, 2, 1, 'the confidence must lie between 0 and 1, not at 1'],
    [1, 2, 0, 'the confidence must lie between 0 and 1, not at 0'],
    [1, 2, NaN, 'the confidence must lie between 0 and 1, not at NaN'],
  ])('%d of %d at %d is refused', (successes, trials, confidence, message) => {
    expect(() => wilsonInterval(successes, trials, { confidence })).toThrow(
      new RangeError(`Cannot compute a Wilson interval: ${message}.`),
    );
  });
});
