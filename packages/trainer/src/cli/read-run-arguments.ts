import { parseArgs } from 'node:util';
import { usage } from './usage.ts';
import { usageError } from './usage-error.ts';

/** What the command line of a command asks for that works on one run. */
export type RunRequest =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'run';
      readonly folder: string;
      /** Texts by the names of flags. */
      readonly values: Readonly<Record<string, string | undefined>>;
    };

/**
 * Reads the arguments of a command that works on one run: its folder, also as `--run FOLDER`, and flags.
 *
 * @param argv the arguments after the command.
 * @param command its name, for errors.
 * @param flags those that it takes besides, each with a value.
 * @throws ExpectedError (exit code 2), one line with what is wrong and how commands are called.
 */
export function readRunArguments(
  argv: readonly string[],
  { command, flags = [] }: { command: string; flags?: readonly string[] },
): RunRequest {
  const { values, positionals } = parse(argv, command, flags);
  if (values['help'] === true) return { kind: 'help' };
  const texts = values as Record<string, string | undefined>;
  const folders = [...positionals, ...(texts['run'] === undefined ? [] : [texts['run']])];
  if (folders.length !== 1) {
    throw usageError(`Cannot ${command}: it takes one run's folder, not ${folders.length}. ${usage}`);
  }
  return { kind: 'run', folder: folders[0], values: texts };
}

function parse(
  argv: readonly string[],
  command: string,
  flags: readonly string[],
): { values: Record<string, string | boolean | undefined>; positionals: readonly string[] } {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...Object.fromEntries([...flags, 'run'].map((flag) => [flag, { type: 'string' as const }])),
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // The first of its sentences says what is wrong, the others are about its own syntax.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /);
    throw usageError(`Cannot ${command}: ${what}. ${usage}`);
  }
}
