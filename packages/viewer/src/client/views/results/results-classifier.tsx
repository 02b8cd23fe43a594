import { judgeOf } from '../../state/models.ts';
import { route, setParams } from '../../state/route.ts';
import type { ClassifierModel, OpenRun } from '../../state/run.ts';
import { resultsMessages } from './results-messages.ts';

/** The run's classifier whose answers are shown: the one that the address names, else the one that judges in all views. */
export function resultsClassifier(run: OpenRun): ClassifierModel | undefined {
  const named = route.value.params.get('classifier');
  return run.classifiers.find(({ id }) => id === named) ?? judgeOf(run);
}

/** Picks it; nothing to be seen where there is no choice. */
export function ResultsClassifierChoice({ run }: { run: OpenRun }) {
  if (run.classifiers.length < 2) return null;
  return (
    <label class="field">
      <span>{resultsMessages().classifier}</span>
      <select
        class="select"
        value={resultsClassifier(run)?.id}
        onChange={({ currentTarget }) => {
          setParams({ classifier: currentTarget.value, cell: undefined });
        }}
      >
        {run.classifiers.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
