/** Values at 1, 2 and 5 times powers of ten, or powers of ten alone where these are enough. */
export function logTicks(low: number, high: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const steps =
    Math.log10(high / low) > 3
      ? [1]
      : Math.log10(high / low) > 0.5
        ? [1, 2, 5]
        : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
  return powers
    .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
    .filter((value) => value >= low && value <= high);
}
