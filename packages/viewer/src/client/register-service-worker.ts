import { effect } from '@preact/signals';
import { apiPaths } from '../contract/api.ts';
import { catalogue } from './state/catalogue.ts';
import { openRun } from './state/run.ts';
import { runtime } from './state/runtime.ts';

/**
 * Has the page kept for visits without a network (see `service-worker.ts`), once the models can run: until then nothing
 * should take its line, and onnxruntime is then in the browser's cache. Does nothing where there are no service workers,
 * such as on a page over http that is not from this machine.
 */
export function registerServiceWorker(): void {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker;
  if (container === undefined) return;
  const stop = effect(() => {
    const run = openRun.value;
    if (runtime.value === undefined || run === undefined || catalogue.value === undefined) return;
    queueMicrotask(() => {
      stop();
    });
    // A browser may refuse, as private windows do: the page then needs a network, as it said nothing else.
    container
      .register('/sw.js', { updateViaCache: 'none' })
      .then(() => keepDocuments(container, run.id))
      .catch(() => undefined);
  });
}

/** On the first visit the page had its documents before there was a worker to keep them: it asks for them again. */
async function keepDocuments(container: ServiceWorkerContainer, runId: string): Promise<void> {
  if (container.controller !== null) return;
  await new Promise((resolve) => {
    container.addEventListener('controllerchange', resolve, { once: true });
  });
  const { runs, sweeps } = catalogue.value!;
  const addresses = [
    apiPaths.catalogue,
    ...runs.filter(({ id, isDemo }) => isDemo || id === runId).map(({ id }) => apiPaths.run(id)),
    ...sweeps.filter(({ isDemo }) => isDemo).map(({ id }) => apiPaths.sweep(id)),
  ];
  await Promise.all(addresses.map((address) => fetch(address)));
}
