import { takeMeasure } from '../../take-measure.ts';

/**
 * How long visitors wait: the browser's timeline gets a measure `pen-up-to-results` for each finished stroke, from the pen
 * leaving the pad to the results of that drawing standing on the page (https://www.w3.org/TR/user-timing/).
 */
const mark = 'pen-up';
const measure = 'pen-up-to-results';

let finished: Float32Array | undefined;

/** The pen was lifted. `nameFinished` says which image came of it. */
export function markPenUp(): void {
  performance.clearMarks(mark);
  performance.mark(mark);
}

/** The image whose results the time is taken to. */
export function nameFinished(image: Float32Array): void {
  finished = image;
}

/**
 * Results of this image are on the page. Only those of the finished drawing count, and once.
 * @param workerMs how long the models took for it, which goes along as the measure's detail
 */
export function measureResults(image: Float32Array, workerMs: number): void {
  if (image !== finished) return;
  finished = undefined;
  takeMeasure(measure, { start: mark, end: performance.now(), detail: { workerMs } });
}
