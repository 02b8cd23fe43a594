/**
 * Whole multiples of 1, 2 or 5 times a power of ten from `low` to `high`, about `count` of them: with a count of 4 at least
 * 2 and at most 7, with one of 6 at least 3 and at most 10. The step is chosen as by d3-array's `ticks`.
 *
 * @param low finite, below `high`
 */
export function linearTicks(low: number, high: number, { count }: { count: number }): number[] {
  const ideal = (high - low) / count;
  const power = Math.floor(Math.log10(ideal));
  const excess = ideal / 10 ** power;
  const factor = excess >= Math.sqrt(50) ? 10 : excess >= Math.sqrt(10) ? 5 : excess >= Math.sqrt(2) ? 2 : 1;
  const step = Number(`${factor}e${power}`);
  const from = Math.floor(low / step);
  // Made from their digits, for a multiple of 0.1 is seldom the decimal number that is meant.
  return Array.from({ length: Math.ceil(high / step) - from + 1 }, (_, i) =>
    Number(`${(from + i) * factor}e${power}`),
  ).filter((tick) => tick >= low && tick <= high);
}
