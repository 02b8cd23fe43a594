/**
 * The command line of the trainer:
 *
 *     npx nx run trainer:train [--preset quick] [--models basic-32,cnn] …
 *     npx nx run trainer:evaluate runs/study
 *
 * An expected failure is one line on stderr; exit code 2 for a command line that asks for the impossible, 1 for what went
 * wrong at work, 130 or 143 for a run that was stopped.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { findModel, modelFamilies } from '@narrows/models';
import { createProgress } from './cli/progress.ts';
import { createStopSignal, surviveClosedOutput } from './cli/signals.ts';
import { trainHelp } from './cli/train-help.ts';
import { parseTrainOptions, type ModelNames } from './cli/train-options.ts';
import { usageError } from './cli/usage-error.ts';
import { mnistDescription } from './data/mnist.ts';
import { evaluateRun } from './evaluate-run.ts';
import { ExpectedError } from './expected-error.ts';
import { summarise } from './summary.ts';
import { trainRun } from './train-run.ts';

const usage =
  'Usage: main.ts train [options] | main.ts evaluate RUN [--data FOLDER] [--threads N]; train --help tells more.';

/** Names of models as the table knows them, for MNIST's shape. */
const modelNames: ModelNames = {
  isKnown: (id) =>
    findModel(id, {
      imageShape: [mnistDescription.height, mnistDescription.width, mnistDescription.channels],
      classes: mnistDescription.classNames.length,
    }) !== undefined,
  examples: modelFamilies.flatMap(({ examples }) => examples),
  rule: `one of ${modelFamilies.map(({ form }) => form).join(', ')}`,
};

async function main(command: string | undefined, argv: readonly string[]): Promise<number> {
  if (command === 'train') return train(argv);
  if (command === 'evaluate') return evaluateCommand(argv);
  throw usageError(
    command === undefined
      ? `Cannot begin: it takes a command, train or evaluate. ${usage}`
      : `Cannot run "${command}": a command is train or evaluate. ${usage}`,
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
    const agrees = result.differentCounts === 0 && result.largestRelativeDifference < 1e-6;
    process.stdout.write(
      `${agrees ? 'Agrees' : 'Disagrees'} with run.json: ${result.recomputed.codecs.length} codecs and ` +
        `${result.recomputed.classifications.length} classifications, largest relative difference ` +
        `${result.largestRelativeDifference.toExponential(1)}, ${result.differentCounts} different counts in confusion matrices.\n`,
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
  const { values, positionals } = parseEvaluateArguments(argv);
  const folders = [...positionals, ...(values.run === undefined ? [] : [values.run])];
  if (folders.length !== 1) {
    throw usageError(`Cannot evaluate: it takes one run's folder, not ${folders.length}. ${usage}`);
  }
  const threads = Number(values.threads ?? availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw usageError(
      `Cannot use --threads: it takes a whole number from 1 to 1,024, not "${values.threads ?? ''}": write for example --threads=2.`,
    );
  }
  return { folder: folders[0], data: values.data, threads };
}

function parseEvaluateArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { data: { type: 'string' }, threads: { type: 'string' }, run: { type: 'string' } },
    });
  } catch (error) {
    // The first of its sentences says what is wrong, the others are about its own syntax.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /);
    throw usageError(`Cannot evaluate: ${what}. ${usage}`);
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
