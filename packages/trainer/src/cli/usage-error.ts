import { ExpectedError } from '../expected-error.ts';

/** A mistake in how a command was called: one line for the user, exit code 2. */
export function usageError(message: string): ExpectedError {
  // Arguments and config files are quoted in messages: neither may break the line or steer the terminal.
  const line = message.replaceAll(/\p{Cc}/gu, (control) =>
    // JSON leaves DEL and what follows it as they are.
    control < '\u007f' ? JSON.stringify(control).slice(1, -1) : `\\u00${control.charCodeAt(0).toString(16)}`,
  );
  return new ExpectedError(line, { exitCode: 2 });
}
