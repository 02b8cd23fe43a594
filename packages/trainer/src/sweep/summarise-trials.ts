import type { SweepResult, SweepSpread, SweepSummary, SweepTrial } from '@narrows/shared';
import { paretoFront } from './pareto-front.ts';

/** Percentage points below the originals' accuracy at which a family is said to have fallen. */
export const thresholdPoints = [1, 5] as const;

/**
 * Mean, extremes and sample standard deviation (n − 1 in the denominator, 0 for a single value).
 *
 * @param values at least one, finite
 */
export function spreadOf(values: readonly number[]): SweepSpread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const std = values.length === 1 ? 0 : Math.sqrt(squares / (values.length - 1));
  // The mean of equal values can differ from them in its last bit, and must not leave its own range.
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { mean: Math.min(max, Math.max(min, mean)), min, max, std };
}

/** Sums trials up over their seeds: one entry for each family and width, in the order in which they first come. */
export function summariseTrials(trials: readonly SweepTrial[]): SweepSummary[] {
  const groups = new Map<string, SweepTrial[]>();
  for (const trial of trials) {
    const key = `${trial.family} ${trial.latent}`;
    groups.set(key, [...(groups.get(key) ?? []), trial]);
  }
  return [...groups.values()].map((group) => {
    const [{ family, latent, parameterCount }] = group;
    const over = (read: (trial: SweepTrial) => number): SweepSpread => spreadOf(group.map(read));
    return {
      family,
      latent,
      parameterCount,
      trials: group.length,
      plain: {
        mse: over(({ plain }) => plain.mse),
        accuracy: over(({ plain }) => plain.accuracy),
        crossEntropy: over(({ plain }) => plain.crossEntropy),
      },
      coded: {
        bits: over(({ coded }) => coded.bits),
        mse: over(({ coded }) => coded.mse),
        accuracy: over(({ coded }) => coded.accuracy),
        crossEntropy: over(({ coded }) => coded.crossEntropy),
      },
    };
  });
}

/**
 * The narrowest width of each family from which on, up to its widest, the mean accuracy stays within so many percentage
 * points of the originals'; `null` where not even the widest does.
 *
 * @param originals accuracy on the original images, in [0, 1]
 */
export function findThresholds(
  summaries: readonly SweepSummary[],
  originals: number,
): SweepResult['thresholds'] {
  const families = [...new Set(summaries.map(({ family }) => family))];
  return families.flatMap((family) =>
    thresholdPoints.map((points) => {
      const fromWidest = summaries
        .filter((summary) => summary.family === family)
        .sort((a, b) => b.latent - a.latent);
      // Accuracies are counts over counts: a billionth of a point is rounding.
      const fallen = fromWidest.findIndex(
        ({ plain }) => 100 * (originals - plain.accuracy.mean) > points + 1e-9,
      );
      const holding = fallen === -1 ? fromWidest : fromWidest.slice(0, fallen);
      return { family, points, latent: holding.at(-1)?.latent ?? null };
    }),
  );
}

/** The Pareto fronts of `sweep.json`. */
export function findFronts(summaries: readonly SweepSummary[]): SweepResult['fronts'] {
  const front = (x: (summary: SweepSummary) => number, y: (summary: SweepSummary) => number) =>
    paretoFront(summaries.map((summary) => ({ x: x(summary), y: y(summary) }))).map((i) => {
      const { family, latent } = summaries[i];
      return { family, latent };
    });
  return {
    latentAccuracy: front(
      ({ latent }) => latent,
      ({ plain }) => -plain.accuracy.mean,
    ),
    latentMse: front(
      ({ latent }) => latent,
      ({ plain }) => plain.mse.mean,
    ),
    bitsAccuracy: front(
      ({ coded }) => coded.bits.mean,
      ({ coded }) => -coded.accuracy.mean,
    ),
  };
}
