import { useRef } from 'preact/hooks';
import { formatCount } from '../../i18n/number-format.ts';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { route, setParams } from '../../state/route.ts';
import { modelTitle, type OpenRun } from '../../state/run.ts';
import { CellImages } from './cell-images.tsx';
import { resultsClassifier, ResultsClassifierChoice } from './results-classifier.tsx';
import { cellText, mostFrequentMistake, parseCell, type ConfusionCell } from './confusion-cell.ts';
import { ConfusionGrid } from './confusion-grid.tsx';
import { confusionMessages } from './confusion-messages.ts';
import { ResultsSection } from './results-section.tsx';

/** The confusion matrix of a classifier on what it is shown, and the images of the cell that is open. */
export function Confusion({ run }: { run: OpenRun }) {
  const words = confusionMessages();
  const place = useRef<HTMLDivElement>(null);
  const classifier = resultsClassifier(run);
  const answers = run.manifest.evaluation.classifications.filter((one) => one.classifier === classifier?.id);
  if (classifier === undefined || answers.length === 0) return null;
  const { params } = route.value;
  const shown = answers.find(({ on }) => on === params.get('on')) ?? answers[0];
  const titleOf = (on: string): string => modelTitle(run, on) ?? words.originals;
  const { confusion } = shown;
  const right = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const images = confusion.flat().reduce((sum, count) => sum + count, 0);
  const open = parseCell(params.get('cell'), confusion.length);
  const suggested = mostFrequentMistake(confusion);
  // For buttons that are gone once they have done their work.
  const focusCell = (cell: ConfusionCell): void => {
    place.current?.querySelector<HTMLElement>(`[data-cell="${cellText(cell)}"]`)?.focus();
  };
  return (
    <ResultsSection id="confusion" title={words.title}>
      <p>{words.lead}</p>
      <div class="row">
        <ResultsClassifierChoice run={run} />
        <label class="field">
          <span>{words.shown}</span>
          <select
            class="select"
            value={shown.on}
            onChange={({ currentTarget }) => {
              setParams({ on: currentTarget.value });
            }}
          >
            {answers.map(({ on }) => (
              <option key={on} value={on}>
                {titleOf(on)}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet" role="status">
          {words.total(formatCount(right), formatCount(images - right))}
        </span>
      </div>
      <div class="confusion-place" ref={place}>
        <div class="confusion-side">
          <p class="small quiet">{words.axes}</p>
          <ScrollRegion label={words.grid(titleOf(shown.on))}>
            <ConfusionGrid
              confusion={confusion}
              classNames={run.classNames}
              label={words.grid(titleOf(shown.on))}
              open={open}
              onOpen={(cell) => {
                setParams({ cell: cellText(cell) });
              }}
            />
          </ScrollRegion>
          <p class="small quiet">{words.gridHint}</p>
        </div>
        {open === undefined ? (
          suggested !== undefined && (
            <p class="confusion-suggestion">
              <span class="quiet">{words.choose}</span>{' '}
              <button
                type="button"
                class="button"
                onClick={() => {
                  setParams({ cell: cellText(suggested) });
                  focusCell(suggested);
                }}
              >
                {words.mostFrequent(
                  formatCount(confusion[suggested.label][suggested.answer]),
                  run.classNames[suggested.label],
                  run.classNames[suggested.answer],
                )}
              </button>
            </p>
          )
        ) : (
          <CellImages
            key={`${run.id} ${shown.classifier} ${shown.on} ${cellText(open)}`}
            run={run}
            classifier={shown.classifier}
            on={shown.on}
            cell={open}
            count={confusion[open.label][open.answer]}
            onClose={() => {
              setParams({ cell: undefined });
              focusCell(open);
            }}
          />
        )}
      </div>
    </ResultsSection>
  );
}
