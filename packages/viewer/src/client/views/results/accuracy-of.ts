import { wilsonInterval, type RunManifest } from '@narrows/shared';

export type Classification = RunManifest['evaluation']['classifications'][number];

/** A share of the test images with its 95 % interval, all fractions in [0, 1]. */
export interface Accuracy {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The accuracy that a confusion matrix tells, with its 95 % Wilson interval. */
export function accuracyOf({
  accuracy,
  confusion,
}: Pick<Classification, 'accuracy' | 'confusion'>): Accuracy {
  const images = confusion.flat().reduce((sum, count) => sum + count, 0);
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  return { value: accuracy, ...wilsonInterval(correct, images) };
}
