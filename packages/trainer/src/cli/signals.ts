/** A stop that the user asked for, to be looked at between two steps. */
export interface StopSignal {
  /** Whether to stop after the step at hand. */
  readonly requested: boolean;
  /** What to exit with after a stop: 130 for Ctrl-C (SIGINT), 143 for SIGTERM, `undefined` while none was asked for. */
  readonly exitCode: 130 | 143 | undefined;
  /** Stops listening: the next signal ends the process as if nobody had listened. */
  dispose(): void;
}

/** What is done when a stop is asked for. */
export interface StopSignalOptions {
  /** Shows the user one line. */
  readonly say: (line: string) => void;
  /** Called just before a second signal ends the process: the place to give the terminal back. It must not wait. */
  readonly beforeExit?: () => void;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * A parent that is stopped by Ctrl-C itself, as Nx is, may pass SIGTERM on to us although the terminal sent us SIGINT
 * already. Nobody asks twice in half a second with two kinds of signal.
 */
const sameRequestMs = 500;

/**
 * Turns SIGINT and SIGTERM into a request to stop.
 *
 * The first asks for a stop after the step at hand (`requested`), the second, of either kind, ends the process at once
 * with 130 or 143. Signals of the other kind within half a second after the first count as one with it.
 *
 * Node hands out signals only between turns of the event loop: code that never awaits a timer, I/O or `setImmediate`
 * doesn't see them.
 */
export function createStopSignal(host: NodeJS.Process, { say, beforeExit }: StopSignalOptions): StopSignal {
  let first: { readonly signal: keyof typeof exitCodes; readonly atMs: number } | undefined;

  function receive(signal: keyof typeof exitCodes): void {
    if (first === undefined) {
      first = { signal, atMs: performance.now() };
      say('Stopping after this step; press Ctrl-C again to stop at once.');
      return;
    }
    if (signal !== first.signal && performance.now() - first.atMs < sameRequestMs) return;
    beforeExit?.();
    host.exit(exitCodes[signal]);
  }

  const onInterrupt = (): void => {
    receive('SIGINT');
  };
  const onTerminate = (): void => {
    receive('SIGTERM');
  };
  host.on('SIGINT', onInterrupt);
  host.on('SIGTERM', onTerminate);

  return {
    get requested() {
      return first !== undefined;
    },
    get exitCode() {
      return first === undefined ? undefined : exitCodes[first.signal];
    },
    dispose() {
      host.off('SIGINT', onInterrupt);
      host.off('SIGTERM', onTerminate);
    },
  };
}

/**
 * Lets the process live on when nobody reads its output any more: after Ctrl-C Nx ends at once and leaves its child
 * to finish a checkpoint, whose lines then meet a closed pipe (EPIPE) or a terminal that is gone (EIO). What is written
 * there is lost; any other error of the stream is thrown as ever.
 */
export function surviveClosedOutput(...streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
