/** A choice with two costs. */
export interface Costs {
  readonly x: number;
  readonly y: number;
}

/**
 * Which choices are worth having: those for which no other costs at most as much in both respects and less in one (Pareto
 * 1906). Of equal ones all are. Negate what should be large.
 *
 * @param choices finite costs
 * @returns their indices, by ascending `x`, then by place
 */
export function paretoFront(choices: readonly Costs[]): number[] {
  const isBeaten = ({ x, y }: Costs): boolean =>
    choices.some((other) => other.x <= x && other.y <= y && (other.x < x || other.y < y));
  return choices
    .map((_, i) => i)
    .filter((i) => !isBeaten(choices[i]))
    .sort((a, b) => choices[a].x - choices[b].x || a - b);
}
