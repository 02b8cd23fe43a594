import { proxy, wrap, type Remote } from 'comlink';
import type { Lab } from './worker/lab-api.ts';

/**
 * The lab, in a worker that is started with the first call. Functions among the arguments, such as a listener for
 * progress, are called here. Every call rejects when the worker can't be loaded.
 */
export const lab: Lab = new Proxy({} as Lab, {
  get:
    (_, name) =>
    (...args: unknown[]) =>
      call(name as keyof Lab, args),
});

type Method = (...args: unknown[]) => Promise<unknown>;

interface LabWorker {
  readonly remote: Remote<Lab>;
  /** Rejects when it can't be loaded; none any more once it has answered, since it would hold every later answer. */
  failure: Promise<never> | undefined;
}

let worker: LabWorker | undefined;

function call(name: keyof Lab, args: readonly unknown[]): Promise<unknown> {
  worker ??= startWorker();
  const { remote, failure } = worker;
  const method = remote[name] as unknown as Method;
  const passed = args.map((arg) => (typeof arg === 'function' ? proxy(arg) : arg));
  const answer = method(...passed);
  return failure === undefined ? answer : Promise.race([failure, answer]);
}

function startWorker(): LabWorker {
  const started = new Worker(new URL('./worker/lab-worker.ts', import.meta.url), {
    type: 'module',
    name: 'lab',
  });
  const failure = new Promise<never>((_, reject) => {
    const fail = (event: Event): void => {
      event.preventDefault();
      // Without a message where the script did not arrive, with one where it failed.
      const why = event instanceof ErrorEvent && event.message !== '' ? ` (${event.message})` : '';
      reject(
        new Error(
          `Cannot run models: their worker must load, and it did not${why}: see that the server runs, then reload the page.`,
        ),
      );
    };
    started.addEventListener('error', fail);
    // Once it has answered, it did load: an error of a call goes to its caller.
    started.addEventListener(
      'message',
      () => {
        started.removeEventListener('error', fail);
        loaded.failure = undefined;
      },
      { once: true },
    );
  });
  // Whoever calls hears of it; nobody else must.
  failure.catch(() => undefined);
  const loaded: LabWorker = { remote: wrap<Lab>(started), failure };
  return loaded;
}
