import { spawn } from 'node:child_process';
import { resolve, sep } from 'node:path';
import { answerSchema, type Answer, type Job } from './bench-document.ts';

/** What came of a child. */
export type Outcome = { readonly answer: Answer } | { readonly failure: string };

/**
 * Gives a job to a child, which answers in the last line of its stdout. Whatever happens to it is an outcome: that the
 * program isn't there, what it says it can't do, its death, and that it took too long, for which it is ended.
 *
 * It is also ended as soon as `ending` is aborted, and then its outcome is nobody's fault and worth nothing. A child that dies
 * of a signal that people end programs with aborts `ending` by that: Ctrl-C reaches a child as early as its parent.
 */
export async function runChild(
  [program, ...args]: readonly string[],
  job: Job,
  { timeoutMs, ending }: { timeoutMs: number; ending: AbortController },
): Promise<Outcome> {
  const child = spawn(program, [...args, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: ending.signal,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const death = await new Promise<string>((settle) => {
    const timer = setTimeout(() => {
      settle(`took longer than ${Math.round(timeoutMs / 1000)} s`);
      child.kill('SIGKILL');
    }, timeoutMs);
    const end = (how: string): void => {
      clearTimeout(timer);
      settle(how);
    };
    child.on('error', (error) => {
      // One that was there is gone before anybody goes on without it.
      if (child.pid === undefined) end(error.message);
      else
        child.on('exit', () => {
          end(error.message);
        });
    });
    child.on('close', (status, signal) => {
      if (signal !== null && isEndingSignal(signal) && !ending.signal.aborted) ending.abort(signal);
      end(
        status === 0 ? '' : [signal ?? `exit code ${status}`, lastError(stderr)].filter(Boolean).join(': '),
      );
    });
  });
  return readOutcome(stdout, death);
}

/** The signals by which people, terminals and systems end programs. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

function isEndingSignal(signal: NodeJS.Signals): boolean {
  return endingSignals.some((one) => one === signal);
}

const root = resolve(import.meta.dirname, '../../../..');

/** Reads a child's answer; `death` says how it died, if it did. Paths in a failure are relative to the repository. */
export function readOutcome(stdout: string, death: string): Outcome {
  const outcome = outcomeOf(stdout, death);
  return 'failure' in outcome ? { failure: outcome.failure.replaceAll(root + sep, '') } : outcome;
}

function outcomeOf(stdout: string, death: string): Outcome {
  if (death !== '') return { failure: death };
  const line = stdout.trimEnd().split('\n').at(-1)!;
  try {
    const value = JSON.parse(line) as { failure?: unknown };
    if (typeof value.failure === 'string') return { failure: value.failure };
    return { answer: answerSchema.parse(value) };
  } catch {
    return { failure: `gave no answer: "${line.slice(0, 80)}"` };
  }
}

/** The line of a stack trace that names the error, or the last one there is. */
function lastError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '';
}
