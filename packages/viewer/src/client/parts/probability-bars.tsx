import { formatPercent } from '../i18n/number-format.ts';
import { defineMessages } from '../i18n/define-messages.ts';

const barMessages = defineMessages({
  en: { probability: 'Probability of each class' },
  el: { probability: 'Πιθανότητα κάθε κλάσης' },
});

export interface ProbabilityBarsProps {
  /** `[classes]`, summing to 1 */
  readonly probabilities: Float32Array;
  readonly classNames: readonly string[];
  /** The class to be expected: the largest bar is marked as a flip where it is another. */
  readonly expected?: number | undefined;
}

/** A classifier's answer as one bar for each class. */
export function ProbabilityBars({ probabilities, classNames, expected }: ProbabilityBarsProps) {
  const best = largestIndex(probabilities);
  const isFlip = expected !== undefined && best !== expected;
  return (
    <ol class="probability-bars" aria-label={barMessages().probability}>
      {classNames.map((name, i) => (
        <li key={name} class={i === best ? (isFlip ? 'best flip' : 'best') : undefined}>
          <span class="class-name">{name}</span>
          <span class="bar" aria-hidden="true">
            <i ref={(bar) => bar?.style.setProperty('width', `${100 * probabilities[i]}%`)} />
          </span>
          <span class="share">{formatPercent(probabilities[i], 1)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Index of the largest value, the first of equals. */
export function largestIndex(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
