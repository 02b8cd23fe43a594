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
import { surviveClosedOutput } from './cli/signals.ts';
import { usage } from './cli/usage.ts';
import { usageError } from './cli/usage-error.ts';
import { failureReason } from './engine/failure-reason.ts';
import { ExpectedError } from './expected-error.ts';

type Command = (argv: readonly string[], host: NodeJS.Process) => number | Promise<number>;

/** Each is loaded when it is called, so that `doctor` runs where what the others load is missing or broken. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['train', async () => (await import('./train-command.ts')).runTrainCommand],
  ['sweep', async () => (await import('./sweep/sweep-command.ts')).runSweepCommand],
  ['evaluate', async () => (await import('./evaluate-command.ts')).runEvaluateCommand],
  ['report', async (): Promise<Command> => (await import('./report/report-command.ts')).runReportCommand],
  ['doctor', async () => (await import('./doctor/doctor-command.ts')).runDoctorCommand],
]);

async function main(name: string | undefined, argv: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const load = commands.get(name ?? '');
  if (load === undefined) {
    throw usageError(
      name === undefined
        ? `Cannot begin: it takes a command: train, sweep, evaluate, report or doctor. ${usage}`
        : `Cannot run "${name}": a command is train, sweep, evaluate, report or doctor. ${usage}`,
    );
  }
  let run: Command;
  try {
    run = await load();
  } catch (error) {
    throw isMissingPart(error)
      ? new ExpectedError(
          `Cannot ${name!}: a part of the installation can't be loaded (${failureReason(error)}): run npm ci anew; ` +
            'npx nx run trainer:doctor tells what works.',
          { cause: error },
        )
      : error;
  }
  return run(argv, process);
}

/** Whether a package, or a library that it is linked with, isn't there or is damaged. */
function isMissingPart(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'].includes(String(code));
}

surviveClosedOutput(process.stdout, process.stderr);
try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
