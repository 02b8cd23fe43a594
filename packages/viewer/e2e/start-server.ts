import { startNode } from '../src/server/testing/start-server.ts';

/** A viewer server in a process of its own. */
export interface RunningServer {
  /** Its address without a path, such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts the server as `nx serve viewer` does, on a free port, with the demos and the runs of a folder.
 *
 * @param options.runsFolder the visitor's own runs
 * @param options.port to start a stopped one again at the same address
 * @throws Error with what it printed, if it ends before it listens.
 */
export async function startServer({
  runsFolder,
  port = 0,
}: {
  runsFolder: string;
  port?: number;
}): Promise<RunningServer> {
  const { origin, ended, kill } = startNode([`--port=${port}`, `--runs=${runsFolder}`]);
  return {
    origin: await origin,
    async stop() {
      kill('SIGTERM');
      await ended;
    },
  };
}
