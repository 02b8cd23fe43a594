import { randomStream } from '@narrows/shared';
import type { Points } from '../points.ts';

/** Normally distributed points around 0, of variance 1 along each coordinate. */
export function drawPoints(count: number, width: number, seed = 1): Points {
  const stream = randomStream(seed, 'points');
  return { values: Float32Array.from({ length: count * width }, () => stream.nextNormal()), count };
}

/**
 * Points in three clusters of as many points each, in turn, `distance` apart along one coordinate each; with variance 1
 * within.
 */
export function drawClusters(
  count: number,
  { width = 5, distance = 20 }: { width?: number; distance?: number } = {},
): { points: Points; labels: Uint8Array } {
  const { values } = drawPoints(count, width);
  const labels = Uint8Array.from({ length: count }, (_, point) => point % 3);
  for (let point = 0; point < count; point++) values[point * width + labels[point]] += distance;
  return { points: { values, count }, labels };
}

/** Squared distances of all points from one, `[count]`, in float64 from the definition. */
export function squaredDistancesFrom({ values, count }: Points, point: number): Float64Array {
  const width = values.length / count;
  const squared = new Float64Array(count);
  for (let other = 0; other < count; other++) {
    for (let i = 0; i < width; i++)
      squared[other] += (values[point * width + i] - values[other * width + i]) ** 2;
  }
  return squared;
}

/** The `k` other points nearest to one by its distances: nearest first, and of equally near ones the lower first. */
export function nearestOf(distances: Float64Array, { point, k }: { point: number; k: number }): number[] {
  const found: number[] = [];
  for (let other = 0; other < distances.length; other++) {
    if (other === point) continue;
    let place = found.length;
    while (place > 0 && isNearer(distances, other, found[place - 1])) place--;
    if (place < k) found.splice(place, 0, other);
    if (found.length > k) found.pop();
  }
  return found;
}

/** Whether point `a` comes before point `b` in the order of distances, and of index among equal ones. */
export function isNearer(distances: Float64Array, a: number, b: number): boolean {
  return distances[a] < distances[b] || (distances[a] === distances[b] && a < b);
}
