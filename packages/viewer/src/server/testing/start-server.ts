import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const server = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** How a process ended and what it wrote. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server at work in a process of its own. */
export interface RunningServer {
  readonly pid: number;
  /** The address that it says it listens at, such as `http://127.0.0.1:4317`; rejects where it ends without. */
  readonly origin: Promise<string>;
  readonly ended: Promise<Ending>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts the server on Node. */
export function startNode(args: readonly string[]): RunningServer {
  const loader = pathToFileURL(require.resolve('tsx')).href;
  return start(process.execPath, ['--import', loader, resolve(server, 'node.ts'), ...args]);
}

/** The program of Deno for this machine, which npm installs where there is one; `undefined` elsewhere. */
export function findDeno(): string | undefined {
  const system =
    process.platform === 'linux' ? `linux-${process.arch}-glibc` : `${process.platform}-${process.arch}`;
  try {
    return require.resolve(`@deno/${system}/deno${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    return undefined;
  }
}

/**
 * Starts the server on Deno, which may use what npm installed and nothing from the network.
 *
 * @param program see `findDeno`
 * @param options.cache a folder for what it compiles
 * @param options.args for the server, after those of Deno
 */
export function startDeno(
  program: string,
  { cache, args }: { cache: string; args: readonly string[] },
): RunningServer {
  const flags = [
    '--cached-only',
    '--no-remote',
    '--allow-net=127.0.0.1',
    '--allow-read',
    '--host=127.0.0.1',
    '--port=0',
  ];
  return start(program, ['serve', ...flags, resolve(server, 'deno.ts'), ...args], {
    DENO_DIR: cache,
    DENO_NO_UPDATE_CHECK: '1',
    NO_COLOR: '1',
  });
}

function start(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningServer {
  const child = spawn(program, args, {
    cwd: resolve(server, '../../../..'),
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let tell = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  const origin = new Promise<string>((found, fail) => {
    tell = () => {
      const address = /http:\/\/[^/\s]+(?=\/)/.exec(stdout + stderr);
      if (address !== null) found(address[0]);
    };
    void ended.then(() => {
      fail(new Error(`The server ended before it listened: ${stderr}`));
    });
  });
  // Who waits for the end alone must not meet its rejection.
  origin.catch(() => undefined);
  return {
    pid: child.pid!,
    origin,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}
