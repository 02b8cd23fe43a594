import { expect, it } from 'vitest';
import { median, spread } from './statistics.ts';

it('takes the middle of an odd number of values, in whatever order they come', () => {
  expect(median([9, 1, 5])).toBe(5);
});

it('takes the mean of the two in the middle of an even number of values', () => {
  expect(median([4, 1, 10, 2])).toBe(3);
});

it('compares numbers as numbers and not as texts', () => {
  expect(median([10, 9, 100])).toBe(10);
});

it('refuses the median of nothing', () => {
  expect(() => median([])).toThrow(/measure at least once/);
});

it('gives the least and the greatest', () => {
  expect(spread([3, -1, 2])).toEqual([-1, 3]);
});
