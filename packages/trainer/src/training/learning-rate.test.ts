import { describe, expect, test } from 'vitest';
import { averageDecayAt, learningRateAt, type LearningRateSchedule } from './learning-rate.ts';

const ratesOf = (schedule: LearningRateSchedule): number[] =>
  Array.from({ length: schedule.totalSteps }, (_, i) => learningRateAt(i + 1, schedule));

describe('learningRateAt', () => {
  test('is the peak all along for a constant schedule', () => {
    expect(ratesOf({ peak: 0.3, schedule: 'constant', warmupSteps: 0, totalSteps: 4 })).toEqual([
      0.3, 0.3, 0.3, 0.3,
    ]);
  });

  test('rises to the peak in equal parts, and stays there for a constant schedule', () => {
    expect(ratesOf({ peak: 2, schedule: 'constant', warmupSteps: 4, totalSteps: 6 })).toEqual([
      0.5, 1, 1.5, 2, 2, 2,
    ]);
  });

  test('begins at the peak and would reach 0 one step after the last for a cosine', () => {
    const schedule = { peak: 0.25, schedule: 'cosine', warmupSteps: 0, totalSteps: 100 } as const;
    expect(learningRateAt(1, schedule)).toBe(0.25);
    expect(learningRateAt(51, schedule)).toBeCloseTo(0.125, 15);
    expect(learningRateAt(26, schedule)).toBeCloseTo(0.125 * (1 + Math.SQRT1_2), 15);
    expect(learningRateAt(100, schedule)).toBeGreaterThan(0);
    expect(learningRateAt(100, schedule)).toBeLessThan(1e-3 * 0.25);
    expect(learningRateAt(101, schedule)).toBe(0);
    const rates = ratesOf(schedule);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
    // Over the whole of it, half the peak; a sum over n steps has half a step of it more.
    expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(0.25 * 50.5, 10);
  });

  test('a cosine begins after the warm-up', () => {
    const rates = ratesOf({ peak: 8, schedule: 'cosine', warmupSteps: 2, totalSteps: 6 });
    const expected = [4, 8, 8, 4 * (1 + Math.SQRT1_2), 4, 4 * (1 - Math.SQRT1_2)];
    expect(rates).toHaveLength(6);
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(expected[i], 14);
    });
  });

  test.each(['constant', 'cosine'] as const)(
    'a warm-up that is as long as the training, or longer, only rises (%s)',
    (schedule) => {
      expect(ratesOf({ peak: 3, schedule, warmupSteps: 3, totalSteps: 3 })).toEqual([1, 2, 3]);
      expect(ratesOf({ peak: 3, schedule, warmupSteps: 6, totalSteps: 3 })).toEqual([0.5, 1, 1.5]);
    },
  );
});

describe('averageDecayAt', () => {
  test('begins at (1 + step) / (10 + step) and never exceeds what is asked for', () => {
    expect([1, 2, 8].map((step) => averageDecayAt(step, 0.999))).toEqual([2 / 11, 3 / 12, 0.5]);
    // From where (1 + n) / (10 + n) is 0.9, which is step 80.
    expect(averageDecayAt(79, 0.9)).toBe(80 / 89);
    expect([80, 81, 1e6].map((step) => averageDecayAt(step, 0.9))).toEqual([0.9, 0.9, 0.9]);
    expect(averageDecayAt(1, 0)).toBe(0);
  });
});
