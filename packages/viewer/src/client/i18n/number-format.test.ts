import { afterEach, expect, test } from 'vitest';
import { language } from './language.ts';
import {
  formatBytes,
  formatCount,
  formatDecibels,
  formatFixed,
  formatMse,
  formatPercent,
  formatSeconds,
  formatSignificant,
  formatTick,
} from './number-format.ts';

afterEach(() => {
  language.value = 'en';
});

test('numbers are written as the language has it, also after it has changed', () => {
  const written = () => [formatCount(10_000), formatPercent(0.98266), formatFixed(0.5, 3)];
  expect(written()).toEqual(['10,000', '98.27 %', '0.500']);
  language.value = 'el';
  expect(written()).toEqual(['10.000', '98,27 %', '0,500']);
});

test('a loss of 1.234 is not one of 1,234 in Greek', () => {
  language.value = 'el';
  expect([formatSignificant(1.234, 4), formatSignificant(0.012, 4)]).toEqual(['1,234', '0,01200']);
});

test('what rounds to 0 has no sign', () => {
  expect([formatFixed(-0.004, 2), formatFixed(-0.006, 2)]).toEqual(['0.00', '-0.01']);
});

test.each([
  [0.009948, '0.009948'],
  [0.0999999, '0.100000'],
  [0.1, '0.1000'],
])('a mean squared error of %d is %s', (value, text) => {
  expect(formatMse(value)).toBe(text);
});

test.each([
  [0.02, '0.02'],
  [0.30000000000000004, '0.3'],
  [1234, '1,230'],
])('%d on an axis is %s', (value, text) => {
  expect(formatTick(value)).toBe(text);
});

test.each([
  [20.04, '20.0 dB'],
  [Infinity, '∞ dB'],
])('a signal-to-noise ratio of %d is %s', (value, text) => {
  expect(formatDecibels(value)).toBe(text);
});

test.each([
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_940, '9.9 kB'],
  [10_000, '10 kB'],
  [999_499, '999 kB'],
  [1_700_000, '1.7 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [-1, '0 s'],
  [59.4, '59 s'],
  [59.5, '1 min 00 s'],
  [125, '2 min 05 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
