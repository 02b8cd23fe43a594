import { useMemo } from 'preact/hooks';
import { unfinishedEpoch } from '@narrows/shared';
import { formatPercent, formatSeconds, formatSignificant } from '../../i18n/number-format.ts';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import { classifierStyle } from './classifier-style.ts';
import { LossChart, type LossSeries } from './loss-chart.tsx';
import { ResultsSection } from './results-section.tsx';
import { trainingMessages } from './training-messages.ts';

/** How the run's models were trained: loss by epoch, and what ended each. */
export function TrainingCurves({ run }: { run: OpenRun }) {
  const words = trainingMessages();
  const { codecs, classifiers } = useMemo(() => runSeries(run), [run]);
  const isEmpty = codecs.length === 0 && classifiers.length === 0;
  return (
    <ResultsSection id="training" title={words.title}>
      <p>{isEmpty ? words.onlyPca : words.lead}</p>
      <div class="results-pair">
        {codecs.length > 0 && (
          <LossChart
            kind={words.codecs}
            meaning={words.codecsMeaning}
            series={codecs}
            plannedEpochs={mostEpochs(codecs)}
          />
        )}
        {classifiers.length > 0 && (
          <LossChart
            kind={words.classifiers}
            meaning={words.classifiersMeaning}
            series={classifiers}
            plannedEpochs={mostEpochs(classifiers)}
          />
        )}
      </div>
      <details>
        <summary>{words.numbers}</summary>
        <TrainingTable run={run} />
      </details>
    </ResultsSection>
  );
}

function runSeries(run: OpenRun): { codecs: readonly LossSeries[]; classifiers: readonly LossSeries[] } {
  const codecs = run.codecs.map(({ id, title, epochs }) => ({
    id,
    title,
    epochs,
    style: codecStyle(run, id),
  }));
  const classifiers = run.classifiers.map(({ id, title, epochs }, i) => ({
    id,
    title,
    epochs,
    style: classifierStyle(i),
  }));
  const isTrained = ({ epochs }: LossSeries): boolean => epochs.length > 0;
  return { codecs: codecs.filter(isTrained), classifiers: classifiers.filter(isTrained) };
}

function mostEpochs(series: readonly LossSeries[]): number {
  return Math.max(...series.map(({ epochs }) => epochs.at(-1)!.epoch));
}

function TrainingTable({ run }: { run: OpenRun }) {
  const words = trainingMessages();
  const { models } = run.manifest;
  const isValidated = models.some(({ epochs }) =>
    epochs.some(({ validationLoss }) => validationLoss !== undefined),
  );
  return (
    <ScrollRegion label={words.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.model}</th>
            <th scope="col" class="number">
              {words.epochs}
            </th>
            <th scope="col" class="number">
              {words.kept}
            </th>
            <th scope="col">{words.endedBy}</th>
            <th scope="col" class="number">
              {words.trainLoss}
            </th>
            {isValidated && (
              <>
                <th scope="col" class="number">
                  {words.validationLoss}
                </th>
                <th scope="col" class="number">
                  {words.validationAccuracy}
                </th>
              </>
            )}
            <th scope="col" class="number">
              {words.time}
            </th>
            <th scope="col" class="number">
              {words.perEpoch}
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => {
            const last = model.epochs.at(-1);
            const perEpochMs =
              model.epochs.reduce((sum, { durationMs }) => sum + durationMs, 0) / model.epochs.length;
            return (
              <tr key={model.id}>
                <th scope="row">{model.title}</th>
                <td class="number">{last === undefined ? '–' : model.epochs.length}</td>
                <td class="number">{model.kind === 'pca' ? '–' : keptText(model)}</td>
                <td>{model.kind === 'pca' ? words.fitted : words.endings[model.endedBy]}</td>
                <td class="number">{lossText(last?.trainLoss)}</td>
                {isValidated && (
                  <>
                    <td class="number">{lossText(last?.validationLoss)}</td>
                    <td class="number">
                      {last?.validationAccuracy === undefined ? '–' : formatPercent(last.validationAccuracy)}
                    </td>
                  </>
                )}
                <td class="number">{formatSeconds(model.trainingMs / 1000)}</td>
                <td class="number">
                  {last === undefined ? '–' : `${formatSignificant(perEpochMs / 1000, 3)} s`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function lossText(loss: number | undefined): string {
  return loss === undefined ? '–' : formatSignificant(loss, 4);
}

/** The epoch whose weights were exported; one that the time limit cut short is named as such. */
function keptText(model: Exclude<OpenRun['manifest']['models'][number], { kind: 'pca' }>): string {
  const unfinished = unfinishedEpoch(model);
  return unfinished === undefined ? String(model.keptEpoch) : trainingMessages().keptPart(unfinished);
}
