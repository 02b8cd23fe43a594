import type { z } from 'zod';
import { checkOnce, checkValue, showValue, type GivenValue } from './check-value.ts';
import { nearestName } from './nearest-name.ts';
import { formatNumber } from './option-table.ts';
import { readConfig } from './read-config.ts';
import { readFlags } from './read-flags.ts';
import { plainTraining, type TrainingSettings } from '../training/training-settings.ts';
import { familyOf, presetSettings, trainPresets, type Preset } from './train-presets.ts';
import { trainOptionList, trainSchema, type OptionKey } from './train-schema.ts';
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
  'preset' | 'seed' | 'weights' | 'engine' | 'device' | 'resume' | 'overwrite'
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
  /**
   * Flags that say all that was given, be it in a file, and that decides what the run becomes; and the threads, which
   * decide over its bytes, given or not.
   */
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
  const flags = readFlags(argv, { command: 'train', options: trainOptionList, hasConfig: true });
  if (flags.help) return { kind: 'help' };
  const config = flags.config === undefined ? new Map<never, never>() : readConfigFile(flags.config, context);
  for (const layer of [config, flags.given]) {
    for (const option of trainOptionList) {
      const given = layer.get(option.key);
      if (given === undefined) continue;
      checkValue(given, option);
      if (option.key === 'models') checkModels(given, context.models);
    }
  }

  const given = new Map<OptionKey, GivenValue>([...config, ...flags.given]);
  const values = trainSchema.parse(Object.fromEntries([...given].map(([key, { value }]) => [key, value])));
  const preset = trainPresets[values.preset];
  const models = values.models ?? preset.models;
  const methods: readonly string[] = values.maps ?? preset.maps.methods;
  const threads = values.threads ?? context.availableThreads;
  const options: TrainOptions = {
    preset: values.preset,
    seed: values.seed,
    weights: values.weights,
    engine: values.engine,
    device: values.device,
    resume: values.resume,
    overwrite: values.overwrite,
    models,
    training: Object.fromEntries(
      models.filter((id) => familyOf(id) !== 'pca').map((id) => [id, trainingSettings(id, preset, values)]),
    ),
    validation: values.validation,
    maps: {
      methods: mapMethods.filter((method) => methods.includes(method)),
      points: values.mapPoints ?? preset.maps.points,
      perplexity: values.perplexity,
      iterations: values.tsneIterations,
    },
    threads,
    data: values.data,
    trainLimit: values.trainLimit,
    flags: flagsOf(given, threads),
    out: values.out,
  };
  if (methods.includes('none') && methods.length > 1) {
    const { name } = given.get('maps')!;
    throw usageError(
      `Cannot use ${name}: "none" stands alone, not with ${showValue(methods)}: leave it or the others out.`,
    );
  }
  checkTogether(options, given);
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

/** Options as flags, but for those that only say where a run goes; the threads are among them also where nobody gave any. */
function flagsOf(given: ReadonlyMap<OptionKey, GivenValue>, threads: number): string[] {
  const places: readonly OptionKey[] = ['out', 'resume', 'overwrite'];
  return trainOptionList.flatMap(({ key, flag, kind }) => {
    // The schema has let it pass.
    const value = (key === 'threads' ? threads : given.get(key)?.value) as
      string | number | boolean | readonly string[] | undefined;
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

function checkModels({ value, name }: GivenValue, { isKnown, examples, rule }: ModelNames): void {
  const ids = value as readonly string[];
  const unknown = ids.find((id) => !isKnown(id));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, examples);
    const fix =
      nearest === undefined ? `known are for example ${examples.join(', ')}.` : `did you mean ${nearest}?`;
    throw usageError(`Cannot use ${name}: a model is ${rule}, not ${showValue(unknown)}: ${fix}`);
  }
  checkOnce(ids, { name, rule: 'each model is trained' });
}

/** Rules for two options together. */
function checkTogether(options: TrainOptions, given: ReadonlyMap<OptionKey, GivenValue>): void {
  /** An option as it was given, or as the flag it could be. */
  const nameOf = (key: OptionKey): string =>
    given.get(key)?.name ?? `--${trainOptionList.find((option) => option.key === key)!.flag}`;
  if (options.resume && options.overwrite) {
    throw usageError(
      `Cannot use ${nameOf('resume')} with ${nameOf('overwrite')}: one goes on with a stopped run, the other starts ` +
        'anew: leave one out.',
    );
  }
  const { trainLimit, validation, training, maps } = options;
  const settings = Object.values(training);
  const batchSize = Math.max(0, ...settings.map((one) => one.batchSize));
  // PCA knows no batches, but wants an image too.
  if (trainLimit !== undefined && Math.max(1, batchSize) > trainLimit - validation) {
    const besides = validation === 0 ? '' : `besides the ${formatNumber(validation)} held out, `;
    const [fewest, lower] =
      batchSize === 0
        ? ['at least one image, ', '--validation']
        : [`at least as many images as one batch holds, ${formatNumber(batchSize)}, `, '--batch-size'];
    throw usageError(
      `Cannot use ${nameOf('trainLimit')}: it takes ${fewest}${besides}not ${formatNumber(trainLimit)}: raise it or ` +
        `lower ${lower}.`,
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
    if (!given.has('perplexity')) {
      throw usageError(
        `Cannot use ${nameOf('mapPoints')}: t-SNE takes more than three times as many points as its perplexity, ` +
          `${formatNumber(maps.perplexity)}, not ${formatNumber(maps.points)}: raise it or lower --perplexity.`,
      );
    }
    throw usageError(
      `Cannot use ${nameOf('perplexity')}: it takes less than a third of the ${formatNumber(maps.points)} points of a ` +
        `map, not ${formatNumber(maps.perplexity)}: lower it or raise --map-points.`,
    );
  }
}
