import * as tf from '@tensorflow/tfjs';
import { randomStream } from '@narrows/shared';
import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import type { Split } from './data/dataset.ts';
import type { Engine } from './engine/engine.ts';

/** The leading principal components of a set of images, widest variance first. */
export interface PcaFit {
  /** Mean image, `[pixels]`, pixels in [0, 1]. */
  readonly mean: Float32Array;
  /** Orthonormal rows `[components, pixels]`; the largest entry of each is positive, which settles its sign. */
  readonly components: Float32Array;
  /** Variance along each component, descending, in squared pixel units. */
  readonly variances: Float64Array;
  /** Sum of the variances of all pixels. */
  readonly totalVariance: number;
}

export interface PcaOptions {
  /** How many components to find, from 1 to the number of pixels. */
  readonly components: number;
  /** Seeds the starting directions; the result depends on it by rounding only. */
  readonly seed: number;
  /** Told how much of the covariance is computed, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** Images whose products are summed in float32 before they join the float64 sum. */
const chunkImages = 2000;
/** Directions iterated beyond those asked for: the more, the faster the last ones settle. */
const oversampling = 32;
const largestIterations = 100;
/** The iteration ends when the captured variance changes by less than this fraction. */
const settled = 1e-9;

/**
 * Fits PCA to images: their covariance in one pass through the engine's matrix products, then its leading eigenvectors
 * by subspace iteration with a Rayleigh–Ritz step (Halko, Martinsson & Tropp, "Finding structure with randomness", 2011,
 * section 4.5; Saad, "Numerical methods for large eigenvalue problems", 2011, chapter 5).
 *
 * @throws RangeError when `components` is not between 1 and the number of pixels.
 */
export async function fitPca(
  engine: Engine,
  { images, count }: Split,
  { components, seed, onProgress }: PcaOptions,
): Promise<PcaFit> {
  const pixels = images.length / count;
  if (!Number.isInteger(components) || components < 1 || components > pixels) {
    throw new RangeError(
      `Cannot fit ${components} principal components: their number must be from 1 to ${pixels}, the number of pixels.`,
    );
  }
  const { mean, covariance, totalVariance } = await computeCovariance(engine, images, count, onProgress);
  const width = Math.min(pixels, components + oversampling);
  const multiply = await engine.prepare(({ matrix, basis }) => ({ product: tf.matMul(matrix, basis) }), {
    matrix: { shape: [pixels, pixels], dtype: 'float32' },
    basis: { shape: [pixels, width], dtype: 'float32' },
  });
  const random = randomStream(seed, 'pca');
  let basis = orthonormalised(
    Matrix.from1DArray(
      pixels,
      width,
      Array.from({ length: pixels * width }, () => random.nextNormal()),
    ),
  );
  let variances: number[] = [];
  let captured = 0;
  for (let iteration = 0; iteration < largestIterations; iteration++) {
    const { product } = await multiply.run({
      matrix: covariance,
      basis: Float32Array.from(basis.to1DArray()),
    });
    const image = Matrix.from1DArray(pixels, width, product);
    // Rayleigh–Ritz: the best approximation of the eigenvectors within the span of the basis.
    const ritz = new EigenvalueDecomposition(basis.transpose().mmul(image), { assumeSymmetric: true });
    const order = ritz.realEigenvalues
      .map((_, i) => i)
      .sort((a, b) => ritz.realEigenvalues[b] - ritz.realEigenvalues[a]);
    variances = order.map((i) => ritz.realEigenvalues[i]);
    const rotation = ritz.eigenvectorMatrix.subMatrixColumn(order);
    const before = captured;
    captured = variances.slice(0, components).reduce((sum, variance) => sum + variance, 0);
    if (Math.abs(captured - before) <= settled * captured || width === pixels) {
      basis = basis.mmul(rotation);
      break;
    }
    basis = orthonormalised(image.mmul(rotation));
  }
  await multiply.close();
  return {
    mean,
    components: leadingRows(basis, components),
    variances: Float64Array.from(variances.slice(0, components)),
    totalVariance,
  };
}

/** Mean and covariance of the images, scaled to [0, 1]. */
async function computeCovariance(
  engine: Engine,
  images: Uint8Array,
  count: number,
  onProgress: PcaOptions['onProgress'],
): Promise<{ mean: Float32Array; covariance: Float32Array; totalVariance: number }> {
  const pixels = images.length / count;
  const mean = meanImage(images, pixels);
  const multiply = await engine.prepare(({ x }) => ({ products: tf.matMul(x, x, true) }), {
    x: { shape: [chunkImages, pixels], dtype: 'float32' },
  });
  const sums = new Float64Array(pixels * pixels);
  // Centred first: the difference of two large sums would lose the digits of a small variance.
  const x = new Float32Array(chunkImages * pixels);
  for (let start = 0; start < count; start += chunkImages) {
    const chunk = images.subarray(start * pixels, Math.min(count, start + chunkImages) * pixels);
    for (let image = 0; image < chunk.length; image += pixels) {
      for (let i = 0; i < pixels; i++) x[image + i] = chunk[image + i] / 255 - mean[i];
    }
    // What a last, smaller chunk leaves of the one before it.
    x.fill(0, chunk.length);
    const { products } = await multiply.run({ x });
    for (let i = 0; i < sums.length; i++) sums[i] += products[i];
    onProgress?.(Math.min(1, (start + chunkImages) / count));
  }
  await multiply.close();
  let totalVariance = 0;
  for (let pixel = 0; pixel < pixels; pixel++) totalVariance += sums[pixel * pixels + pixel] / count;
  return {
    mean: Float32Array.from(mean),
    covariance: Float32Array.from(sums, (sum) => sum / count),
    totalVariance,
  };
}

/** The mean of each pixel over all images, scaled to [0, 1], from exact sums. */
function meanImage(images: Uint8Array, pixels: number): Float64Array {
  const sums = new Float64Array(pixels);
  for (let image = 0; image < images.length; image += pixels) {
    for (let i = 0; i < pixels; i++) sums[i] += images[image + i];
  }
  return sums.map((sum) => sum / 255 / (images.length / pixels));
}

function orthonormalised(columns: Matrix): Matrix {
  return new QrDecomposition(columns).orthogonalMatrix;
}

/** The first columns of a basis as rows, each with its largest entry positive. */
function leadingRows(basis: Matrix, rows: number): Float32Array {
  const result = new Float32Array(rows * basis.rows);
  for (let row = 0; row < rows; row++) {
    const column = basis.getColumn(row);
    const largest = column.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    result.set(
      column.map((value) => (largest < 0 ? -value : value)),
      row * basis.rows,
    );
  }
  return result;
}
