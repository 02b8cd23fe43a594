/** Lets what a visitor waits for go before long computations. */
export interface Turns {
  /** Does work that goes first. */
  interactive<T>(work: () => Promise<T>): Promise<T>;
  /** What long interactive work calls between two batches: lets messages in. */
  readonly letIn: () => Promise<void>;
  /** What other long work calls between two batches: lets messages in, then waits while there is interactive work. */
  readonly background: () => Promise<void>;
  /** Whether there is work of either kind, or was within so many milliseconds. */
  wasBusy(withinMs: number): boolean;
}

export function createTurns(): Turns {
  let running = 0;
  let lastWorkAt = -Infinity;
  let waiting: (() => void)[] = [];
  const letIn = messageTurns();
  return {
    async interactive(work) {
      running++;
      try {
        return await work();
      } finally {
        running--;
        lastWorkAt = performance.now();
        if (running === 0) {
          for (const resume of waiting) resume();
          waiting = [];
        }
      }
    },
    letIn,
    async background() {
      lastWorkAt = performance.now();
      await letIn();
      while (running > 0) {
        await new Promise<void>((resume) => waiting.push(resume));
        await letIn();
      }
    },
    wasBusy: (withinMs) => running > 0 || performance.now() - lastWorkAt < withinMs,
  };
}

/**
 * Waits until the messages that have arrived were taken in. A message of our own queues behind them; a timer would wait
 * for at least 4 ms each time.
 */
function messageTurns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const resumes: (() => void)[] = [];
  port1.onmessage = () => {
    resumes.shift()!();
  };
  return () =>
    new Promise((resume) => {
      resumes.push(resume);
      port2.postMessage(undefined);
    });
}
