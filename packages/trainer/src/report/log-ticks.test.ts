import { describe, expect, test } from 'vitest';
import { logTicks } from './log-ticks.ts';

describe('logTicks', () => {
  test('stand at 1, 2 and 5', () => {
    expect(logTicks(0.0034, 0.034)).toEqual([0.005, 0.01, 0.02]);
  });

  test('are powers of ten over many of them, and closer within one', () => {
    expect(logTicks(0.00005, 2)).toEqual([0.0001, 0.001, 0.01, 0.1, 1]);
    expect(logTicks(0.019, 0.042)).toEqual([0.02, 0.03, 0.04]);
  });
});
