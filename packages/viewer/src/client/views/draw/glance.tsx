import { SeriesMark } from '../../parts/codec-name.tsx';
import { readyJudge } from '../../state/models.ts';
import type { OpenRun } from '../../state/run.ts';
import { cardCodecs } from './card-codecs.ts';
import { answerOf, codecResult, liveResult } from './live-comparison.ts';
import { readAnswer } from './reading.ts';

/**
 * The classes alone in a line, below the pad where the cards lie out of sight: while the finger draws, the visitor sees
 * what it does. The same is said in the cards, so it is not said twice to those who listen.
 */
export function Glance({ run }: { run: OpenRun }) {
  const result = liveResult.value;
  const classifier = readyJudge.value?.key;
  const answerTo = (answers: readonly Float32Array[] | undefined) =>
    result === undefined || answers === undefined || classifier === undefined
      ? undefined
      : answerOf(result, { answers, classifier });
  const original = answerTo(result?.comparison.original);
  const entries = [
    { key: 'original', style: undefined, answer: original },
    ...cardCodecs(run).map(({ id, style, model }) => ({
      key: id,
      style,
      answer: answerTo(model === undefined ? undefined : codecResult(result, model.key)?.probabilities),
    })),
  ];
  return (
    <div class="draw-glance" aria-hidden="true">
      {original !== undefined &&
        entries.map(({ key, style, answer }) => {
          const reading =
            answer === undefined ? undefined : readAnswer(answer, { original, label: result?.label });
          return (
            <span key={key} class={reading?.isLoss ? 'wrong' : undefined}>
              {style === undefined ? <i class="draw-glance-ink" /> : <SeriesMark style={style} />}
              <b>{reading === undefined ? '–' : run.classNames[reading.best]}</b>
            </span>
          );
        })}
    </div>
  );
}
