import { linearTicks } from './linear-ticks.ts';

/**
 * Ticks of a logarithmic axis, at least two where `high` is 1.3 times `low` or more: powers of ten over more than three of
 * them, closer ones over less, and below a ratio of 3, where these would be too few, evenly spaced round numbers.
 *
 * @param low above 0 and below `high`
 */
export function logTicks(low: number, high: number): number[] {
  const ratio = high / low;
  if (ratio < 3) return linearTicks(low, high, { count: 4 });
  const from = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => from + i);
  // Two ticks are sure where the ratio is at least that of any three steps' outer ones: 5 of these, 3 of the closer ones.
  const steps = ratio > 1000 ? [1] : ratio >= 5 ? [1, 2, 5] : [1, 2, 3, 5, 7];
  return powers
    .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
    .filter((value) => value >= low && value <= high);
}
