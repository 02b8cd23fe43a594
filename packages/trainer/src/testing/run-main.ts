import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
// By its address, since the process starts in a folder that has no packages.
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** How a process ended and what it wrote. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line at work in a process of its own. */
export interface RunningMain {
  readonly ended: Promise<Ending>;
  /** Resolves once stdout has this text, or the process ended without. */
  wrote(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts the command line with `cwd` as the current folder.
 * @param env environment variables besides this process's own.
 */
export function startMain(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): RunningMain {
  const child = spawn(process.execPath, ['--import', loader, main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let tell = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  return {
    ended,
    async wrote(text) {
      const found = new Promise<void>((resolve) => {
        tell = () => {
          if (stdout.includes(text)) resolve();
        };
        tell();
      });
      await Promise.race([found, ended]);
    },
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/** Runs the command line to its end. */
export function runMain(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  return startMain(args, cwd, env).ended;
}
