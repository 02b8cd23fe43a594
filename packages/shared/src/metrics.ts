/**
 * The mean squared error of two equally long lists of values: Σ (aᵢ − bᵢ)² / n, summed in float64.
 *
 * @param a float32 [n], n ≥ 1
 * @param b float32 [n]
 * @returns a number ≥ 0, in the square of the values' unit
 * @throws TypeError if the lengths differ or are 0
 * @throws RangeError if a value is NaN or infinite
 */
export function meanSquaredError(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) {
    throw new TypeError(
      `Cannot compare values: both lists need the same length of at least 1, not ${a.length} and ${b.length}.`,
    );
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] - b[i];
    sum += difference * difference;
  }
  if (!Number.isFinite(sum)) {
    const at = a.findIndex((value, i) => !Number.isFinite(value - b[i]));
    throw new RangeError(
      `Cannot compare values: all must be finite, but at ${at} they are ${a[at]} and ${b[at]}.`,
    );
  }
  return sum / a.length;
}

/**
 * The peak signal-to-noise ratio for values whose peak is 1: −10 · log₁₀(mse).
 *
 * @param mse mean squared error of values scaled to [0, 1], ≥ 0
 * @returns decibels; Infinity for an error of 0, so don't write it to JSON unchecked
 * @throws RangeError if `mse` is negative, NaN or infinite
 */
export function psnr(mse: number): number {
  if (!Number.isFinite(mse) || mse < 0) {
    throw new RangeError(
      `Cannot compute a PSNR: the mean squared error must be finite and at least 0, not ${mse}.`,
    );
  }
  return mse === 0 ? Infinity : -10 * Math.log10(mse);
}
