import { wilsonInterval } from '@narrows/shared';
import type { Answers } from './report-data.ts';

/** An accuracy with the 95 % interval that the number of test images leaves open. */
export interface Accuracy {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A classifier's accuracy on one source of images with its 95 % Wilson score interval, see `wilsonInterval`. */
export function accuracyOf({ result: { accuracy, confusion } }: Pick<Answers, 'result'>): Accuracy {
  const images = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, label) => sum + row[label], 0);
  return { value: accuracy, ...wilsonInterval(right, images) };
}
