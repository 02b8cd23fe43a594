/**
 * The command line of the trainer:
 *
 *     npx nx run trainer:train [--preset quick] [--models basic-32,cnn] …
 *     npx nx run trainer:evaluate runs/study
 *     npx nx run trainer:report runs/study
 *     npx nx run trainer:sweep [--preset quick] …
 *     npx nx run trainer:doctor
 *
 * An expected failure is one line on stderr; exit code 2 for a command line that asks for the impossible, 1 for what went
 * wrong at work, 130 or 143 for a run that was stopped.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { modelFamilies } from '@narrows/models';
import { createProgress } from './cli/progress.ts';
import { createStopSignal, surviveClosedOutput } from './cli/signals.ts';
import { trainHelp } from './cli/train-help.ts';
import { parseTrainOptions, type ModelNames } from './cli/train-options.ts';
import { usageError } from './cli/usage-error.ts';
import { mnistDescription } from './data/mnist.ts';
import { runDoctorCommand } from './doctor/doctor-command.ts';
import { evaluateRun } from './evaluate-run.ts';
import { ExpectedError } from './expected-error.ts';
import { planModel } from './plan-models.ts';
import { reportRun } from './report/report-run.ts';
import { summarise } from './summary.ts';
import { runSweepCommand } from './sweep/sweep-command.ts';
import { trainRun } from './train-run.ts';

const usage =
  'Usage: main.ts train [options] | sweep [options] | evaluate RUN [--data FOLDER] [--threads N] | report RUN | ' +
  'doctor [options]; train --help, sweep --help and doctor --help tell more.';

/** Names of models as the table knows them, for MNIST's shape. */
const modelNames: ModelNames = {
  isKnown: (id) =>
    planModel(id, {
      imageShape: [mnistDescription.height, mnistDescription.width, mnistDescription.channels],
      classes: mnistDescription.classNames.length,
    }) !== undefined,
  examples: modelFamilies.flatMap(({ examples }) => examples),
  rule: `one of ${modelFamilies.map(({ form }) => form).join(', ')}, cnn-on-CODEC`,
};

async function main(command: string | undefined, argv: readonly string[]): Promise<number> {
  if (command === 'train') return train(argv);
  if (command === 'sweep') return runSweepCommand(argv, process);
  if (command === 'evaluate') return evaluateCommand(argv);
  if (command === 'report') return reportCommand(argv);
  if (command === 'doctor') return runDoctorCommand(argv, process);
  throw usageError(
    command === undefined
      ? `Cannot begin: it takes a command: train, sweep, evaluate, report or doctor. ${usage}`
      : `Cannot run "${command}": a command is train, sweep, evaluate, report or doctor. ${usage}`,
  );
}

async function train(argv: readonly string[]): Promise<number> {
  const request = parseTrainOptions(argv, {
    readFile: (path) => readFileSync(path, 'utf8'),
    models: modelNames,
    availableThreads: availableParallelism(),
  });
  if (request.kind === 'help') {
    process.stdout.write(trainHelp(modelNames));
    return 0;
  }
  const progress = progressOn(process.stdout);
  const stop = createStopSignal(process, {
    say: (line) => {
      progress.note(line);
    },
    beforeExit: () => {
      progress.close();
    },
  });
  try {
    const outcome = await trainRun(request.options, { progress, shouldStop: () => stop.requested });
    if (outcome.kind === 'stopped') {
      progress.note(
        outcome.kept
          ? `Stopped. Go on with the same options and --resume.`
          : 'Stopped before the first step of training; nothing was kept.',
      );
      return stop.exitCode ?? 1;
    }
    process.stdout.write(summarise(outcome.manifest, outcome.out));
    return 0;
  } finally {
    progress.close();
    stop.dispose();
  }
}

async function evaluateCommand(argv: readonly string[]): Promise<number> {
  const { folder, data, threads } = evaluateArguments(argv);
  const progress = progressOn(process.stdout);
  try {
    const result = await evaluateRun(folder, { data, threads, progress });
    const agrees =
      result.differentCounts === 0 &&
      result.differentPredictions === 0 &&
      result.largestRelativeDifference < 1e-6;
    process.stdout.write(
      `${agrees ? 'Agrees' : 'Disagrees'} with run.json: ${result.recomputed.codecs.length} codecs and ` +
        `${result.recomputed.classifications.length} classifications, largest relative difference ` +
        `${result.largestRelativeDifference.toExponential(1)}, ${result.differentCounts} different counts in confusion matrices, ` +
        `${result.differentPredictions} different predictions.\n`,
    );
    return agrees ? 0 : 1;
  } finally {
    progress.close();
  }
}

function evaluateArguments(argv: readonly string[]): {
  folder: string;
  data: string | undefined;
  threads: number;
} {
  const { folder, values } = runArguments('evaluate', argv, {
    data: { type: 'string' },
    threads: { type: 'string' },
  });
  const threads = Number(values['threads'] ?? availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw usageError(
      `Cannot use --threads: it takes a whole number from 1 to 1,024, not "${values['threads'] ?? ''}": write for example --threads=2.`,
    );
  }
  return { folder, data: values['data'], threads };
}

function reportCommand(argv: readonly string[]): number {
  const { folder } = runArguments('report', argv, {});
  process.stdout.write(`The report is in ${reportRun(folder).html}\n`);
  return 0;
}

/** The arguments of a command that works on one run: its folder, also as `--run`, and texts by the names of flags. */
function runArguments(
  command: string,
  argv: readonly string[],
  options: Readonly<Record<string, { type: 'string' }>>,
): { folder: string; values: Readonly<Record<string, string | undefined>> } {
  const { values, positionals } = parseRunArguments(command, argv, { ...options, run: { type: 'string' } });
  const folders = [...positionals, ...(values['run'] === undefined ? [] : [values['run']])];
  if (folders.length !== 1) {
    throw usageError(`Cannot ${command}: it takes one run's folder, not ${folders.length}. ${usage}`);
  }
  return { folder: folders[0], values };
}

function parseRunArguments(
  command: string,
  argv: readonly string[],
  options: Readonly<Record<string, { type: 'string' }>>,
): { values: Readonly<Record<string, string | undefined>>; positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    // The first of its sentences says what is wrong, the others are about its own syntax.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /);
    throw usageError(`Cannot ${command}: ${what}. ${usage}`);
  }
}

function progressOn(stream: NodeJS.WriteStream) {
  return createProgress({ stream, isTty: stream.isTTY, now: () => performance.now() });
}

surviveClosedOutput(process.stdout, process.stderr);
// Without checks of every value for NaN; the loss is checked at every step.
tf.enableProdMode();
try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
