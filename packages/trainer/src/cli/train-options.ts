import type { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { readConfig } from './read-config.ts';
import { readFlags } from './read-flags.ts';
import type { GivenValue } from './read-flags.ts';
import { acceptedValues, formatNumber, trainOptionList, trainPresets, trainSchema } from './train-schema.ts';
import type { EpochFamily, OptionDescription, OptionKey } from './train-schema.ts';
import { usageError } from './usage-error.ts';

/** The names that the models table knows, for checking `--models` and for `--help`. */
export interface ModelNames {
  readonly isKnown: (id: string) => boolean;
  /** Names to show and to look for what a wrong one may have meant. */
  readonly examples: readonly string[];
  /** How names are made, to follow "a model is": `basic-L with L from 1 to 1,024, or cnn`. */
  readonly rule: string;
}

/** What the options need from outside. */
export interface TrainOptionsContext {
  /** The text of a config file; throws as `readFileSync` does. */
  readonly readFile: (path: string) => string;
  readonly models: ModelNames;
  /** Default of `--threads`, as from `os.availableParallelism()`. */
  readonly availableThreads: number;
}

/** Everything that a training run is told, as resolved from flags, config file, preset and defaults. */
export interface TrainOptions extends Omit<
  z.infer<typeof trainSchema>,
  'models' | 'epochs' | 'threads' | 'data'
> {
  readonly models: readonly string[];
  /** Epochs of each family of models that is trained in epochs. */
  readonly epochs: Readonly<Record<EpochFamily, number>>;
  readonly threads: number;
  /** Folder of IDX files; `undefined` means the npm package. */
  readonly data: string | undefined;
  /** Train on the first so many images; `undefined` means all. */
  readonly trainLimit: number | undefined;
  /** The run's folder; `undefined` leaves it to the caller, who promises `runs/PRESET` in `--help`. */
  readonly out: string | undefined;
}

/** What the command line asks for. */
export type TrainRequest =
  { readonly kind: 'help' } | { readonly kind: 'train'; readonly options: TrainOptions };

/**
 * Resolves the options of `train`: a flag counts before the config file, the config file before the preset, the preset
 * before the default. Every given value is checked, also one that another overrides.
 *
 * @param argv the arguments after `train`.
 * @throws ExpectedError (exit code 2), one line with the option, its rule, the value and the fix.
 */
export function parseTrainOptions(argv: readonly string[], context: TrainOptionsContext): TrainRequest {
  const flags = readFlags(argv);
  if (flags.help) return { kind: 'help' };
  const config = flags.config === undefined ? new Map<never, never>() : readConfigFile(flags.config, context);
  for (const layer of [config, flags.given]) {
    for (const option of trainOptionList) {
      const given = layer.get(option.key);
      if (given !== undefined) checkValue(given, option, context.models);
    }
  }

  const given = new Map<OptionKey, GivenValue>([...config, ...flags.given]);
  const values = trainSchema.parse(Object.fromEntries([...given].map(([key, { value }]) => [key, value])));
  const preset = trainPresets[values.preset];
  const { epochs } = values;
  const options: TrainOptions = {
    ...values,
    models: values.models ?? preset.models,
    epochs: epochs === undefined ? preset.epochs : { basic: epochs, deeper: epochs, cnn: epochs },
    threads: values.threads ?? context.availableThreads,
    data: values.data,
    trainLimit: values.trainLimit,
    out: values.out,
  };
  checkTogether(options, (key) => given.get(key)?.name ?? key);
  return { kind: 'train', options };
}

function readConfigFile(path: string, { readFile }: TrainOptionsContext): Map<OptionKey, GivenValue> {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'reading it is not permitted',
    };
    const reason = Object.hasOwn(reasons, code) ? reasons[code] : `the system says ${code}`;
    throw usageError(
      `Cannot read the config file "${path}": --config takes a YAML or JSON file, and ${reason}: ` +
        'correct the path, which counts from the current folder.',
    );
  }
  return readConfig(text, path);
}

function checkValue({ value, name, spell }: GivenValue, option: OptionDescription, models: ModelNames): void {
  if (!trainSchema.shape[option.key].safeParse(value).success) {
    const nearest = typeof value === 'string' ? nearestName(value, option.choices) : undefined;
    const fix =
      nearest === undefined ? `write for example ${spell(option.example)}.` : `did you mean ${nearest}?`;
    throw usageError(`Cannot use ${name}: it takes ${acceptedValues(option)}, not ${show(value)}: ${fix}`);
  }
  if (option.key === 'models') checkModels(value as readonly string[], name, models);
}

function checkModels(ids: readonly string[], name: string, { isKnown, examples, rule }: ModelNames): void {
  const unknown = ids.find((id) => !isKnown(id));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, examples);
    const fix =
      nearest === undefined ? `known are for example ${examples.join(', ')}.` : `did you mean ${nearest}?`;
    throw usageError(`Cannot use ${name}: a model is ${rule}, not ${show(unknown)}: ${fix}`);
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw usageError(
      `Cannot use ${name}: each model is trained once, ${show(twice)} is named twice: name it once.`,
    );
  }
}

/** Rules for two options together. */
function checkTogether(options: TrainOptions, nameOf: (key: OptionKey) => string): void {
  if (options.resume && options.overwrite) {
    throw usageError(
      `Cannot use ${nameOf('resume')} with ${nameOf('overwrite')}: one goes on with a stopped run, the other starts ` +
        'anew: leave one out.',
    );
  }
  const { trainLimit, batchSize } = options;
  if (trainLimit !== undefined && batchSize > trainLimit) {
    throw usageError(
      `Cannot use ${nameOf('trainLimit')}: it takes at least as many images as one batch holds, ` +
        `${formatNumber(batchSize)}, not ${formatNumber(trainLimit)}: raise it or lower --batch-size.`,
    );
  }
}

/** A value as the user would recognise it, on one line and not too long. */
function show(value: unknown): string {
  // JSON has no NaN and no bigint.
  const shown =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}
