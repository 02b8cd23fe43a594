import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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

/**
 * Tries an engine in a process of its own: whether it opens, what train steps come to on it and how long one takes.
 *
 * @param threads threads that one operation may use on the cpu, ≥ 1.
 * @param patienceMs after which the process is killed; two minutes are enough for a GPU in software, which takes some ten
 *   seconds.
 * @returns what it came to, or why it did not, also where its process crashed or never answered.
 */
export async function tryEngine(
  name: EngineName,
  { threads, patienceMs = 120_000 }: { threads: number; patienceMs?: number },
): Promise<EngineAnswer> {
  const child = fork(entry, [name, String(threads)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
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
