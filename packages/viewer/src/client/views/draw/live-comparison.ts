import { computed, effect, signal } from '@preact/signals';
import { valuesPerImage } from '../../images/image-shape.ts';
import { lab } from '../../lab.ts';
import { latestWins } from '../../state/latest-wins.ts';
import { ownClassifiers, readyCodecs, readyJudge } from '../../state/models.ts';
import { openRun } from '../../state/run.ts';
import { specimen } from '../../state/specimen.ts';
import type { CodecResult, Comparison, ModelKey } from '../../worker/lab-api.ts';
import { imageUnderWay } from './pad-state.ts';

/** An image with the models that it is put through. */
interface Request {
  /** `[H, W, C]`, float32 in [0, 1] */
  readonly image: Float32Array;
  /** Its class, where it is a test image. */
  readonly label: number | undefined;
  readonly codecs: readonly ModelKey[];
  readonly classifiers: readonly ModelKey[];
}

/** What came of it. */
export interface LiveResult extends Request {
  readonly comparison: Comparison;
}

/** The image that is looked at: the one being drawn, else the one at hand if it suits the run. */
export const shownImage = computed<Pick<Request, 'image' | 'label'> | undefined>(() => {
  const run = openRun.value;
  const underWay = imageUnderWay.value;
  const at = specimen.value;
  const image = underWay ?? (at.kind === 'none' ? undefined : at.image);
  if (run !== undefined && image?.length !== valuesPerImage(run)) {
    return undefined;
  }
  if (image === undefined) return undefined;
  return { image, label: underWay === undefined && at.kind === 'test' ? at.label : undefined };
});

/** The newest result; `undefined` while there is no image or no model, and after a comparison that failed. */
export const liveResult = signal<LiveResult | undefined>(undefined);

/** Why the last comparison failed, one line. */
export const comparisonError = signal<string | undefined>(undefined);

// As texts, because those are equal while the same models are ready, however often the lists are made anew.
const codecKeys = computed(() => readyCodecs.value.map(({ model }) => model.key).join('\n'));
const classifierKeys = computed(() =>
  [...(readyJudge.value === undefined ? [] : [readyJudge.value]), ...ownClassifiers.value]
    .map(({ key }) => key)
    .join('\n'),
);

function keysOf(text: string): ModelKey[] {
  return text === '' ? [] : text.split('\n');
}

/**
 * Puts the image through all models that are ready, again whenever it or they change, as fast as the worker manages. Call
 * the function that it returns to end that.
 */
export function followImage(): () => void {
  const request = latestWins<Request, Comparison>(
    ({ image, ...models }) => lab.compare(image, models),
    (comparison, asked) => {
      liveResult.value = { ...asked, comparison };
      comparisonError.value = undefined;
    },
    (error) => {
      // Answers about an image that is no longer shown would be taken for this one's.
      liveResult.value = undefined;
      comparisonError.value = (error as Error).message;
    },
  );
  let last: Request | undefined;
  const end = effect(() => {
    const shown = shownImage.value;
    const codecs = keysOf(codecKeys.value);
    const classifiers = keysOf(classifierKeys.value);
    if (shown === undefined || codecs.length + classifiers.length === 0) {
      last = undefined;
      request(undefined);
      liveResult.value = undefined;
      comparisonError.value = undefined;
      return;
    }
    const next = { ...shown, codecs, classifiers };
    // A stroke that ends leaves the image that was already looked at.
    if (last !== undefined && isSame(last, next)) return;
    last = next;
    request(next);
  });
  return () => {
    end();
    request(undefined);
  };
}

function isSame(a: Request, b: Request): boolean {
  return (
    a.image === b.image &&
    a.label === b.label &&
    a.codecs.join('\n') === b.codecs.join('\n') &&
    a.classifiers.join('\n') === b.classifiers.join('\n')
  );
}

/** What this codec made of the image; `undefined` where it was not among those asked. */
export function codecResult(result: LiveResult | undefined, key: ModelKey): CodecResult | undefined {
  return result?.comparison.codecs.find((codec) => codec.key === key);
}

/**
 * A classifier's answer among those of a result.
 * @param answers on the original or on a reconstruction, as the result has them
 */
export function answerOf(
  { classifiers }: LiveResult,
  { answers, classifier }: { answers: readonly Float32Array[]; classifier: ModelKey },
): Float32Array | undefined {
  const place = classifiers.indexOf(classifier);
  return place < 0 ? undefined : answers[place];
}
