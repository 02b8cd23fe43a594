import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Notice } from '../parts/notice.tsx';
import { reloadHint } from '../parts/reload-hint.ts';
import type { ViewName } from '../../contract/api.ts';
import { viewAddress, type Route } from '../state/route.ts';
import { chosenRunId } from '../state/run.ts';
import { shellMessages } from './shell-messages.ts';
import { viewTable } from './view-table.ts';

type Loaded =
  | { readonly kind: 'view'; readonly name: ViewName; readonly View: ComponentType }
  | { readonly kind: 'failed'; readonly message: string };

/** Fetches the view's code and shows it; what goes wrong in it is said in its place, with the rest of the page alive. */
export function ViewPlace({ view }: { view: Route['view'] }) {
  const words = shellMessages();
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (view === 'unknown') return;
    let isCurrent = true;
    viewTable[view]().then(
      (View) => {
        if (isCurrent) setLoaded({ kind: 'view', name: view, View });
      },
      (error: unknown) => {
        if (isCurrent) setLoaded({ kind: 'failed', message: (error as Error).message });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [view]);
  if (view === 'unknown') {
    return (
      <div class="view">
        <h1>{words.unknownPage}</h1>
        <p>
          <a href={viewAddress('draw')}>{words.backToStart}</a>
        </p>
      </div>
    );
  }
  if (loaded?.kind === 'failed') {
    return (
      <div class="view">
        <Notice tone="error" title={words.viewFailed}>
          {loaded.message} {reloadHint().text}
        </Notice>
      </div>
    );
  }
  // The last view stays until the next is there.
  if (loaded === undefined) return <div class="view" aria-busy="true" />;
  return (
    <FaultBarrier key={loaded.name} runId={chosenRunId.value}>
      <loaded.View />
    </FaultBarrier>
  );
}

interface FaultBarrierProps {
  /** Another is tried to be drawn again: the fault may lie in the run. */
  readonly runId: string | undefined;
  readonly children: ComponentChildren;
}

/** Shows an error that was thrown while a view was drawn, instead of a blank page. */
class FaultBarrier extends Component<FaultBarrierProps, { message?: string | undefined }> {
  static override getDerivedStateFromError(error: unknown) {
    return { message: (error as Error).message };
  }

  override componentDidUpdate({ runId }: FaultBarrierProps) {
    if (runId !== this.props.runId) this.setState({ message: undefined });
  }

  override render({ children }: FaultBarrierProps, { message }: { message?: string | undefined }) {
    if (message === undefined) return children;
    return (
      <div class="view">
        <Notice tone="error" title={shellMessages().viewFailed}>
          {message}
        </Notice>
      </div>
    );
  }
}
