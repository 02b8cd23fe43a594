import { formatPercent } from '../../i18n/number-format.ts';
import { largestIndex, ProbabilityBars } from '../../parts/probability-bars.tsx';
import { drawMessages } from './draw-messages.ts';

export interface ClassColumnsProps {
  /** `[classes]`, summing to 1 */
  readonly probabilities: Float32Array;
  readonly classNames: readonly string[];
  /** Whether the largest is another than on the original. */
  readonly isFlip: boolean;
}

/** Names up to so long stand below a column. */
const shortName = 2;
/** With more classes than these, only the largest column has its name below. */
const namedColumns = 12;

/** A classifier's answer as a row of thin columns, one for each class; long names make it a list of bars. */
export function ClassColumns({ probabilities, classNames, isFlip }: ClassColumnsProps) {
  const best = largestIndex(probabilities);
  if (classNames.some((name) => name.length > shortName)) {
    return (
      <ProbabilityBars
        probabilities={probabilities}
        classNames={classNames}
        expected={isFlip ? -1 : undefined}
      />
    );
  }
  const isNamed = (i: number): boolean => classNames.length <= namedColumns || i === best;
  return (
    <ol class={isFlip ? 'draw-columns flip' : 'draw-columns'} aria-label={drawMessages().probabilities}>
      {classNames.map((name, i) => (
        <li key={name} class={i === best ? 'best' : undefined}>
          <span class="visually-hidden">
            {name}: {formatPercent(probabilities[i], 1)}
          </span>
          <span class="draw-column" aria-hidden="true">
            <i ref={(bar) => bar?.style.setProperty('height', `${100 * probabilities[i]}%`)} />
          </span>
          <span class="draw-column-name" aria-hidden="true">
            {isNamed(i) ? name : ''}
          </span>
        </li>
      ))}
    </ol>
  );
}
