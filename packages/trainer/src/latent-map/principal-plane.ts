import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import type { Engine } from '../engine/engine.ts';
import { centrePoints, type Points } from './points.ts';

/** A map in two dimensions: for each point its two coordinates. */
export interface PlaneMap {
  /** `[count]` */
  readonly x: Float64Array;
  /** `[count]` */
  readonly y: Float64Array;
}

/** Directions iterated beyond the two asked for: the more, the faster those settle. */
const oversampling = 8;
const largestIterations = 100;
/** The iteration ends when the captured variance changes by less than this fraction, about the float32 products' error. */
const settled = 1e-6;
/** A variance that is smaller than the largest one by this factor is rounding. */
const negligible = 1e-10;

/**
 * Lays points out along their first two principal directions, where the first has a standard deviation of `spread`.
 * Subspace iteration as in `fitPca`, but on the points themselves: there are few directions and perhaps many coordinates.
 * The largest entry of each direction is positive. Where points don't vary along a direction, as vectors of one number
 * don't along the second, independent normal numbers of standard deviation `spread` take its place.
 *
 * @param spread standard deviation of the first coordinate, above 0.
 * @param seed of the first directions, on which the result depends by rounding only, and of those normal numbers.
 * @throws RangeError for points that `pointWidth` refuses.
 */
export async function layOnPrincipalPlane(
  engine: Engine,
  points: Points,
  { spread, seed }: { spread: number; seed: number },
): Promise<PlaneMap> {
  const centred = centrePoints(points);
  const { directions, variances } = await leadingDirections(engine, centred, seed);
  const random = randomStream(seed, 'principal-plane:missing-direction');
  const deviation = Math.sqrt(variances[0]);
  const axes = [0, 1].map((axis) => {
    if (!(variances[axis] > negligible * variances[0])) {
      return Float64Array.from({ length: points.count }, () => spread * random.nextNormal());
    }
    const projection = project(centred, directions[axis]);
    return projection.map((value) => (value * spread) / deviation);
  });
  return { x: axes[0], y: axes[1] };
}

/** The first two eigenvectors of the covariance, as far as there are two, and its eigenvalues. */
async function leadingDirections(
  engine: Engine,
  { values, count }: Points,
  seed: number,
): Promise<{ directions: number[][]; variances: number[] }> {
  const width = values.length / count;
  const directionCount = Math.min(width, 2 + oversampling);
  const multiply = await engine.prepare(
    ({ x, basis }) => ({ product: tf.matMul(x, tf.matMul(x, basis), true) }),
    {
      x: { shape: [count, width], dtype: 'float32' },
      basis: { shape: [width, directionCount], dtype: 'float32' },
    },
  );
  try {
    const random = randomStream(seed, 'principal-plane');
    const drawn = Array.from({ length: width * directionCount }, () => random.nextNormal());
    let basis = new QrDecomposition(Matrix.from1DArray(width, directionCount, drawn)).orthogonalMatrix;
    let captured = -1;
    for (let iteration = 1; ; iteration++) {
      const { product } = await multiply.run({ x: values, basis: Float32Array.from(basis.to1DArray()) });
      const image = Matrix.from1DArray(width, directionCount, product).div(count);
      // Rayleigh–Ritz: the best approximation of the eigenvectors within the span of the basis.
      const ritz = new EigenvalueDecomposition(basis.transpose().mmul(image), { assumeSymmetric: true });
      const order = ritz.realEigenvalues
        .map((_, i) => i)
        .sort((a, b) => ritz.realEigenvalues[b] - ritz.realEigenvalues[a]);
      const rotation = ritz.eigenvectorMatrix.subMatrixColumn(order);
      const variances = [0, 1].map((i) => (i < directionCount ? ritz.realEigenvalues[order[i]] : 0));
      const before = captured;
      captured = variances[0] + variances[1];
      if (Math.abs(captured - before) <= settled * captured || iteration === largestIterations) {
        const settledBasis = basis.mmul(rotation);
        const found = [0, 1].filter((i) => i < directionCount).map((i) => settledBasis.getColumn(i));
        return { directions: found.map(withPositivePeak), variances };
      }
      basis = new QrDecomposition(image.mmul(rotation)).orthogonalMatrix;
    }
  } finally {
    await multiply.close();
  }
}

/** The direction, turned round if its largest entry is negative. */
function withPositivePeak(direction: number[]): number[] {
  const peak = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return peak < 0 ? direction.map((value) => -value) : direction;
}

function project({ values, count }: Points, direction: readonly number[]): Float64Array {
  const width = direction.length;
  return Float64Array.from({ length: count }, (_, point) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += values[point * width + i] * direction[i];
    return sum;
  });
}
