import { useRef, useState } from 'preact/hooks';
import { cellText, type ConfusionCell } from './confusion-cell.ts';
import { confusionMessages } from './confusion-messages.ts';

export interface ConfusionGridProps {
  /** Rows by true class, columns by answer. */
  readonly confusion: readonly (readonly number[])[];
  readonly classNames: readonly string[];
  /** What the grid is of, for those who hear it. */
  readonly label: string;
  /** The cell whose images are open. */
  readonly open: ConfusionCell | undefined;
  readonly onOpen: (cell: ConfusionCell) => void;
}

/**
 * A confusion matrix whose cells open: a grid by the pattern of WAI-ARIA, in which the arrow keys, Home and End move and
 * only one cell is a stop of the Tab key (https://www.w3.org/WAI/ARIA/apg/patterns/grid/).
 */
export function ConfusionGrid({ confusion, classNames, label, open, onOpen }: ConfusionGridProps) {
  const words = confusionMessages();
  const grid = useRef<HTMLTableElement>(null);
  const [stop, setStop] = useState<ConfusionCell>({ label: 0, answer: 0 });
  const mistakes = confusion.flatMap((row, i) => row.filter((_, j) => i !== j));
  const most = Math.max(1, ...mistakes);
  const last = classNames.length - 1;
  const move = (to: ConfusionCell): void => {
    setStop(to);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${cellText(to)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = cellAfterKey(event, stop, last);
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  return (
    <table class="confusion" role="grid" aria-label={label} ref={grid} onKeyDown={onKeyDown}>
      <thead>
        <tr>
          <td />
          {classNames.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {confusion.map((row, i) => (
          <tr key={classNames[i]}>
            <th scope="row">{classNames[i]}</th>
            {row.map((count, j) => {
              const isOpen = open?.label === i && open.answer === j;
              const strength = i === j ? 0 : Math.sqrt(count / most);
              return (
                <td key={classNames[j]} class={i === j ? 'right-answer' : undefined}>
                  <button
                    type="button"
                    data-cell={cellText({ label: i, answer: j })}
                    class={count === 0 ? 'none' : undefined}
                    tabIndex={stop.label === i && stop.answer === j ? 0 : -1}
                    aria-pressed={isOpen}
                    aria-label={words.cell(String(count), classNames[i], classNames[j])}
                    ref={(cell) => cell?.style.setProperty('--strength', `${Math.round(60 * strength)}%`)}
                    onFocus={() => {
                      setStop({ label: i, answer: j });
                    }}
                    onClick={() => {
                      onOpen({ label: i, answer: j });
                    }}
                  >
                    {count === 0 ? '·' : count}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cellAfterKey(
  { key, ctrlKey }: KeyboardEvent,
  { label, answer }: ConfusionCell,
  last: number,
): ConfusionCell | undefined {
  const within = (index: number): number => Math.min(last, Math.max(0, index));
  switch (key) {
    case 'ArrowUp':
      return { label: within(label - 1), answer };
    case 'ArrowDown':
      return { label: within(label + 1), answer };
    case 'ArrowLeft':
      return { label, answer: within(answer - 1) };
    case 'ArrowRight':
      return { label, answer: within(answer + 1) };
    case 'Home':
      return ctrlKey ? { label: 0, answer: 0 } : { label, answer: 0 };
    case 'End':
      return ctrlKey ? { label: last, answer: last } : { label, answer: last };
    default:
      return undefined;
  }
}
