import { expose } from 'comlink';
import { vi } from 'vitest';
import type { Lab } from '../../worker/lab-api.ts';

/** Starts a lab as the page's worker, which Node has none of: calls of `lab` go to it as messages, as they do there. */
export function startLab(lab: Partial<Lab>): void {
  vi.stubGlobal('Worker', function startWorker() {
    const { port1, port2 } = new MessageChannel();
    expose(lab, port1);
    return port2;
  });
}
