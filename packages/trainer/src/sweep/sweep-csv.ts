import { psnr, type SweepTrial } from '@narrows/shared';

/** The columns of `sweep.csv` and what stands in them. Errors are of pixels in [0, 1], times in ms. */
const columns: readonly (readonly [name: string, value: (trial: SweepTrial) => string | number | null])[] = [
  ['id', ({ id }) => id],
  ['family', ({ family }) => family],
  ['model', ({ model }) => model],
  ['latent', ({ latent }) => latent],
  ['seed', ({ seed }) => seed],
  ['parameters', ({ parameterCount }) => parameterCount],
  ['bits', ({ plain }) => plain.bits],
  ['mse', ({ plain }) => plain.mse],
  ['psnrDb', ({ plain }) => decibels(plain.mse)],
  ['accuracy', ({ plain }) => plain.accuracy],
  ['crossEntropy', ({ plain }) => plain.crossEntropy],
  ['codedBits', ({ coded }) => coded.bits],
  ['codedMse', ({ coded }) => coded.mse],
  ['codedPsnrDb', ({ coded }) => decibels(coded.mse)],
  ['codedAccuracy', ({ coded }) => coded.accuracy],
  ['codedCrossEntropy', ({ coded }) => coded.crossEntropy],
  ['trainLoss', ({ trainLoss }) => trainLoss],
  ['trainMs', ({ trainMs }) => trainMs],
  ['classifierMs', ({ classifierMs }) => classifierMs],
];

/**
 * A sweep's trials as comma-separated values (RFC 4180, with `\n`), one line each after one of names. Numbers are written in
 * full; what there is none of is empty.
 */
export function sweepCsv(trials: readonly SweepTrial[]): string {
  const lines = [
    columns.map(([name]) => name),
    ...trials.map((trial) => columns.map(([, value]) => String(value(trial) ?? ''))),
  ];
  return lines.map((cells) => `${cells.join(',')}\n`).join('');
}

/** PSNR in dB; none where the error is 0, since it would be infinite. */
function decibels(mse: number): number | null {
  return mse === 0 ? null : psnr(mse);
}
