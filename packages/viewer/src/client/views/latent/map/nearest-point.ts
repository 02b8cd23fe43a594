/**
 * The point nearest to a place, among those shown. It looks at each: 10,000 take some 20 µs, which no index of them would
 * repay.
 *
 * @param coordinates float32 `[points, 2]`
 * @param options.shown `[points]`, 0 for a point that is hidden
 * @param options.within how far it may be, in the map's units
 * @returns its index; `undefined` where there is none so near
 */
export function nearestPoint(
  coordinates: Float32Array,
  [x, y]: readonly [number, number],
  { shown, within }: { shown: Uint8Array; within: number },
): number | undefined {
  let best: number | undefined;
  let least = within * within;
  for (let i = 0; i < shown.length; i++) {
    if (shown[i] === 0) continue;
    const dx = coordinates[2 * i] - x;
    const dy = coordinates[2 * i + 1] - y;
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** The ways that arrow keys lead, in the map's units: up is towards larger y. */
export const directions = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
} as const satisfies Record<string, readonly [number, number]>;

/**
 * The next point from one in a direction: of those less than 45° off it the one with the smallest sum of distance along
 * and twice the distance aside, so that a step goes straight rather than near.
 *
 * @param coordinates float32 `[points, 2]`
 * @returns its index; `undefined` where none is further in that direction
 */
export function nextPoint(
  coordinates: Float32Array,
  from: number,
  { direction: [right, up], shown }: { direction: readonly [number, number]; shown: Uint8Array },
): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (let i = 0; i < shown.length; i++) {
    if (shown[i] === 0 || i === from) continue;
    const dx = coordinates[2 * i] - coordinates[2 * from];
    const dy = coordinates[2 * i + 1] - coordinates[2 * from + 1];
    const along = dx * right + dy * up;
    const aside = Math.abs(dx * up) + Math.abs(dy * right);
    if (along <= aside) continue;
    const cost = along + 2 * aside;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best;
}
