/** What one coordinate of a code is over the test images. */
export interface CoordinateRange {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
}

/**
 * The range of each coordinate.
 *
 * @param latents float32 `[count, width]`, at least one vector
 */
export function coordinateRanges(latents: Float32Array, width: number): CoordinateRange[] {
  const count = latents.length / width;
  return Array.from({ length: width }, (_, coordinate) => {
    let [min, max, sum, squares] = [Infinity, -Infinity, 0, 0];
    for (let at = coordinate; at < latents.length; at += width) {
      const value = latents[at];
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      squares += value * value;
    }
    const mean = sum / count;
    return { min, max, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  });
}

/** Indices of coordinates, those that vary most first; of equal ones in their order. */
export function mostVaryingFirst(ranges: readonly CoordinateRange[]): number[] {
  return [...ranges.keys()].sort((a, b) => ranges[b].deviation - ranges[a].deviation);
}
