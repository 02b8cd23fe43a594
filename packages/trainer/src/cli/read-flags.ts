import { parseArgs } from 'node:util';
import type { GivenValue } from './check-value.ts';
import { nearestName } from './nearest-name.ts';
import { acceptedValues, type OptionDescription } from './option-table.ts';
import { usageError } from './usage-error.ts';

/** The command whose arguments are read. */
export interface FlagsOf<Key extends string> {
  /** Its name, for errors. */
  readonly command: string;
  readonly options: readonly OptionDescription<Key>[];
  /** Whether it takes `--config FILE` besides. */
  readonly hasConfig?: boolean;
}

/** What a command line says. */
export interface Flags<Key extends string> {
  readonly help: boolean;
  /** `--config FILE`. */
  readonly config: string | undefined;
  readonly given: ReadonlyMap<Key, GivenValue>;
}

/**
 * Reads the arguments of a command.
 *
 * `--epochs 5` and `--epochs=5`, `--batch-size` and `--batchSize` (as Nx may hand it on), `--resume`, `--resume=true`
 * and `--no-resume` are all understood. A flag given twice counts the last time, a list adds up. Numbers become numbers
 * where they read as such; whether a value is right is for the schema to say.
 *
 * @throws ExpectedError (exit code 2) for an unknown flag, a missing value or an argument that is no flag.
 */
export function readFlags<Key extends string>(
  argv: readonly string[],
  { command, options, hasConfig = false }: FlagsOf<Key>,
): Flags<Key> {
  const byName = new Map<string, OptionDescription<Key>>(
    options.flatMap((option) => [
      [option.flag, option],
      [option.key, option],
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: parseArgsOptions(byName, hasConfig),
    strict: false,
    tokens: true,
  });
  // parseArgs reads "-epochs" as -e -p -o -c -h -s: its h is no cry for help.
  if (
    tokens.some(
      (token) => token.kind === 'option' && (token.rawName === '--help' || argv[token.index] === '-h'),
    )
  ) {
    return { help: true, config: undefined, given: new Map() };
  }

  let config: string | undefined;
  const given = new Map<Key, GivenValue>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw usageError(
        `Cannot use the argument "${token.value}": ${command} takes only options, which begin with "--": ` +
          'put it into one (--help lists them) or leave it out.',
      );
    }
    if (hasConfig && token.name === 'config') {
      config = valueOf(token, argv, { takes: "a file's path", example: 'study.yaml' });
      continue;
    }
    const negated = token.name.startsWith('no-') ? byName.get(token.name.slice(3)) : undefined;
    if (negated?.kind === 'boolean' && token.value === undefined) {
      given.set(negated.key, { value: false, name: token.rawName, spell: () => token.rawName });
      continue;
    }
    const option = byName.get(token.name);
    if (option === undefined) throw unknownFlag(argv[token.index], { command, options, hasConfig });
    const name = `--${option.flag}`;
    given.set(option.key, {
      value: readValue(token, argv, { option, before: given.get(option.key)?.value }),
      name,
      spell: (value) => `${name}=${value}`,
    });
  }
  return { help: false, config, given };
}

interface OptionToken {
  readonly index: number;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function parseArgsOptions(
  byName: ReadonlyMap<string, OptionDescription>,
  hasConfig: boolean,
): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return {
    help: { type: 'boolean', short: 'h' },
    ...(hasConfig ? { config: { type: 'string' } } : {}),
    ...Object.fromEntries(
      [...byName].map(
        ([name, { kind }]) => [name, { type: kind === 'boolean' ? 'boolean' : 'string' }] as const,
      ),
    ),
  };
}

/** A flag's text turned into what a config file would hold in its place. */
function readValue(
  token: OptionToken,
  argv: readonly string[],
  { option, before }: { option: OptionDescription; before: unknown },
): unknown {
  if (option.kind === 'boolean' && token.value === undefined) return true;
  const text = valueOf(token, argv, { takes: acceptedValues(option), example: option.example });
  const itemsBefore = Array.isArray(before) ? (before as unknown[]) : [];
  const items = text.split(',').map((item) => item.trim());
  switch (option.kind) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
      return readInteger(text);
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'list':
      return [...itemsBefore, ...items];
    case 'integers':
      return [...itemsBefore, ...items.map(readInteger)];
    case 'choice':
    case 'text':
      return text;
  }
}

/** A whole number where the text is one, else the text. */
function readInteger(text: string): number | string {
  // "1e3" and "5.0" are numbers to JavaScript, but more likely a slip where a count is expected.
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/** The value of a flag that needs one. */
function valueOf(
  token: OptionToken,
  argv: readonly string[],
  { takes, example }: { takes: string; example: string },
): string {
  const { value, rawName } = token;
  // parseArgs takes whatever follows. "--epochs --resume" has no value for the first; "--seed -1" has a wrong one.
  const isNextFlag = token.inlineValue === false && /^-(?![\d.])/.test(argv[token.index + 1] ?? '');
  if (value === undefined || value === '' || isNextFlag) {
    throw usageError(
      `Cannot use ${rawName}: it takes ${takes}, and no value follows it: write for example ${rawName}=${example}.`,
    );
  }
  return value;
}

function unknownFlag(argument: string, { command, options, hasConfig = false }: FlagsOf<string>): Error {
  const written = argument.split('=')[0];
  const nearest = nearestName(written.replace(/^-+/, ''), [
    ...options.map((option) => option.flag),
    'help',
    ...(hasConfig ? ['config'] : []),
  ]);
  const fix = nearest === undefined ? '--help lists those there are.' : `did you mean --${nearest}?`;
  return usageError(`Cannot use ${written}: ${command} has no such option: ${fix}`);
}
