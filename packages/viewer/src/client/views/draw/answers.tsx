import { formatPercent } from '../../i18n/number-format.ts';
import type { LabModel } from '../../worker/lab-api.ts';
import { ClassColumns } from './class-columns.tsx';
import { drawMessages } from './draw-messages.ts';
import { answerOf, type LiveResult } from './live-comparison.ts';
import { verdictOf, type Verdict } from './verdict.ts';

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
    return { probabilities, verdict: verdictOf(probabilities, { original, label: result.label }) };
  };
  const judged = judge === undefined ? undefined : read(judge);
  return (
    <>
      {judged !== undefined && (
        <>
          <VerdictLine verdict={judged.verdict} classNames={classNames} />
          <ClassColumns
            probabilities={judged.probabilities}
            classNames={classNames}
            isFlip={judged.verdict.flippedFrom !== undefined}
          />
        </>
      )}
      {others.map((classifier) => {
        const answer = read(classifier);
        return (
          answer !== undefined && (
            <OwnVerdict
              key={classifier.key}
              title={classifier.title}
              verdict={answer.verdict}
              classNames={classNames}
            />
          )
        );
      })}
    </>
  );
}

function VerdictLine({ verdict, classNames }: { verdict: Verdict; classNames: readonly string[] }) {
  const name = classNames[verdict.best];
  return (
    <p class={verdict.flippedFrom === undefined ? 'draw-verdict' : 'draw-verdict flip'}>
      <b class={name.length > 2 ? 'draw-class long' : 'draw-class'}>{name}</b>{' '}
      <span class="draw-verdict-facts">
        <span>{formatPercent(verdict.probability, 1)}</span>{' '}
        <Marks verdict={verdict} classNames={classNames} />
      </span>
    </p>
  );
}

function OwnVerdict({
  title,
  verdict,
  classNames,
}: {
  title: string;
  verdict: Verdict;
  classNames: readonly string[];
}) {
  return (
    <p class="draw-own small">
      <span class="quiet">{title}</span> <b>{classNames[verdict.best]}</b>{' '}
      {formatPercent(verdict.probability, 1)} <Marks verdict={verdict} classNames={classNames} />
    </p>
  );
}

/** Whether it flipped, and with a label whether it is right. */
function Marks({ verdict, classNames }: { verdict: Verdict; classNames: readonly string[] }) {
  const words = drawMessages();
  const { flippedFrom, isRight } = verdict;
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
