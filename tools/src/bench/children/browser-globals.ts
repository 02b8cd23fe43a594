import { resolveObjectURL, type Blob } from 'node:buffer';
import { Worker as NodeWorker } from 'node:worker_threads';

/** What a worker's script finds in a browser, by what Node has. */
const prelude = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (data) => parentPort.postMessage(data);
parentPort.on('message', (data) => self.onmessage({ data }));
`;

/** As much of a browser's `Worker` as a pool of workers takes whose script is an object URL. */
class BrowserWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((error: Error) => void) | null = null;
  readonly #worker: Promise<NodeWorker>;

  constructor(url: string) {
    this.#worker = this.#start(resolveObjectURL(url)!);
  }

  async #start(script: Blob): Promise<NodeWorker> {
    const worker = new NodeWorker(prelude + (await script.text()), { eval: true });
    worker.on('message', (data: unknown) => this.onmessage?.({ data }));
    worker.on('error', (error: Error) => this.onerror?.(error));
    return worker;
  }

  postMessage(data: unknown): void {
    void this.#worker.then((worker) => {
      worker.postMessage(data);
    });
  }
}

/**
 * Gives Node the two globals of a browser that jax-js looks for when it is loaded: `navigator`, which says how many threads
 * it may use, and `Worker`, without which it computes in the caller's thread. With one thread there is no `Worker`.
 */
export function offerBrowserGlobals(threads: number): void {
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  };
  define('navigator', { userAgent: 'Node.js', hardwareConcurrency: threads });
  define('Worker', threads > 1 ? BrowserWorker : undefined);
}
