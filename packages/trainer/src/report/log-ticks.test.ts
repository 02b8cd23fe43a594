import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logTicks } from './log-ticks.ts';

describe('logTicks', () => {
  test('stand at 1, 2 and 5', () => {
    expect(logTicks(0.0034, 0.034)).toEqual([0.005, 0.01, 0.02]);
  });

  test('are powers of ten over many of them, and closer within one', () => {
    expect(logTicks(0.00005, 2)).toEqual([0.0001, 0.001, 0.01, 0.1, 1]);
    expect(logTicks(0.019, 0.062)).toEqual([0.02, 0.03, 0.05]);
  });

  test('are evenly spaced round numbers around a single value', () => {
    expect(logTicks(0.0117 / 1.15, 0.0117 * 1.15)).toEqual([0.011, 0.012, 0.013]);
    expect(logTicks(0.019, 0.042)).toEqual([0.02, 0.025, 0.03, 0.035, 0.04]);
  });

  test('are at least two, ascending, few, and within the range', () => {
    const lows = fc.double({ min: -9, max: 9, noNaN: true }).map((power) => 10 ** power);
    const ratios = fc.double({ min: Math.log10(1.3), max: 8, noNaN: true }).map((power) => 10 ** power);
    fc.assert(
      fc.property(lows, ratios, (low, ratio) => {
        const ticks = logTicks(low, low * ratio);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(10);
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
        expect(ticks[0]).toBeGreaterThanOrEqual(low);
        expect(ticks.at(-1)!).toBeLessThanOrEqual(low * ratio);
      }),
      { numRuns: 2000 },
    );
  });
});
