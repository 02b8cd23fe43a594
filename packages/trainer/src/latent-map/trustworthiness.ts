import type { Engine } from '../engine/engine.ts';
import { distanceBlocks, type DistanceBlock } from './distance-blocks.ts';
import type { NearestNeighbours } from './nearest-neighbours.ts';
import { squaredDistance, type Points } from './points.ts';

/**
 * How far neighbours on a map can be trusted to be neighbours in the space that was mapped, from 0 to 1:
 *
 *     1 − 2 / (n·k·(2n − 3k − 1)) · Σᵢ Σⱼ max(0, r(i, j) − k)
 *
 * where j runs through the k nearest neighbours of point i on the map and r(i, j) is the rank of j among the neighbours
 * of i in the space, 1 for the nearest; of points at equal distance the one of lower index ranks before the other.
 * Euclidean distances throughout, compared in float64. O(n²·d).
 *
 * Source: J. Venna, S. Kaski, "Neighborhood preservation in nonlinear projection methods: an experimental study", 2001,
 * https://doi.org/10.1007/3-540-44668-0_68; the same as `trustworthiness` of scikit-learn.
 *
 * @param space the points before they were mapped.
 * @param k how many neighbours count: at least 1, fewer than half of the points.
 * @param neighbours nearest neighbours of the same points on the map, at least `k` each.
 * @throws RangeError when `k` is out of range or `neighbours` are of another number of points.
 */
export async function measureTrustworthiness(
  engine: Engine,
  space: Points,
  { neighbours, k }: { neighbours: NearestNeighbours; k: number },
): Promise<number> {
  const { count } = space;
  if (neighbours.count !== count) {
    throw new RangeError(
      `Cannot measure trustworthiness: the map must have as many points as the space, and has ${neighbours.count} ` +
        `for ${count}.`,
    );
  }
  if (!Number.isInteger(k) || k < 1 || k > neighbours.k || 2 * k >= count) {
    throw new RangeError(
      `Cannot measure trustworthiness of ${k} neighbours: their number must be at least 1, at most ${neighbours.k}, ` +
        `as many as were found, and less than half of ${count}, the number of points.`,
    );
  }
  const ranks = new Int32Array(k);
  let penalty = 0;
  for await (const block of distanceBlocks(engine, space)) {
    for (let row = 0; row < block.rows; row++) {
      const point = block.first + row;
      const others = neighbours.indices.subarray(point * neighbours.k, point * neighbours.k + k);
      rankOthers(space, block, { point, others, ranks });
      for (const rank of ranks) penalty += Math.max(0, rank - k);
    }
  }
  return 1 - (2 * penalty) / (count * k * (2 * count - 3 * k - 1));
}

/** Finds the `ranks` of `others` among the neighbours of `point`, one of the block's, in no particular order. */
function rankOthers(
  space: Points,
  { first, squared, scale, tolerance }: DistanceBlock,
  { point, others, ranks }: { point: number; others: Int32Array; ranks: Int32Array },
): void {
  const { count } = space;
  const k = others.length;
  const ordered = Array.from(others, (index) => ({
    index,
    squared: squaredDistance(space, point, index),
  })).sort((a, b) => a.squared - b.squared || a.index - b.index);
  const levels = Float64Array.from(ordered, (other) => other.squared * scale ** 2);
  const start = (point - first) * count;
  const farthest = levels[k - 1] + tolerance;
  // At first, how many points come right before each of the others, with none of them between.
  ranks.fill(0);
  for (let index = 0; index < count; index++) {
    const approximate = squared[start + index];
    if (approximate > farthest || index === point) continue;
    let position = k;
    while (position > 0 && approximate < levels[position - 1] - tolerance) position--;
    // Where that is too close to call, the exact distances decide.
    if (position > 0 && approximate <= levels[position - 1] + tolerance) {
      const exact = squaredDistance(space, point, index);
      while (position > 0) {
        const other = ordered[position - 1];
        if (exact > other.squared || (exact === other.squared && index >= other.index)) break;
        position--;
      }
    }
    if (position < k) ranks[position]++;
  }
  let before = 0;
  for (let position = 0; position < k; position++) {
    before += ranks[position];
    ranks[position] = before + 1;
  }
}
