import type { SweepResult } from './sweep-result.ts';

/** A place where a sweep's result contradicts itself, and the rule that it breaks. */
export interface SweepContradiction {
  readonly path: (string | number)[];
  /** The rule, to follow the place. */
  readonly message: string;
}

/**
 * Where a sweep's result contradicts itself. These rules hold in one that doesn't:
 *
 * - ids of trials differ, also from those that failed; each trial is of a family and width of the grid, and of one of its
 *   seeds or none;
 * - widths ascend, and families and seeds are named once;
 * - a latent vector takes 32 bits for each of its values;
 * - each summary is of trials that are there, of a family and width at most once, and counts them;
 * - thresholds and fronts speak of points that are there;
 * - there are no more test images than the dataset has, and paths of files differ, also where a file system ignores case.
 *
 * @returns nothing if there are none
 */
export function* sweepContradictions(result: SweepResult): Generator<SweepContradiction> {
  const { grid, trials, failures, dataset, testCount, files } = result;
  const disorder = grid.latents.findIndex((latent, i) => i > 0 && latent <= grid.latents[i - 1]);
  if (disorder !== -1) yield { path: ['grid', 'latents', disorder], message: 'must ascend' };
  for (const key of ['families', 'seeds'] as const) {
    const again = repeated(grid[key]);
    if (again !== -1) yield { path: ['grid', key, again], message: 'must differ from those before' };
  }
  const again = repeated([...trials, ...failures].map(({ id }) => id));
  if (again !== -1) {
    const path = again < trials.length ? ['trials', again, 'id'] : ['failures', again - trials.length, 'id'];
    yield { path, message: 'must differ from the ids of the trials before' };
  }
  for (const [i, { family, latent, seed, plain }] of trials.entries()) {
    const path = ['trials', i];
    if (!grid.families.includes(family))
      yield { path: [...path, 'family'], message: 'must be one of the grid' };
    if (!grid.latents.includes(latent))
      yield { path: [...path, 'latent'], message: 'must be one of the grid' };
    if (seed !== null && !grid.seeds.includes(seed)) {
      yield { path: [...path, 'seed'], message: 'must be one of the grid, or null' };
    }
    if (plain.bits !== 32 * latent) {
      yield { path: [...path, 'plain', 'bits'], message: `must be ${32 * latent}, 32 for each latent value` };
    }
  }
  if (testCount > dataset.testCount) {
    yield { path: ['testCount'], message: `must be at most ${dataset.testCount}, the test images there are` };
  }
  const path = repeated(files.map((file) => file.path.toLowerCase()));
  if (path !== -1) {
    yield {
      path: ['files', path, 'path'],
      message: 'must differ from the paths before it by more than case',
    };
  }
  yield* summaryContradictions(result);
}

function* summaryContradictions({
  trials,
  summaries,
  thresholds,
  fronts,
}: SweepResult): Generator<SweepContradiction> {
  const counts = new Map<string, number>();
  for (const trial of trials) counts.set(pointOf(trial), (counts.get(pointOf(trial)) ?? 0) + 1);
  const points = summaries.map(pointOf);
  const again = repeated(points);
  if (again !== -1) {
    yield { path: ['summaries', again], message: 'must be of another family or width than those before' };
  }
  for (const [i, summary] of summaries.entries()) {
    const expected = counts.get(points[i]) ?? 0;
    if (summary.trials !== expected) {
      yield { path: ['summaries', i, 'trials'], message: `must be ${expected}, the trials there are` };
    }
  }
  const unsummed = [...counts.keys()].find((point) => !points.includes(point));
  if (unsummed !== undefined) yield { path: ['summaries'], message: `must have one of "${unsummed}"` };
  for (const [i, { family, latent }] of thresholds.entries()) {
    const isThere =
      latent === null
        ? summaries.some((summary) => summary.family === family)
        : points.includes(pointOf({ family, latent }));
    if (!isThere) yield { path: ['thresholds', i], message: 'must be of a point that has a summary' };
  }
  for (const [name, front] of Object.entries(fronts)) {
    const missing = front.findIndex((point) => !points.includes(pointOf(point)));
    if (missing !== -1)
      yield { path: ['fronts', name, missing], message: 'must be a point that has a summary' };
  }
}

function pointOf({ family, latent }: { family: string; latent: number }): string {
  return `${family} at ${latent}`;
}

/** Where a value comes a second time, or -1. */
function repeated(values: readonly unknown[]): number {
  return values.findIndex((value, i) => values.indexOf(value) < i);
}
