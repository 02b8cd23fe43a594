import { signal } from '@preact/signals';
import { perturbImage } from '../../images/perturb.ts';
import { lab } from '../../lab.ts';
import { largestIndex } from '../../parts/probability-bars.tsx';
import type { OpenRun } from '../../state/run.ts';
import type { ModelKey } from '../../worker/lab-api.ts';
import { scaleBytes } from '../../worker/scale-bytes.ts';
import { perturbationOf, strengthsOf, untouched, type TrialKind } from './dials.ts';
import { stratifiedSample } from './stratified-sample.ts';

/** What is tried: one kind of perturbation, judged by one classifier, on what comes out of one codec. */
export interface Trial {
  readonly run: OpenRun;
  readonly classifierKey: ModelKey;
  readonly kind: TrialKind;
  /** `undefined` for the images as they are after the perturbation, through no codec. */
  readonly codecKey: ModelKey | undefined;
}

/** How a trial went. */
export interface TrialResult {
  /** Images that were recognised at each strength of `strengthsOf`. */
  readonly right: readonly number[];
  /** Images that were tried at each strength. */
  readonly images: number;
}

/** How far trials are. */
export interface TrialProgress {
  /** From 0 to 1. */
  readonly fraction: number;
  /** The strength that is tried, in the unit of its dial. */
  readonly strength: number;
  /** Seconds left at the speed so far; `undefined` while there is no telling. */
  readonly etaSeconds: number | undefined;
}

/** Every trial that was finished since the page was opened, by `trialKey`. */
export const trialResults = signal<ReadonlyMap<string, TrialResult>>(new Map());

/** Names a trial; a run that is made anew under its id has other ones. */
export function trialKey({ run, classifierKey, kind, codecKey }: Trial): string {
  return JSON.stringify([run.id, run.manifest.finishedAt, classifierKey, kind, codecKey ?? null]);
}

/** So many test images are tried, with as many of each class as there can be. */
export const sampleSize = 200;

/** So many go to the worker at a time: few enough that the page, which perturbs them, stays quick. */
const batchSize = 50;

/**
 * Tries test images at growing strengths of one perturbation, on all codecs at once, and keeps the results in
 * `trialResults`. The images are `stratifiedSample`'s, and each has its number as seed of its noise and its square, so
 * that every codec sees the same.
 *
 * @param codecKeys codecs to try; `undefined` among them stands for none
 * @param options.signal stops it between two batches; nothing is kept then
 * @throws Error of one line where a model or the test set can't be had
 */
export async function runTrials(
  run: OpenRun,
  {
    classifierKey,
    kind,
    codecKeys,
  }: { classifierKey: ModelKey; kind: TrialKind; codecKeys: readonly (ModelKey | undefined)[] },
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: TrialProgress) => void },
): Promise<void> {
  const { labels } = await lab.testSet(run.id);
  const sample = stratifiedSample(labels, { classCount: run.classNames.length, size: sampleSize });
  const bytes = await lab.testImageBytes(run.id, sample);
  const pixels = bytes.length / sample.length;
  const strengths = strengthsOf(kind, run.imageShape);
  const right = codecKeys.map(() => strengths.map(() => 0));
  const steps = strengths.length * Math.ceil(sample.length / batchSize);
  const start = performance.now();
  let done = 0;
  for (const [level, strength] of strengths.entries()) {
    for (let from = 0; from < sample.length; from += batchSize) {
      const indices = sample.slice(from, from + batchSize);
      const batch = new Float32Array(indices.length * pixels);
      const perturbation = perturbationOf({ ...untouched, [kind]: strength });
      for (const [i, index] of indices.entries()) {
        const image = scaleBytes(bytes.subarray((from + i) * pixels, (from + i + 1) * pixels));
        batch.set(perturbImage(image, run.imageShape, { perturbation, seed: index }), i * pixels);
      }
      for (const [c, codecKey] of codecKeys.entries()) {
        const seen = codecKey === undefined ? batch : await lab.reconstruct(codecKey, batch);
        const answers = await lab.classify(classifierKey, seen);
        if (signal.aborted) return;
        right[c][level] += countRight(
          answers,
          indices.map((index) => labels[index]),
        );
      }
      done++;
      const seconds = (performance.now() - start) / 1000;
      onProgress({
        fraction: done / steps,
        strength,
        etaSeconds: done < 3 ? undefined : (seconds / done) * (steps - done),
      });
    }
  }
  const results = new Map(trialResults.peek());
  for (const [c, codecKey] of codecKeys.entries()) {
    results.set(trialKey({ run, classifierKey, kind, codecKey }), {
      right: right[c],
      images: sample.length,
    });
  }
  trialResults.value = results;
}

/** How many answers have their largest probability at the image's label. */
function countRight(probabilities: Float32Array, labels: readonly number[]): number {
  const classes = probabilities.length / labels.length;
  return labels.filter(
    (label, i) => largestIndex(probabilities.subarray(i * classes, (i + 1) * classes)) === label,
  ).length;
}
