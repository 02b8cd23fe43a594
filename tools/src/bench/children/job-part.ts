import { ExpectedError } from '@narrows/trainer';
import type { Answer, Job } from '../training/bench-document.ts';

/** The part of an answer that a job asks for. */
export type Part = Omit<Answer, 'version' | 'peakBytes'>;

/** What to say of a job that a child wasn't made for. */
export function wrongKind({ kind }: Job): ExpectedError {
  return new ExpectedError(`Cannot answer a job of kind "${kind}": this child has no part for it.`);
}
