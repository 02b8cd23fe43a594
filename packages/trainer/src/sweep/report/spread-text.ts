import type { SweepSpread } from '@narrows/shared';

/**
 * A number over the seeds as `mean ± sd`, in units of `scale` and with so many digits; without `± sd` for a single trial.
 */
export function spreadText(
  { mean, std }: SweepSpread,
  { digits, trials, scale = 1 }: { digits: number; trials: number; scale?: number },
): string {
  const value = (scale * mean).toFixed(digits);
  return trials === 1 ? value : `${value} ± ${(scale * std).toFixed(digits)}`;
}
