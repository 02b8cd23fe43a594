/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of theirs.
 *
 * Source: C. Spearman, "The proof and measurement of association between two things", 1904,
 * https://doi.org/10.2307/1412159.
 *
 * @returns a number in [−1, 1]; `undefined` if all values of a list are equal, for then there is no order
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) ** 2;
    yy += (y[i] - middle) ** 2;
  }
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
