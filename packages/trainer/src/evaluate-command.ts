import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { createProgress } from './cli/progress.ts';
import { readRunArguments } from './cli/read-run-arguments.ts';
import { usage } from './cli/usage.ts';
import { usageError } from './cli/usage-error.ts';
import { evaluateRun } from './evaluate-run.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * The command `evaluate`: evaluates a run once more from its files and says whether that agrees with `run.json`.
 *
 * @param argv the arguments after `evaluate`.
 * @param host the process that it writes to.
 * @returns the exit code: 0 when every figure agrees, else 1.
 * @throws ExpectedError for what the user can mend, with exit code 2 for a command line that asks for the impossible.
 */
export async function runEvaluateCommand(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  // Without checks of every value for NaN, and without advice on stderr.
  tf.enableProdMode();
  const request = readRunArguments(argv, { command: 'evaluate', flags: ['data', 'threads'] });
  if (request.kind === 'help') {
    host.stdout.write(`${usage}\n`);
    return 0;
  }
  const { folder, values } = request;
  const threads = readThreads(values['threads']);
  const progress = createProgress({
    stream: host.stdout,
    isTty: host.stdout.isTTY,
    now: () => performance.now(),
  });
  // It keeps nothing, so that a signal may end it at once; but the terminal has to get its cursor back.
  const end = (signal: NodeJS.Signals): void => {
    progress.close();
    host.kill(host.pid, signal);
  };
  for (const signal of signals) host.once(signal, end);
  try {
    const result = await evaluateRun(folder, { data: values['data'], threads, progress });
    const agrees =
      result.differentCounts === 0 &&
      result.differentPredictions === 0 &&
      result.largestRelativeDifference < 1e-6;
    host.stdout.write(
      `${agrees ? 'Agrees' : 'Disagrees'} with run.json: ${result.recomputed.codecs.length} codecs and ` +
        `${result.recomputed.classifications.length} classifications, largest relative difference ` +
        `${result.largestRelativeDifference.toExponential(1)}, ${result.differentCounts} different counts in confusion matrices, ` +
        `${result.differentPredictions} different predictions.\n`,
    );
    return agrees ? 0 : 1;
  } finally {
    progress.close();
    for (const signal of signals) host.off(signal, end);
  }
}

function readThreads(given: string | undefined): number {
  const threads = Number(given ?? availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw usageError(
      `Cannot use --threads: it takes a whole number from 1 to 1,024, not "${given ?? ''}": write for example --threads=2.`,
    );
  }
  return threads;
}
