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
/** Long enough for a GPU in software, which takes some ten seconds. */
const patienceMs = 120_000;

/** Tries an engine in a process of its own: whether it opens, what train steps come to on it and how long one takes. */
export async function tryEngine(name: EngineName, threads: number): Promise<EngineAnswer> {
  const child = fork(entry, [name, String(threads)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  let answer: EngineAnswer | undefined;
  child.on('message', (message: EngineAnswer) => {
    answer = message;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  if (answer !== undefined) return answer;
  if (signal === 'SIGKILL') return { kind: 'refused', reason: `gave no answer in ${patienceMs / 1000} s` };
  const lastWords =
    stderr
      .trim()
      .split('\n')
      .findLast((line) => /error|fail/i.test(line)) ?? '';
  return {
    kind: 'refused',
    reason: `its process ended with ${signal ?? `code ${String(code)}`}${lastWords === '' ? '' : ` (${lastWords.trim().slice(0, 200)})`}`,
  };
}
