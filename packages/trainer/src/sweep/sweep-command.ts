import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import type { ModelContext } from '@narrows/models';
import { runStoppable } from '../cli/run-stoppable.ts';
import { mnistDescription } from '../data/mnist.ts';
import { countedText } from '../report/number-text.ts';
import { runSweep } from './run-sweep.ts';
import { sweepHelp } from './sweep-help.ts';
import { parseSweepOptions } from './sweep-options.ts';
import { summariseSweep } from './summarise-sweep.ts';

/**
 * The command `sweep`: reads its options, sweeps, and says how it ended.
 *
 * @param argv the arguments after `sweep`
 * @param host the process that it writes to and whose signals stop it
 * @returns the exit code: 0 when every trial came to a result, 1 when some failed, 130 or 143 when it was stopped. The
 *   folder is there after 0, and after 1 where no trial that failed is worth another try.
 * @throws ExpectedError for what the user can mend, with exit code 2 for a command line that asks for the impossible
 */
export async function runSweepCommand(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  // Without advice on stderr.
  tf.enableProdMode();
  const { height, width, channels, classNames } = mnistDescription;
  const models: ModelContext = { imageShape: [height, width, channels], classes: classNames.length };
  const request = parseSweepOptions(argv, { models, availableThreads: availableParallelism() });
  if (request.kind === 'help') {
    host.stdout.write(sweepHelp(models));
    return 0;
  }
  return runStoppable(host, async (progress, stop) => {
    const outcome = await runSweep(request.options, { progress, shouldStop: () => stop.requested });
    if (outcome.kind === 'stopped') {
      progress.note(
        outcome.kept
          ? 'Stopped. Go on with the same options and --resume.'
          : 'Stopped before the classifier was trained; nothing was kept.',
      );
      return stop.exitCode ?? 1;
    }
    if (outcome.kind === 'incomplete') {
      const { failures } = outcome;
      for (const { id, reason } of failures) progress.note(`Failed: ${id}: ${reason}`);
      progress.note(
        `${countedText(failures.length, 'trial')} failed; the same options and --resume try ` +
          `${failures.length === 1 ? 'it' : 'these'} again.`,
      );
      return 1;
    }
    host.stdout.write(summariseSweep(outcome.result, outcome.out));
    return outcome.result.failures.length === 0 ? 0 : 1;
  });
}
