/** Size, standard deviation and constants of the paper; the values' range L is 1. */
const largestWindow = 11;
const sigma = 1.5;
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/**
 * The structural similarity (SSIM) of images, each with its reconstruction: the mean, over all places of a window
 * within the image and over the channels, of
 *
 *     (2 μₓ μᵧ + C₁) (2 σₓᵧ + C₂) / ((μₓ² + μᵧ² + C₁) (σₓ² + σᵧ² + C₂))
 *
 * with means, variances and covariance weighted by a Gaussian window of 11 × 11 pixels and standard deviation 1.5
 * whose weights add up to 1, C₁ = 0.01² and C₂ = 0.03². 1 for equal images, less for others. In an image that is
 * smaller the window is the largest of odd size that fits. Computed in float64.
 *
 * Source: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to
 * structural similarity", IEEE Transactions on Image Processing 13(4), 2004, https://doi.org/10.1109/TIP.2003.819861.
 * The same as scikit-image's `structural_similarity(x, y, gaussian_weights=True, sigma=1.5,
 * use_sample_covariance=False, data_range=1)`, where the image is no smaller than the window.
 *
 * @param originals float32 [n, height, width, channels], values in [0, 1]
 * @param reconstructions float32 [n, height, width, channels]
 * @param options.imageShape height, width and channels, each at least 1
 * @returns float64 [n], each in [-1, 1]
 * @throws TypeError if the lengths don't belong together
 * @throws RangeError if a value is NaN or infinite
 */
export function structuralSimilarity(
  originals: Float32Array,
  reconstructions: Float32Array,
  { imageShape }: { imageShape: readonly [height: number, width: number, channels: number] },
): Float64Array {
  const [height, width, channels] = imageShape;
  const imageSize = height * width * channels;
  if (originals.length !== reconstructions.length || originals.length % imageSize !== 0) {
    throw new TypeError(
      `Cannot compare images of ${imageShape.join(' × ')}: both lists need the same multiple of ${imageSize} values, ` +
        `not ${originals.length} and ${reconstructions.length}.`,
    );
  }
  const compare = planeComparison(height, width);
  return Float64Array.from({ length: originals.length / imageSize }, (_, image) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += compare(originals, reconstructions, { begin: image * imageSize + channel, step: channels });
    }
    if (!Number.isFinite(sum)) {
      throw new RangeError(
        `Cannot compare image ${image}: its values must be finite, but their similarity is ${sum}.`,
      );
    }
    return sum / channels;
  });
}

/** Compares one channel of two images of a size, whose pixels begin and step as told. */
function planeComparison(
  height: number,
  width: number,
): (x: Float32Array, y: Float32Array, place: { begin: number; step: number }) => number {
  const weights = gaussianWeights(Math.min(largestWindow, height, width));
  const size = weights.length;
  const [rows, columns] = [height - size + 1, width - size + 1];
  // Each row's sums, weighted along the row. The window is a product, so that columns can follow on their own.
  const [meanX, meanY, squareX, squareY, product] = Array.from(
    { length: 5 },
    () => new Float64Array(height * columns),
  );

  return (x, y, { begin, step }) => {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < columns; column++) {
        let at = begin + (row * width + column) * step;
        let sumX = 0;
        let sumY = 0;
        let sumXX = 0;
        let sumYY = 0;
        let sumXY = 0;
        for (let k = 0; k < size; k++, at += step) {
          const weight = weights[k];
          const valueX = x[at];
          const valueY = y[at];
          const weightedX = weight * valueX;
          const weightedY = weight * valueY;
          sumX += weightedX;
          sumY += weightedY;
          sumXX += weightedX * valueX;
          sumYY += weightedY * valueY;
          sumXY += weightedX * valueY;
        }
        const to = row * columns + column;
        meanX[to] = sumX;
        meanY[to] = sumY;
        squareX[to] = sumXX;
        squareY[to] = sumYY;
        product[to] = sumXY;
      }
    }
    let similarity = 0;
    for (let place = 0; place < rows * columns; place++) {
      let sumX = 0;
      let sumY = 0;
      let sumXX = 0;
      let sumYY = 0;
      let sumXY = 0;
      for (let k = 0, at = place; k < size; k++, at += columns) {
        const weight = weights[k];
        sumX += weight * meanX[at];
        sumY += weight * meanY[at];
        sumXX += weight * squareX[at];
        sumYY += weight * squareY[at];
        sumXY += weight * product[at];
      }
      const means = sumX * sumY;
      const squares = sumX * sumX + sumY * sumY;
      similarity +=
        ((2 * means + c1) * (2 * (sumXY - means) + c2)) / ((squares + c1) * (sumXX + sumYY - squares + c2));
    }
    return similarity / (rows * columns);
  };
}

/** Weights along one side of the window, the largest of odd size that is no larger than `limit`; their sum is 1. */
function gaussianWeights(limit: number): Float64Array {
  const radius = Math.floor((limit - 1) / 2);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
