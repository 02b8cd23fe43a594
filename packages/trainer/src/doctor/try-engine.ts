import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { failureReason } from '../engine/failure-reason.ts';
import type { EngineName } from '../engine/open-engine.ts';

/** What an engine said, in the process that tried it. */
export type EngineAnswer =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'ran';
      readonly detail: string;
      readonly losses: readonly number[];
      readonly stepMs: number;
    };

const entry = fileURLToPath(new URL('try-engine-worker.ts', import.meta.url));

export interface TryEngineOptions {
  /** Threads that one operation may use on the cpu, ≥ 1. */
  readonly threads: number;
  /** After which the process is killed; two minutes are enough for a GPU in software, which takes some ten seconds. */
  readonly patienceMs?: number;
  /** The file that the process runs. */
  readonly worker?: string;
}

/**
 * Tries an engine in a process of its own: whether it opens, what train steps come to on it and how long one takes.
 *
 * @returns what it came to, or why it did not, also where its process can't be started, crashed or never answered.
 */
export async function tryEngine(name: EngineName, options: TryEngineOptions): Promise<EngineAnswer> {
  try {
    return await askWorker(name, options);
  } catch (error) {
    // A machine that is out of processes or memory starts none, and the other engines are still to be told of.
    return { kind: 'refused', reason: `its process failed (${failureReason(error)})` };
  }
}

/** @throws Error where the process can't be started. */
async function askWorker(
  name: EngineName,
  { threads, patienceMs = 120_000, worker = entry }: TryEngineOptions,
): Promise<EngineAnswer> {
  const child = fork(worker, [name, String(threads)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // JSON has no NaN, which is what a broken driver computes.
    serialization: 'advanced',
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  let answer: EngineAnswer | undefined;
  child.on('message', (message: EngineAnswer) => {
    answer = message;
  });
  const overdue = AbortSignal.timeout(patienceMs);
  overdue.addEventListener('abort', () => child.kill('SIGKILL'));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (answer !== undefined) return answer;
  if (overdue.aborted) return { kind: 'refused', reason: `gave no answer in ${patienceMs / 1000} s` };
  const lastWords = stderr
    .trim()
    .split('\n')
    .findLast((line) => /error|fail/i.test(line))
    ?.trim()
    .slice(0, 200);
  // Nobody else sends it as a rule.
  const why = signal === 'SIGKILL' ? 'as the system does where memory runs out' : lastWords;
  return {
    kind: 'refused',
    reason: `its process ended with ${signal ?? `code ${String(code)}`}${why === undefined ? '' : ` (${why})`}`,
  };
}
