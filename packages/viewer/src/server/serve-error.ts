/**
 * Why the server can't start, which its user can mend: the command line shows the message as one line, without a stack,
 * and exits with `exitCode`.
 */
export class ServeError extends Error {
  override readonly name = 'ServeError';
  /** 1 for what went wrong at work, 2 for a command line that asks for the impossible. */
  readonly exitCode: 1 | 2;

  constructor(message: string, { exitCode = 1 }: { exitCode?: 1 | 2 } = {}) {
    // Arguments are quoted in messages: they may neither break the line nor steer the terminal.
    super(message.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
    this.exitCode = exitCode;
  }
}
