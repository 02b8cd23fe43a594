import type { Placement } from './lab-api.ts';

/** Neighbours that a placement names. */
const neighbourCount = 10;

/**
 * Places a point on a map of others: finds its nearest ones by Euclidean distance, exactly, and takes the mean of their
 * places weighted by 1 / distance. Where one coincides with it, that one's place.
 *
 * @param point float32 `[width]`
 * @param points float32 or uint8 `[count, width]`, count ≥ 1
 * @param map float32 `[count, 2]`
 * @param options.scale what `points` are multiplied by, 1 / 255 for pixels as bytes
 */
export function placeOnMap(
  point: Float32Array,
  points: Float32Array | Uint8Array,
  map: Float32Array,
  { scale = 1 }: { scale?: number } = {},
): Placement {
  const width = point.length;
  const count = map.length / 2;
  const distances = new Float64Array(count);
  const target = point.map((value) => value / scale);
  for (let other = 0; other < count; other++) {
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const difference = points[other * width + i] - target[i];
      sum += difference * difference;
    }
    distances[other] = Math.sqrt(sum) * scale;
  }
  const neighbours = nearest(distances).map((index) => ({ index, distance: distances[index] }));
  return { neighbours, at: meanPlace(neighbours, map) };
}

/** Indices of the smallest values, ascending; of equal ones the lower index first. */
function nearest(distances: Float64Array): number[] {
  const found: number[] = [];
  for (let index = 0; index < distances.length; index++) {
    if (found.length === neighbourCount && distances[index] >= distances[found.at(-1)!]) continue;
    const at = found.findIndex((other) => distances[index] < distances[other]);
    found.splice(at === -1 ? found.length : at, 0, index);
    if (found.length > neighbourCount) found.pop();
  }
  return found;
}

function meanPlace(neighbours: Placement['neighbours'], map: Float32Array): [number, number] {
  const [closest] = neighbours;
  if (closest.distance === 0) return [map[2 * closest.index], map[2 * closest.index + 1]];
  const sums = [0, 0, 0];
  for (const { index, distance } of neighbours) {
    const weight = 1 / distance;
    sums[0] += weight * map[2 * index];
    sums[1] += weight * map[2 * index + 1];
    sums[2] += weight;
  }
  return [sums[0] / sums[2], sums[1] / sums[2]];
}
