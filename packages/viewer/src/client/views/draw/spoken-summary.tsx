import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatPercent } from '../../i18n/number-format.ts';
import { chosenCodecs, judge, modelKey, modelStates, readyCodecs, readyJudge } from '../../state/models.ts';
import type { OpenRun } from '../../state/run.ts';
import { drawMessages, type SpokenAnswer } from './draw-messages.ts';
import { answerOf, liveResult, shownImage, type LiveResult } from './live-comparison.ts';
import { imageUnderWay } from './pad-state.ts';
import { readAnswer } from './reading.ts';

/** What is read out now. */
const spoken = signal('');

/** The image of which it was said last. */
let said: Float32Array | undefined;

/** Says that the pen is down; what is said next is new even if it is what was said before. */
export function sayPenDown(): void {
  spoken.value = drawMessages().penDown;
}

/** Tells those who listen what came of a finished drawing or another image: once, when all models have answered. */
export function SpokenSummary({ run }: { run: OpenRun | undefined }) {
  const result = liveResult.value;
  const shown = shownImage.value;
  const isDrawing = imageUnderWay.value !== undefined;
  const complete =
    run !== undefined && areModelsSettled(run) && result?.codecs.length === readyCodecs.value.length
      ? { run, result }
      : undefined;
  useEffect(() => {
    if (isDrawing) return;
    if (shown === undefined) {
      if (said !== undefined) spoken.value = drawMessages().empty;
      said = undefined;
    } else if (complete?.result.image === shown.image && said !== shown.image) {
      said = shown.image;
      spoken.value = summarise(complete.run, complete.result);
    }
  }, [result, shown, isDrawing, complete === undefined]);
  return (
    <p role="status" class="visually-hidden">
      {spoken.value}
    </p>
  );
}

/** Whether each model that is wanted has arrived or failed. */
function areModelsSettled(run: OpenRun): boolean {
  const ids = [...(judge.value === undefined ? [] : [judge.value.id]), ...chosenCodecs.value];
  return ids.every((id) => {
    const kind = modelStates.value.get(modelKey(run.id, id))?.kind;
    return kind === 'ready' || kind === 'failed';
  });
}

function summarise({ classNames }: OpenRun, result: LiveResult): string {
  const words = drawMessages();
  const classifier = readyJudge.peek()?.key;
  const { original, codecs } = result.comparison;
  const answerOn = (answers: readonly Float32Array[]): SpokenAnswer | undefined => {
    if (classifier === undefined) return undefined;
    const probabilities = answerOf(result, { answers, classifier });
    if (probabilities === undefined) return undefined;
    const reading = readAnswer(probabilities, {
      original: answerOf(result, { answers: original, classifier }),
    });
    return {
      name: classNames[reading.best],
      probability: formatPercent(reading.probability, 0),
      isFlip: reading.flippedFrom !== undefined,
    };
  };
  const first = answerOn(original);
  if (first === undefined) return words.summaryPlain(codecs.length);
  return [
    words.summaryOriginal(first),
    ...codecs.map(({ key, probabilities }) => {
      const title = readyCodecs.peek().find(({ model }) => model.key === key)?.title ?? key;
      return words.summaryCodec(title, answerOn(probabilities)!);
    }),
  ].join(' ');
}
