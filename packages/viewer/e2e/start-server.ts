import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** A viewer server in a process of its own. */
export interface RunningServer {
  /** Its address without a path, such as `http://localhost:41234`. */
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
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'packages/viewer/src/server/node.ts', `--port=${port}`, `--runs=${runsFolder}`],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let printed = '';
  const origin = await new Promise<string>((listening, fail) => {
    const read = (chunk: string) => {
      printed += chunk;
      const address = /http:\/\/[^\s/]+:\d+/.exec(printed);
      if (address) listening(address[0]);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => {
      fail(new Error(`Cannot start the server, it must listen, and ended with ${String(code)}:\n${printed}`));
    });
  });
  return {
    origin,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
