import type { ComponentChildren } from 'preact';
import { catalogueError } from '../state/catalogue.ts';
import { runState, type OpenRun } from '../state/run.ts';
import { shellMessages } from '../shell/shell-messages.ts';
import { Notice } from './notice.tsx';

/** What needs a run: drawn once it is read; until then, or where it can't be, a line that says so. */
export function WithRun({ children }: { children: (run: OpenRun) => ComponentChildren }) {
  const words = shellMessages();
  const state = runState.value;
  if (state.kind === 'ready') return <>{children(state.run)}</>;
  if (state.kind === 'failed') {
    return (
      <Notice tone="error" title={words.runFailed}>
        {state.message} {words.otherRuns}
      </Notice>
    );
  }
  if (catalogueError.value !== undefined) {
    return (
      <Notice tone="error" title={words.serverFailed}>
        {catalogueError.value}
      </Notice>
    );
  }
  return (
    <p class="quiet" role="status">
      {words.loadingRun}
    </p>
  );
}
