import { signal } from '@preact/signals';
import { defineMessages } from '../i18n/define-messages.ts';
import { judgeOf, modelKey, ownClassifiers } from '../state/models.ts';
import type { OpenRun } from '../state/run.ts';
import type { LabModel, ModelKey } from '../worker/lab-api.ts';

const classifierMessages = defineMessages({
  en: { judgedBy: 'Judged by' },
  el: { judgedBy: 'Κριτής' },
});

/** The visitor's own classifier that was picked to judge. It is gone after a reload, so it has no place in the address. */
const pickedClassifier = signal<ModelKey | undefined>(undefined);

/** Nothing once it was removed, or where it does not fit the run. */
function pickedOwn(): LabModel | undefined {
  return ownClassifiers.value.find(({ key }) => key === pickedClassifier.value);
}

/**
 * The classifier that judges in views that ask one alone: the visitor's own that was picked, else the run's. It may still
 * be on its way.
 * @returns `undefined` where there is none
 */
export function chosenClassifier(
  run: OpenRun,
): { readonly key: ModelKey; readonly title: string } | undefined {
  const own = pickedOwn();
  if (own !== undefined) return own;
  const judge = judgeOf(run);
  return judge === undefined ? undefined : { key: modelKey(run.id, judge.id), title: judge.title };
}

/** Picks the classifier that judges; nothing to be seen until the visitor has dropped one. */
export function ClassifierChoice({ run }: { run: OpenRun }) {
  const own = ownClassifiers.value;
  if (own.length === 0) return null;
  const judge = judgeOf(run);
  return (
    <label class="field">
      <span>{classifierMessages().judgedBy}</span>
      <select
        class="select"
        value={pickedOwn()?.key ?? ''}
        onChange={({ currentTarget }) => {
          pickedClassifier.value = currentTarget.value === '' ? undefined : currentTarget.value;
        }}
      >
        {judge !== undefined && <option value="">{judge.title}</option>}
        {own.map(({ key, title }) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
