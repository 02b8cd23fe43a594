/**
 * The Wilson score interval for a proportion, such as an accuracy: all p that a test at level 1 − confidence does not
 * reject after `successes` of `trials`,
 *
 *     (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * with p̂ = successes / trials and z the quantile of the normal distribution at (1 + confidence) / 2. Unlike p̂ ± z·σ it
 * stays within [0, 1] and holds near its ends, which is where good classifiers are.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
 * Statistical Association 22(158), 1927, https://doi.org/10.1080/01621459.1927.10502953.
 *
 * @param successes integer from 0 to `trials`
 * @param trials integer of at least 1
 * @param options.confidence in (0, 1), 0.95 if not given
 * @returns the interval's ends, 0 ≤ low ≤ p̂ ≤ high ≤ 1
 * @throws RangeError if an argument is outside its range
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  { confidence = 0.95 }: { confidence?: number } = {},
): { low: number; high: number } {
  if (!Number.isInteger(trials) || trials < 1) {
    throw new RangeError(
      `Cannot compute a Wilson interval: trials must be an integer of at least 1, not ${trials}.`,
    );
  }
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new RangeError(
      `Cannot compute a Wilson interval: successes must be an integer from 0 to ${trials}, not ${successes}.`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot compute a Wilson interval: the confidence must lie between 0 and 1, not at ${confidence}.`,
    );
  }
  const z = centralQuantile(confidence);
  const share = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / scale;
  const radius = (z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))) / scale;
  // At the ends centre and radius differ by rounding alone.
  return {
    low: successes === 0 ? 0 : centre - radius,
    high: successes === trials ? 1 : centre + radius,
  };
}

/** The z for which a standard normal number lies in [−z, z] with this probability, by Newton's method. */
function centralQuantile(probability: number): number {
  let z = 0;
  // The probability is concave in z, so that Newton climbs towards it from below and never passes it but by rounding.
  for (let step = 1; step > 1e-14 * z;) {
    step = (probability - centralProbability(z)) / (2 * density(z));
    z += step;
  }
  return z;
}

/**
 * The probability that a standard normal number lies in [−z, z]: 2 φ(z) (z + z³/3 + z⁵/(3·5) + …).
 *
 * Source: G. Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11(4), 2004,
 * https://doi.org/10.18637/jss.v011.i04.
 */
function centralProbability(z: number): number {
  let sum = 0;
  for (let term = z, k = 3; sum + term !== sum; k += 2) {
    sum += term;
    term *= z ** 2 / k;
  }
  return 2 * density(z) * sum;
}

function density(z: number): number {
  return Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
}
