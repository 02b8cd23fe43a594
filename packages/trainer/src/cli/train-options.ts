import type { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { readConfig } from './read-config.ts';
import { readFlags } from './read-flags.ts';
import type { GivenValue } from './read-flags.ts';
import { plainTraining, type TrainingSettings } from '../training/training-settings.ts';
import { familyOf, presetSettings, trainPresets, type Preset } from './train-presets.ts';
import { acceptedValues, formatNumber, trainOptionList, trainSchema } from './train-schema.ts';
import type { OptionDescription, OptionKey } from './train-schema.ts';
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

const mapMethods = ['tsne', 'umap'] as const;

/** Which maps of the latent spaces are made, and how. */
export interface MapOptions {
  /** None for no maps. */
  readonly methods: readonly ('tsne' | 'umap')[];
  readonly points: number;
  readonly perplexity: number;
  readonly iterations: number;
}

/** Everything that a training run is told, as resolved from flags, config file, preset and defaults. */
export interface TrainOptions extends Pick<
  z.infer<typeof trainSchema>,
  'preset' | 'seed' | 'engine' | 'device' | 'resume' | 'overwrite'
> {
  readonly models: readonly string[];
  /** How each model is trained that is trained in epochs, by its id. */
  readonly training: Readonly<Record<string, TrainingSettings>>;
  /** Images held out from training. */
  readonly validation: number;
  readonly maps: MapOptions;
  readonly threads: number;
  /** Folder of IDX files; `undefined` means the npm package. */
  readonly data: string | undefined;
  /** Train on the first so many images; `undefined` means all. */
  readonly trainLimit: number | undefined;
  /** Flags that say all that was given, be it in a file, and that decides what the run becomes. */
  readonly flags: readonly string[];
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
  const models = values.models ?? preset.models;
  const methods: readonly string[] = values.maps ?? preset.maps.methods;
  const options: TrainOptions = {
    preset: values.preset,
    seed: values.seed,
    engine: values.engine,
    device: values.device,
    resume: values.resume,
    overwrite: values.overwrite,
    models,
    training: Object.fromEntries(
      models.filter((id) => familyOf(id) !== 'pca').map((id) => [id, trainingSettings(id, preset, values)]),
    ),
    validation: values.validation ?? preset.validation,
    maps: {
      methods: mapMethods.filter((method) => methods.includes(method)),
      points: values.mapPoints ?? preset.maps.points,
      perplexity: values.perplexity,
      iterations: values.tsneIterations,
    },
    threads: values.threads ?? context.availableThreads,
    data: values.data,
    trainLimit: values.trainLimit,
    flags: flagsOf(given),
    out: values.out,
  };
  if (methods.includes('none') && methods.length > 1) {
    const { name } = given.get('maps')!;
    throw usageError(
      `Cannot use ${name}: "none" stands alone, not with ${show(methods)}: leave it or the others out.`,
    );
  }
  checkTogether(options, (key) => given.get(key)?.name ?? key);
  return { kind: 'train', options };
}

/** Settings of one model: an option counts before the preset. */
function trainingSettings(id: string, preset: Preset, values: z.infer<typeof trainSchema>): TrainingSettings {
  const given = Object.fromEntries(
    Object.keys(plainTraining)
      .map((key) => [key, values[key as keyof TrainingSettings]])
      .filter(([, value]) => value !== undefined),
  ) as Partial<TrainingSettings>;
  return { ...presetSettings(preset, id), ...given };
}

/** Options as flags, but for those that only say where a run goes. */
function flagsOf(given: ReadonlyMap<OptionKey, GivenValue>): string[] {
  const places: readonly OptionKey[] = ['out', 'resume', 'overwrite'];
  return trainOptionList.flatMap(({ key, flag, kind }) => {
    const value = given.get(key)?.value;
    if (value === undefined || places.includes(key)) return [];
    return [kind === 'boolean' ? `--${value === true ? '' : 'no-'}${flag}` : `--${flag}=${String(value)}`];
  });
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
  const { trainLimit, validation, training, maps } = options;
  const settings = Object.values(training);
  const batchSize = Math.max(0, ...settings.map((one) => one.batchSize));
  if (trainLimit !== undefined && batchSize > trainLimit - validation) {
    const besides = validation === 0 ? '' : `besides the ${formatNumber(validation)} held out, `;
    throw usageError(
      `Cannot use ${nameOf('trainLimit')}: it takes at least as many images as one batch holds, ` +
        `${formatNumber(batchSize)}, ${besides}not ${formatNumber(trainLimit)}: raise it or lower --batch-size.`,
    );
  }
  const judging = (['patience', 'keep'] as const).find((key) =>
    settings.some((one) => (key === 'keep' ? one.keep === 'best' : one.patience > 0)),
  );
  if (judging !== undefined && validation === 0) {
    throw usageError(
      `Cannot use ${nameOf(judging)}: it takes images to judge by, and none are held out from training: add ` +
        '--validation=5000.',
    );
  }
  if (maps.methods.includes('tsne') && maps.perplexity >= maps.points / 3) {
    throw usageError(
      `Cannot use ${nameOf('perplexity')}: it takes less than a third of the ${formatNumber(maps.points)} points of a ` +
        `map, not ${formatNumber(maps.perplexity)}: lower it or raise --map-points.`,
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
