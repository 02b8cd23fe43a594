import { judge, chosenCodecs, modelKey, modelStates } from '../state/models.ts';
import type { OpenRun } from '../state/run.ts';
import { Notice } from './notice.tsx';

/** Says which of the models that are wanted could not be loaded, and why. */
export function ModelProblems({ run }: { run: OpenRun }) {
  const ids = [...(judge.value === undefined ? [] : [judge.value.id]), ...chosenCodecs.value];
  const failed = ids.flatMap((id) => {
    const state = modelStates.value.get(modelKey(run.id, id));
    return state?.kind === 'failed' ? [{ id, message: state.message }] : [];
  });
  if (failed.length === 0) return null;
  return (
    <Notice tone="error">
      <ul>
        {failed.map(({ id, message }) => (
          <li key={id}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}
