import { spawn } from 'node:child_process';
import { answerSchema, type Answer, type Job } from './bench-document.ts';

/** What came of a child. */
export type Outcome = { readonly answer: Answer } | { readonly failure: string };

/**
 * Gives a job to a child, which answers in the last line of its stdout. Whatever happens to it is an outcome: that the
 * program isn't there, what it says it can't do, its death, and that it took too long, for which it is ended.
 */
export async function runChild(
  [program, ...args]: readonly string[],
  job: Job,
  { timeoutMs }: { timeoutMs: number },
): Promise<Outcome> {
  const child = spawn(program, [...args, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ending = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => {
      resolve(`took longer than ${Math.round(timeoutMs / 1000)} s`);
      child.kill('SIGKILL');
    }, timeoutMs);
    const end = (how: string): void => {
      clearTimeout(timer);
      resolve(how);
    };
    child.on('error', (error) => {
      end(error.message);
    });
    child.on('close', (status, signal) => {
      end(
        status === 0 ? '' : [signal ?? `exit code ${status}`, lastError(stderr)].filter(Boolean).join(': '),
      );
    });
  });
  return readOutcome(stdout, ending);
}

/** Reads a child's answer; `ending` says how it died, if it did. */
export function readOutcome(stdout: string, ending: string): Outcome {
  if (ending !== '') return { failure: ending };
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
