import { formatPercent } from '../../i18n/number-format.ts';
import type { LabModel } from '../../worker/lab-api.ts';
import { ClassColumns } from './class-columns.tsx';
import { drawMessages } from './draw-messages.ts';
import { answerOf, type LiveResult } from './live-comparison.ts';
import { readAnswer, type Reading } from './reading.ts';

export interface AnswersProps {
  readonly result: LiveResult | undefined;
  /** Answers on the image that these are about: the original, or what a codec made of it. */
  readonly answers: readonly Float32Array[] | undefined;
  /** The run's classifier, once it is ready. */
  readonly judge: LabModel | undefined;
  /** Classifiers of the visitor's own. */
  readonly others: readonly LabModel[];
  readonly classNames: readonly string[];
}

/**
 * What classifiers make of an image: the run's in large type with a column for each class, the visitor's own in a line
 * each.
 */
export function Answers({ result, answers, judge, others, classNames }: AnswersProps) {
  if (result === undefined || answers === undefined) return null;
  const read = (classifier: LabModel) => {
    const probabilities = answerOf(result, { answers, classifier: classifier.key });
    if (probabilities === undefined) return undefined;
    const original = answerOf(result, { answers: result.comparison.original, classifier: classifier.key });
    return { probabilities, reading: readAnswer(probabilities, { original, label: result.label }) };
  };
  const judged = judge === undefined ? undefined : read(judge);
  return (
    <>
      {judged !== undefined && (
        <>
          <ReadingLine reading={judged.reading} classNames={classNames} />
          <ClassColumns
            probabilities={judged.probabilities}
            classNames={classNames}
            isFlip={judged.reading.isLoss}
          />
        </>
      )}
      {others.map((classifier) => {
        const answer = read(classifier);
        return (
          answer !== undefined && (
            <OwnReading
              key={classifier.key}
              title={classifier.title}
              reading={answer.reading}
              classNames={classNames}
            />
          )
        );
      })}
    </>
  );
}

function ReadingLine({ reading, classNames }: { reading: Reading; classNames: readonly string[] }) {
  const name = classNames[reading.best];
  return (
    <p class={reading.isLoss ? 'draw-reading flip' : 'draw-reading'}>
      <b class={name.length > 2 ? 'draw-class long' : 'draw-class'}>{name}</b>{' '}
      <span class="draw-reading-facts">
        <span>{formatPercent(reading.probability, 1)}</span>{' '}
        <Marks reading={reading} classNames={classNames} />
      </span>
    </p>
  );
}

function OwnReading({
  title,
  reading,
  classNames,
}: {
  title: string;
  reading: Reading;
  classNames: readonly string[];
}) {
  return (
    <p class="draw-own small">
      <span class="quiet">{title}</span> <b>{classNames[reading.best]}</b>{' '}
      {formatPercent(reading.probability, 1)} <Marks reading={reading} classNames={classNames} />
    </p>
  );
}

/** Whether it flipped, and with a label whether it is right. */
function Marks({ reading, classNames }: { reading: Reading; classNames: readonly string[] }) {
  const words = drawMessages();
  const { flippedFrom, isRight } = reading;
  return (
    <>
      {flippedFrom !== undefined && <span class="draw-flip">{words.flip(classNames[flippedFrom])}</span>}
      {isRight !== undefined && (
        <span class={isRight ? 'draw-mark right' : 'draw-mark wrong'}>
          <span aria-hidden="true">{isRight ? '✓' : '✗'}</span> {isRight ? words.right : words.wrong}
        </span>
      )}
    </>
  );
}
