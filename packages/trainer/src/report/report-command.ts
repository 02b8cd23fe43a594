import { readRunArguments } from '../cli/read-run-arguments.ts';
import { usage } from '../cli/usage.ts';
import { reportRun } from './report-run.ts';

/**
 * The command `report`: makes a run's report once more and says where it is.
 *
 * @param argv the arguments after `report`.
 * @param host the process that it writes to.
 * @returns the exit code, 0.
 * @throws ExpectedError for what the user can mend, with exit code 2 for a command line that asks for the impossible.
 */
export function runReportCommand(argv: readonly string[], host: NodeJS.Process): number {
  const request = readRunArguments(argv, { command: 'report' });
  host.stdout.write(
    request.kind === 'help' ? `${usage}\n` : `The report is in ${reportRun(request.folder).html}\n`,
  );
  return 0;
}
