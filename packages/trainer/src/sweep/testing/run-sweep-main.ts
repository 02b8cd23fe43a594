import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const main = fileURLToPath(new URL('sweep-main.ts', import.meta.url));

/** How a sweep's process ended and what it wrote. */
export interface SweepEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command `sweep` at work in a process of its own. */
export interface RunningSweep {
  readonly ended: Promise<SweepEnding>;
  /** Resolves once stdout has this text, rejects if the process ends without. */
  wrote(text: string): Promise<void>;
  /** Resolves to a worker that is none of `others`, as soon as its process is there. */
  newWorker(others: readonly number[]): Promise<number>;
  /** Resolves to a worker that is at a job whose name has this in it, and is none of `others`. */
  workerAt(job: string, others?: readonly number[]): Promise<number>;
  /** Processes of its workers. */
  workers(): number[];
  kill(signal: NodeJS.Signals): void;
}

/** Starts the command `sweep`. */
export function startSweep(args: readonly string[]): RunningSweep {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => {
    isOver = true;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  /** Looks again and again until there is something. */
  async function poll<T>(what: string, look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (isOver) throw new Error(`The sweep ended without ${what}:\n${stdout}${stderr}`);
      await sleep(20);
    }
  }
  return {
    ended,
    async wrote(text) {
      await poll(`"${text}"`, () => stdout.includes(text) || undefined);
    },
    newWorker: (others) =>
      poll('another worker', () => childrenOf(child.pid!).find(({ pid }) => !others.includes(pid))).then(
        ({ pid }) => pid,
      ),
    workerAt: (job, others = []) =>
      poll(`a worker at "${job}"`, () =>
        childrenOf(child.pid!).find(
          ({ pid, title }) => title.includes(`narrows sweep ${job}`) && !others.includes(pid),
        ),
      ).then(({ pid }) => pid),
    workers: () => childrenOf(child.pid!).map(({ pid }) => pid),
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/** Resolves once none of these processes is there. */
export async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isThere)) await sleep(20);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function childrenOf(parent: number): { pid: number; title: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match === null || Number(match[2]) !== parent ? [] : [{ pid: Number(match[1]), title: match[3] }];
  });
}
