import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { modelFamilies } from '@narrows/models';
import { runStoppable } from './cli/run-stoppable.ts';
import { trainHelp } from './cli/train-help.ts';
import { parseTrainOptions, type ModelNames } from './cli/train-options.ts';
import { mnistDescription } from './data/mnist.ts';
import { planModel } from './plan-models.ts';
import { summarise } from './summary.ts';
import { trainRun } from './train-run.ts';

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

/**
 * The command `train`: reads its options, trains, and says how it ended.
 *
 * @param argv the arguments after `train`.
 * @param host the process that it writes to and whose signals stop it.
 * @returns the exit code: 0 when the run is whole, 130 or 143 when it was stopped.
 * @throws ExpectedError for what the user can mend, with exit code 2 for a command line that asks for the impossible.
 */
export async function runTrainCommand(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  // Without checks of every value for NaN, since the loss is checked at every step, and without advice on stderr.
  tf.enableProdMode();
  const request = parseTrainOptions(argv, {
    readFile: (path) => readFileSync(path, 'utf8'),
    models: modelNames,
    availableThreads: availableParallelism(),
  });
  if (request.kind === 'help') {
    host.stdout.write(trainHelp(modelNames));
    return 0;
  }
  return runStoppable(host, async (progress, stop) => {
    const outcome = await trainRun(request.options, { progress, shouldStop: () => stop.requested });
    if (outcome.kind === 'stopped') {
      progress.note(
        outcome.kept
          ? `Stopped. Go on with the same options and --resume.`
          : 'Stopped before the first step of training; nothing was kept.',
      );
      return stop.exitCode ?? 1;
    }
    host.stdout.write(summarise(outcome.manifest, outcome.out));
    return 0;
  });
}
