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

/** Listens to what the server tells: new runs, and how far trainings are. The browser connects again by itself. */
export function listenToServer(): void {
  const source = new EventSource(apiPaths.live);
  source.addEventListener('catalogue', (event) => {
    take(JSON.parse((event as MessageEvent<string>).data) as Catalogue);
  });
  source.addEventListener('progress', (event) => {
    const live = JSON.parse((event as MessageEvent<string>).data) as LiveRun;
    liveRuns.value = [live, ...liveRuns.value.filter(({ id }) => id !== live.id)];
  });
}
