/** Why a bench can't go on, which its user can mend: the command line shows the message as one line, without a stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  /** 1 for what went wrong at work, 2 for a command line that asks for the impossible. */
  readonly exitCode: 1 | 2;

  constructor(message: string, { exitCode, ...options }: ErrorOptions & { exitCode: 1 | 2 }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a bench's program. What it throws as `BenchError` is one line on stderr and its exit code; any other error is a
 * defect and keeps its stack.
 *
 * @param main returns the exit code.
 */
export async function runBench(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
