import { useMemo } from 'preact/hooks';
import { seriesStyle, type RunProgress } from '@narrows/shared';
import type { LiveRun } from '../../../contract/api.ts';
import { formatCount, formatSignificant } from '../../i18n/number-format.ts';
import { language } from '../../i18n/language.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { liveRuns } from '../../state/catalogue.ts';
import { routeAddress } from '../../state/route.ts';
import { classifierStyle } from './classifier-style.ts';
import { finishedTrainings } from './finished-trainings.ts';
import { LossChart, type LossSeries } from './loss-chart.tsx';
import { trainingMessages } from './training-messages.ts';

/** Says which trainings finished while the page was open, and leads to their results. */
export function FinishedTrainings() {
  const words = trainingMessages();
  return (
    <div role="status" class="stack">
      {finishedTrainings.value.map(({ id, name }) => (
        <p key={id} class="notice info">
          {words.finished(name)}{' '}
          <PageLink href={routeAddress('results', new URLSearchParams({ run: id }))}>
            {words.showRun}
          </PageLink>
        </p>
      ))}
    </div>
  );
}

/** Trainings that are under way or were stopped, as they report. */
export function LiveTrainings() {
  const words = trainingMessages();
  const live = liveRuns.value;
  if (live.length === 0) return null;
  return (
    <section class="results-section live-trainings" aria-labelledby="live-title">
      <h2 id="live-title">
        {live.some(({ state }) => state === 'running') ? words.liveTitle : words.restingTitle}
      </h2>
      {live.map((run) => (
        <LiveTraining key={run.id} run={run} />
      ))}
    </section>
  );
}

function LiveTraining({ run: { progress, state } }: { run: LiveRun }) {
  const words = trainingMessages();
  const { name, task, phase, etaSeconds, models } = progress;
  const series = useMemo(() => liveSeries(models), [models]);
  const kinds = [
    { kind: words.codecs, meaning: words.codecsMeaning, series: series.codecs },
    { kind: words.classifiers, meaning: words.classifiersMeaning, series: series.classifiers },
  ].filter(({ series: some }) => some.length > 0);
  const curves = (
    <div class="live-curves">
      <LiveModels progress={progress} />
      {kinds.map(({ kind, meaning, series: some }) => (
        <LossChart
          key={kind}
          kind={kind}
          meaning={meaning}
          series={some}
          plannedEpochs={plannedEpochs(models, some)}
        />
      ))}
    </div>
  );
  return (
    <article class="live-training stack" aria-label={name}>
      <div class="live-head">
        <h3>{name}</h3>
        <span class={`live-state ${state}`} role="status">
          {words.live[state]}
        </span>
        <span class="quiet small">
          {words.started(timeText(progress.startedAt))}
          {state !== 'running' && `, ${words.lastReport(timeText(progress.updatedAt))}`}
        </span>
      </div>
      <p class="quiet">{words.liveMeaning[state]}</p>
      {state === 'running' ? (
        <>
          <ProgressBar
            label={task === undefined ? words.phases[phase] : words.work(words.phases[phase], task.label)}
            fraction={task?.fraction ?? 0}
            etaSeconds={etaSeconds}
          />
          {curves}
        </>
      ) : (
        <details>
          <summary>{words.soFar}</summary>
          {curves}
        </details>
      )}
    </article>
  );
}

function LiveModels({ progress: { name, models } }: { progress: RunProgress }) {
  const words = trainingMessages();
  return (
    <ScrollRegion label={words.liveModels(name)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.model}</th>
            <th scope="col" class="number">
              {words.epochs}
            </th>
            <th scope="col" class="number">
              {words.lastLoss}
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => {
            const last = model.current ?? model.epochs.at(-1);
            const loss = last === undefined ? undefined : 'loss' in last ? last.loss : last.trainLoss;
            return (
              <tr key={model.id}>
                <th scope="row">
                  <CodecName style={liveStyle(models, model.id)} title={model.title} />
                </th>
                <td class="number">
                  {model.plannedEpochs === 0
                    ? words.fitted
                    : last === undefined
                      ? words.waiting
                      : words.epochsOf(formatCount(model.epochs.length), formatCount(model.plannedEpochs))}
                </td>
                <td class="number">{loss === undefined ? '–' : formatSignificant(loss, 4)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

type ModelProgress = RunProgress['models'][number];

/** The sign that the model will have in the finished run. */
function liveStyle(models: readonly ModelProgress[], id: string) {
  const codecs = models.filter(({ kind }) => kind !== 'classifier').map((model) => model.id);
  const classifiers = models.filter(({ kind }) => kind === 'classifier').map((model) => model.id);
  return codecs.includes(id) ? seriesStyle(codecs.indexOf(id)) : classifierStyle(classifiers.indexOf(id));
}

function liveSeries(models: readonly ModelProgress[]): {
  codecs: readonly LossSeries[];
  classifiers: readonly LossSeries[];
} {
  const seriesOf = (ofClassifiers: boolean): readonly LossSeries[] =>
    models
      .filter(({ kind, epochs }) => (kind === 'classifier') === ofClassifiers && epochs.length > 0)
      .map(({ id, title, epochs, current }) => ({
        id,
        title,
        epochs,
        style: liveStyle(models, id),
        current: current && {
          epoch: current.epoch,
          fraction: current.imagesDone / current.imagesPerEpoch,
          loss: current.loss,
        },
      }));
  return { codecs: seriesOf(false), classifiers: seriesOf(true) };
}

function plannedEpochs(models: readonly ModelProgress[], series: readonly LossSeries[]): number {
  const ids = new Set(series.map(({ id }) => id));
  return Math.max(...models.filter(({ id }) => ids.has(id)).map((model) => model.plannedEpochs));
}

function timeText(iso: string): string {
  return new Date(iso).toLocaleTimeString(language.value, { hour: '2-digit', minute: '2-digit' });
}
