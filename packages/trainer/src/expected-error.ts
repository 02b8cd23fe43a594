/**
 * A failure that its user can mend: a missing file, a wrong option, an interrupted download. The command line shows
 * its message as one line, without a stack, and exits with `exitCode`; any other error is a defect.
 */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError';
  /** 1 for what went wrong at work, 2 for a command line or configuration that asks for the impossible. */
  readonly exitCode: 1 | 2;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: 1 | 2 } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
