import { parseArgs, type ParseArgsConfig } from 'node:util';
import { BenchError } from './bench-error.ts';

/**
 * Reads the command line of a bench.
 *
 * @param argv arguments without the command.
 * @param flags as `parseArgs` of Node takes them.
 * @throws BenchError (exit code 2) for an option that there is not, a value that is missing, and an argument that is no option.
 */
export function parseFlags<Flags extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  flags: Flags,
) {
  try {
    return parseArgs({ args: [...argv], options: flags }).values;
  } catch (error) {
    // The first of its sentences says what is wrong, the others are about its own syntax.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /);
    const names = Object.keys(flags).map((name) => `--${name}`);
    throw new BenchError(`Cannot run the bench: ${what}. Options are ${names.join(', ')}.`, {
      exitCode: 2,
      cause: error,
    });
  }
}

/**
 * The number that an option's text is.
 *
 * @param name of the option, without its dashes.
 * @throws BenchError (exit code 2) unless it is an integer of at least 1.
 */
export function positiveInteger(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new BenchError(`Cannot set --${name} to "${text}": it must be an integer of at least 1.`, {
    exitCode: 2,
  });
}

/**
 * The names in an option's text, separated by commas, each once.
 *
 * @param name of the option, without its dashes.
 * @throws BenchError (exit code 2) for a name that isn't known.
 */
export function namesIn<Name extends string>(name: string, text: string, known: readonly Name[]): Name[] {
  const names = text.split(',').map((given) => {
    const found = known.find((one) => one === given);
    if (found !== undefined) return found;
    throw new BenchError(`Cannot set --${name} to "${given}": it is none of ${known.join(', ')}.`, {
      exitCode: 2,
    });
  });
  return [...new Set(names)];
}
