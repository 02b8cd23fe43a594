/** Where the accuracy on one kind of images falls below a limit. */
export type BreakingPoint =
  /** Already below without any perturbation. */
  | { readonly kind: 'from-start' }
  /** First below between two strengths that were tried; `at` is where the straight line between them crosses the limit. */
  | { readonly kind: 'at'; readonly at: number; readonly holds: number; readonly breaks: number }
  /** At no strength that was tried. */
  | { readonly kind: 'never' };

/**
 * Where accuracy first falls below a limit.
 *
 * @param strengths ascending, the first being no perturbation
 * @param accuracies at each of them, in [0, 1]
 * @param limit accuracy that still counts as recognising
 */
export function breakingPoint(
  strengths: readonly number[],
  accuracies: readonly number[],
  limit: number,
): BreakingPoint {
  const below = accuracies.findIndex((accuracy) => accuracy < limit);
  if (below === -1) return { kind: 'never' };
  if (below === 0) return { kind: 'from-start' };
  const [holds, breaks] = [strengths[below - 1], strengths[below]];
  const [before, after] = [accuracies[below - 1], accuracies[below]];
  return { kind: 'at', at: holds + ((before - limit) / (before - after)) * (breaks - holds), holds, breaks };
}

/** The order in which they break: from the start, then by strength, then those that never do. */
export function compareBreakingPoints(a: BreakingPoint, b: BreakingPoint): number {
  const place = (point: BreakingPoint): number =>
    point.kind === 'from-start' ? -Infinity : point.kind === 'never' ? Infinity : point.at;
  const [first, second] = [place(a), place(b)];
  // Two infinities of a kind have no difference.
  return first === second ? 0 : first - second;
}
