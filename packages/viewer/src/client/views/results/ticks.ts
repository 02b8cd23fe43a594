/** Whole epochs from 1 to `epochs` to mark on an axis, the first among them, so many or one more at most. */
export function wholeTicks(epochs: number, most: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => epochs / size <= most) ?? 1000;
  const ticks = Array.from({ length: Math.floor(epochs / step) }, (_, i) => (i + 1) * step);
  return step === 1 ? ticks : [1, ...ticks];
}

/** Values from `low` to `high`, both above 0, to mark on a logarithmic axis: as round as leaves at least three. */
export function logTicks(low: number, high: number): number[] {
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high / low)) + 2 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const within = (factors: readonly number[]): number[] =>
    decades
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((value) => value >= low && value <= high);
  const steps = (perUnit: number): number[] => Array.from({ length: 9 * perUnit }, (_, i) => 1 + i / perUnit);
  const choices = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], steps(4), steps(20)];
  return choices.map(within).find((ticks) => ticks.length >= 3) ?? [low, high];
}
