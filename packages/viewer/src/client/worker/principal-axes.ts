import type { PcaBasis } from './lab-api.ts';

/** The two directions along which points vary most. */
export interface PrincipalAxes {
  /** `[width]` */
  readonly mean: Float64Array;
  /** Orthonormal, `[width]` each; zeros for the second where points vary along one only. */
  readonly axes: readonly [Float64Array, Float64Array];
}

/** Points from which the axes are found, evenly taken from all: enough for directions, and half a second at 784 wide. */
const largestSample = 2000;
const largestIterations = 1000;
/** Two steps in a row that differ by less than this in every coordinate end the iteration. */
const settled = 1e-9;
/** A variance that is smaller than the largest one by this factor is rounding. */
const negligible = 1e-10;

/**
 * Finds the first two principal axes of points: the leading eigenvectors of their covariance, by power iteration with
 * deflation (Saad, "Numerical methods for large eigenvalue problems", 2011, section 4.1 and 4.2). The largest entry of
 * each is positive. Where two variances are equal, the axes are any two of that plane.
 *
 * @param points float32 `[count, width]`; beyond 2,000 of wide ones (above 128), a sample of them is used
 */
export function principalAxes(points: Float32Array, width: number): PrincipalAxes {
  const count = points.length / width;
  const step = width > 128 ? Math.ceil(count / largestSample) : 1;
  const mean = new Float64Array(width);
  for (let point = 0; point < count; point++) {
    for (let i = 0; i < width; i++) mean[i] += points[point * width + i] / count;
  }
  const covariance = covarianceOf(points, mean, step);
  const first = leadingEigenvector(covariance, width);
  deflate(covariance, first);
  const second = leadingEigenvector(covariance, width);
  if (!(second.value > negligible * first.value)) second.vector.fill(0);
  return { mean, axes: [first.vector, second.vector] };
}

/** The first two components of a PCA of at least two, which are the principal axes of the images that it was fitted to. */
export function axesOfBasis({ mean, components }: PcaBasis): PrincipalAxes {
  const row = (i: number) => Float64Array.from(components.subarray(i * mean.length, (i + 1) * mean.length));
  return { mean: Float64Array.from(mean), axes: [row(0), row(1)] };
}

/**
 * Points on those axes.
 *
 * @param points float32 `[count, width]`
 * @returns float32 `[count, 2]`
 */
export function projectOnAxes(points: Float32Array, { mean, axes }: PrincipalAxes): Float32Array {
  const width = mean.length;
  const count = points.length / width;
  const coordinates = new Float32Array(2 * count);
  for (let point = 0; point < count; point++) {
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (points[point * width + i] - mean[i]) * axes[axis][i];
      coordinates[2 * point + axis] = sum;
    }
  }
  return coordinates;
}

/** `[width, width]`, of every `step`-th point. */
function covarianceOf(points: Float32Array, mean: Float64Array, step: number): Float64Array {
  const width = mean.length;
  const sums = new Float64Array(width * width);
  const centred = new Float64Array(width);
  const count = points.length / width;
  for (let point = 0; point < count; point += step) {
    for (let i = 0; i < width; i++) centred[i] = points[point * width + i] - mean[i];
    for (let row = 0; row < width; row++) {
      const value = centred[row];
      // A half of it: the rest mirrors this. Images are mostly background, whose rows add nothing.
      if (value !== 0)
        for (let column = row; column < width; column++)
          sums[row * width + column] += value * centred[column];
    }
  }
  const taken = Math.ceil(count / step);
  for (let row = 0; row < width; row++) {
    for (let column = row; column < width; column++) {
      sums[row * width + column] /= taken;
      sums[column * width + row] = sums[row * width + column];
    }
  }
  return sums;
}

interface Eigenpair {
  readonly value: number;
  /** Of length 1; zeros if the matrix has none but 0. */
  readonly vector: Float64Array;
}

/** @param matrix symmetric and positive semidefinite, `[width, width]` */
function leadingEigenvector(matrix: Float64Array, width: number): Eigenpair {
  // From the row of the largest variance: it has a part along the leading direction, unless that is at right angles to it.
  let start = 0;
  for (let i = 1; i < width; i++) if (matrix[i * (width + 1)] > matrix[start * (width + 1)]) start = i;
  let vector = normalised(matrix.slice(start * width, (start + 1) * width)).vector;
  let value = 0;
  for (let iteration = 0; iteration < largestIterations; iteration++) {
    const next = normalised(multiply(matrix, vector));
    value = next.length;
    const change = next.vector.reduce((most, entry, i) => Math.max(most, Math.abs(entry - vector[i])), 0);
    vector = next.vector;
    if (change < settled) break;
  }
  const peak = vector.reduce((best, entry) => (Math.abs(entry) > Math.abs(best) ? entry : best), 0);
  return { value, vector: peak < 0 ? vector.map((entry) => -entry) : vector };
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  return Float64Array.from({ length: width }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += matrix[row * width + column] * vector[column];
    return sum;
  });
}

function normalised(vector: Float64Array): { readonly vector: Float64Array; readonly length: number } {
  const length = Math.hypot(...vector);
  return { length, vector: length === 0 ? vector : vector.map((entry) => entry / length) };
}

/** Takes the part along an eigenvector out of the matrix. */
function deflate(matrix: Float64Array, { value, vector }: Eigenpair): void {
  const width = vector.length;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      matrix[row * width + column] -= value * vector[row] * vector[column];
    }
  }
}
