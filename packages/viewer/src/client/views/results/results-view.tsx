import './results.css';
import { formatCount } from '../../i18n/number-format.ts';
import { WithRun } from '../../parts/with-run.tsx';
import type { OpenRun } from '../../state/run.ts';
import { ClassErrorsSection } from './class-errors.tsx';
import { Confusion } from './confusion.tsx';
import { confusionMessages } from './confusion-messages.ts';
import { Costs } from './costs.tsx';
import { factsMessages } from './facts-messages.ts';
import { FinishedTrainings, LiveTrainings } from './live-trainings.tsx';
import { resultsMessages } from './results-messages.ts';
import { RunFacts } from './run-facts.tsx';
import { SamplesSection } from './samples.tsx';
import { samplesMessages } from './samples-messages.ts';
import { TrainingCurves } from './training-curves.tsx';
import { trainingMessages } from './training-messages.ts';

/** What a run measured: tables beside the study's, mistakes with their images, curves of trainings, the run's facts. */
export function ResultsView() {
  const words = resultsMessages();
  return (
    <div class="view results">
      <header class="lead">
        <h1>{words.title}</h1>
        <WithRun>
          {({ manifest: { dataset } }) => <p>{words.lead(formatCount(dataset.testCount), dataset.title)}</p>}
        </WithRun>
        <FinishedTrainings />
      </header>
      <LiveTrainings />
      <WithRun>{(run) => <Results run={run} />}</WithRun>
    </div>
  );
}

function Results({ run }: { run: OpenRun }) {
  return (
    <>
      <Contents run={run} />
      {run.manifest.models.length > 0 && <Costs run={run} />}
      {run.codecs.length > 0 && <SamplesSection run={run} />}
      <ClassErrorsSection run={run} />
      <Confusion run={run} />
      <TrainingCurves run={run} />
      <RunFacts run={run} />
    </>
  );
}

function Contents({ run }: { run: OpenRun }) {
  const words = resultsMessages();
  const hasCodecs = run.codecs.length > 0;
  const entries = [
    ...(run.manifest.models.length > 0 ? [['costs', words.costs] as const] : []),
    ...(hasCodecs
      ? [['samples', samplesMessages().title] as const, ['classes', words.classes] as const]
      : []),
    ...(run.classifiers.length > 0 ? [['confusion', confusionMessages().title] as const] : []),
    ['training', trainingMessages().title] as const,
    ['run', factsMessages().title] as const,
  ];
  return (
    <nav class="results-contents" aria-label={words.contents}>
      <ul>
        {entries.map(([id, title]) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
