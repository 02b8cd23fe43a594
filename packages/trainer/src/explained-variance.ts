import type { PcaFit } from './fit-pca.ts';

/**
 * Shares of the images' variance along the first components, descending, each in [0, 1].
 *
 * Rounding can leave a variance that is nothing a little below 0, where there are fewer images than components, and one
 * that is all a little above the total: both are brought back. Images without any variance have none to share.
 */
export function explainedVariance(
  { variances, totalVariance }: Pick<PcaFit, 'variances' | 'totalVariance'>,
  components: number,
): number[] {
  return Array.from(variances.subarray(0, components), (variance) =>
    totalVariance === 0 ? 0 : Math.min(1, Math.max(0, variance / totalVariance)),
  );
}
