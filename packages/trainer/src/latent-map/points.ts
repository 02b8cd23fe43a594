/** Points in a space, such as images or latent vectors. */
export interface Points {
  /** `[count, width]` in row-major order: `width` finite coordinates for each point. */
  readonly values: Float32Array;
  /** Number of points, at least 2. */
  readonly count: number;
}

/** Points moved and scaled so that float32 arithmetic on them neither overflows nor loses small differences. */
export interface CentredPoints extends Points {
  /** Their mean is 0 and the longest has a norm in [½, 1); all 0 if the points all coincide. */
  readonly values: Float32Array;
  /** What a distance here must be divided by to be one between the original points: a power of two, so exact. */
  readonly scale: number;
}

/**
 * @returns number of coordinates of each point.
 * @throws RangeError unless there are at least two points, each of the same number of finite coordinates.
 */
export function pointWidth({ values, count }: Points): number {
  const width = values.length / count;
  if (!Number.isInteger(count) || count < 2 || !Number.isInteger(width) || width < 1) {
    throw new RangeError(
      `Cannot read ${count} points from ${values.length} values: there must be at least 2 points, and the same ` +
        'number of coordinates, at least 1, for each.',
    );
  }
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position >= 0) {
    throw new RangeError(
      `Cannot compare points: coordinates must be finite, and coordinate ${position % width} of point ` +
        `${Math.floor(position / width)} is ${values[position]}.`,
    );
  }
  return width;
}

/** Moves the points' mean to 0 and scales them by a power of two until the longest has a norm in [½, 1). */
export function centrePoints(points: Points): CentredPoints {
  const { values, count } = points;
  const width = pointWidth(points);
  // The sum of equal float32 values is exact, so that points that coincide are all 0 in the end.
  const mean = new Float64Array(width);
  for (let start = 0; start < values.length; start += width) {
    for (let i = 0; i < width; i++) mean[i] += values[start + i];
  }
  for (let i = 0; i < width; i++) mean[i] /= count;
  let largest = 0;
  for (let start = 0; start < values.length; start += width) {
    let squaredNorm = 0;
    for (let i = 0; i < width; i++) squaredNorm += (values[start + i] - mean[i]) ** 2;
    largest = Math.max(largest, squaredNorm);
  }
  const scale = largest === 0 ? 1 : 2 ** -(Math.floor(Math.log2(largest) / 2) + 1);
  const centred = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    for (let i = 0; i < width; i++) centred[start + i] = (values[start + i] - mean[i]) * scale;
  }
  return { values: centred, count, scale };
}

/** Squared Euclidean distance of points `a` and `b`, in float64 from the coordinates as they are. */
export function squaredDistance({ values, count }: Points, a: number, b: number): number {
  const width = values.length / count;
  const startA = a * width;
  const startB = b * width;
  let sum = 0;
  for (let i = 0; i < width; i++) {
    const difference = values[startA + i] - values[startB + i];
    sum += difference * difference;
  }
  return sum;
}
