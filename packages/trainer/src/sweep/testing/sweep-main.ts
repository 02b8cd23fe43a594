/** The command `sweep` as a program of its own, for tests that start, stop and kill it. */
import { runSweepCommand } from '../sweep-command.ts';
import { ExpectedError } from '../../expected-error.ts';

try {
  process.exitCode = await runSweepCommand(process.argv.slice(2), process);
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
