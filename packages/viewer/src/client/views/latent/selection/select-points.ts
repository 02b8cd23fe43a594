import { polygonContains } from 'd3-polygon';

/**
 * Points within a closed polygon. Where its line crosses itself, a place is inside if a ray from it crosses the line an
 * odd number of times.
 *
 * @param coordinates float32 `[points, 2]`
 * @param options.polygon corners in the map's units, any number; fewer than 3 hold nothing
 * @param options.shown `[points]`, 0 for a point that is hidden, which is left out
 * @returns indices, ascending
 */
export function pointsInPolygon(
  coordinates: Float32Array,
  { polygon, shown }: { polygon: readonly (readonly [number, number])[]; shown: Uint8Array },
): number[] {
  const corners = polygon.map(([x, y]): [number, number] => [x, y]);
  const found: number[] = [];
  for (let i = 0; i < shown.length; i++) {
    if (shown[i] !== 0 && polygonContains(corners, [coordinates[2 * i], coordinates[2 * i + 1]]))
      found.push(i);
  }
  return found;
}

/**
 * The points nearest to one on the map, itself among them.
 *
 * @param coordinates float32 `[points, 2]`
 * @param options.count how many; fewer where fewer are shown
 * @returns indices, ascending
 */
export function pointsAround(
  coordinates: Float32Array,
  { centre, count, shown }: { centre: number; count: number; shown: Uint8Array },
): number[] {
  const distance = (i: number): number =>
    Math.hypot(
      coordinates[2 * i] - coordinates[2 * centre],
      coordinates[2 * i + 1] - coordinates[2 * centre + 1],
    );
  return Array.from(shown.keys())
    .filter((i) => shown[i] !== 0)
    .map((i) => ({ i, distance: distance(i) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ i }) => i)
    .sort((a, b) => a - b);
}

/**
 * Points of a class, hidden or not.
 *
 * @param labels `[points]` or longer
 * @returns indices, ascending
 */
export function pointsOfClass(
  labels: Uint8Array,
  { label, points }: { label: number; points: number },
): number[] {
  return Array.from({ length: points }, (_, i) => i).filter((i) => labels[i] === label);
}
