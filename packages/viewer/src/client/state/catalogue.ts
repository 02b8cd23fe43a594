import { signal } from '@preact/signals';
import { apiPaths, type Catalogue, type LiveRun } from '../../contract/api.ts';
import { askServer } from './ask-server.ts';

/** What there is to look at; `undefined` until the server has answered. */
export const catalogue = signal<Catalogue | undefined>(undefined);

/** Why there is no catalogue, one line. */
export const catalogueError = signal<string | undefined>(undefined);

/** Runs being made, as they report. */
export const liveRuns = signal<readonly LiveRun[]>([]);

/** Asks for the catalogue. What went wrong is in `catalogueError`. */
export async function loadCatalogue(): Promise<void> {
  try {
    take(await askServer<Catalogue>(apiPaths.catalogue));
  } catch (error) {
    catalogueError.value = (error as Error).message;
  }
}

function take(next: Catalogue): void {
  catalogue.value = next;
  catalogueError.value = undefined;
  liveRuns.value = next.live;
}

/** After so long it is tried again to listen to a server that refused. */
const listenAgainMs = 10_000;

/**
 * Listens to what the server tells: new runs, and how far trainings are. Where the connection breaks, the browser opens
 * another by itself; after an answer that is no stream, such as a 503, it would not.
 */
export function listenToServer(): void {
  const source = new EventSource(apiPaths.live);
  source.addEventListener('catalogue', (event) => {
    take(JSON.parse((event as MessageEvent<string>).data) as Catalogue);
  });
  source.addEventListener('progress', (event) => {
    const live = JSON.parse((event as MessageEvent<string>).data) as LiveRun;
    const isNew = !liveRuns.value.some(({ id }) => id === live.id);
    // Each keeps its place, or two that report in turn would swap theirs.
    liveRuns.value = isNew
      ? [live, ...liveRuns.value]
      : liveRuns.value.map((known) => (known.id === live.id ? live : known));
  });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listenToServer, listenAgainMs);
  });
}
