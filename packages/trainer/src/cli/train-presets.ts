import type { FamilyName } from '@narrows/models';
import type { z } from 'zod';
import { plainTraining, type TrainingSettings } from '../training/training-settings.ts';
import type { trainSchema } from './train-schema.ts';

/** Values that one word, `--preset NAME`, stands for. */
export interface Preset {
  readonly description: string;
  readonly models: readonly string[];
  /** What differs from `plainTraining`, for every model. */
  readonly training: Partial<TrainingSettings>;
  /** What differs from that for models of a family, or for the model of an id, which counts more. */
  readonly byModel: Readonly<Record<string, Partial<TrainingSettings>>>;
  readonly maps: { readonly methods: readonly ('tsne' | 'umap')[]; readonly points: number };
}

/** The study's, and PCA with its reconstructions clipped, which is ours. */
const studyModels = ['basic-32', 'basic-64', 'deeper-64', 'pca-64', 'pca-64-clipped', 'cnn'];

/** What each preset stands for. */
export const trainPresets: Readonly<Record<z.infer<typeof trainSchema>['preset'], Preset>> = {
  study: {
    description: 'the whole study, as it was',
    models: studyModels,
    training: { epochs: 10 },
    byModel: { deeper: { epochs: 20 } },
    maps: { methods: ['tsne', 'umap'], points: 2500 },
  },
  best: {
    description: 'the same questions with better training, and a codec that is trained for the classifier',
    models: [
      'cnn',
      'basic-32-linear',
      'basic-64-linear',
      'basic-64-h512-linear',
      'conv-16',
      'aware-16',
      'pca-64',
    ],
    training: { schedule: 'cosine' },
    byModel: {
      cnn: { epochs: 12, augment: true, averageDecay: 0.999 },
      basic: { epochs: 20, learningRate: 3e-3 },
      'basic-64-h512-linear': { epochs: 15, learningRate: 2e-3 },
      conv: { epochs: 8, learningRate: 2e-3 },
      // Its classifier was trained on such images too.
      aware: { epochs: 8, learningRate: 2e-3, augment: true },
    },
    maps: { methods: ['tsne', 'umap'], points: 2500 },
  },
  codecs: {
    description: 'every kind of codec at the same width, and a classifier that knows its reconstructions',
    models: [
      'pca-32',
      'tied-32',
      'basic-32',
      'denoising-32',
      'vae-32',
      'deeper-32',
      'conv-32',
      'cnn',
      'aware-32',
      'cnn-on-pca-32',
    ],
    training: { epochs: 10, schedule: 'cosine' },
    byModel: { cnn: { epochs: 5 }, aware: { epochs: 5 }, conv: { epochs: 5 } },
    maps: { methods: ['tsne', 'umap'], points: 2500 },
  },
  widths: {
    description: 'autoencoders of one hidden layer at eight widths beside PCA',
    models: [1, 2, 4, 8, 16, 32, 64, 128].map((width) => `basic-${width}-linear`).concat('pca-128', 'cnn'),
    training: { epochs: 6, schedule: 'cosine' },
    byModel: { basic: { learningRate: 3e-3 }, cnn: { epochs: 5 } },
    maps: { methods: [], points: 2500 },
  },
  quick: {
    description: "the study's models in about a minute on two cores",
    models: studyModels,
    training: { epochs: 3 },
    byModel: { cnn: { epochs: 1 } },
    maps: { methods: ['tsne'], points: 1000 },
  },
};

/** The family of a model: the first word of its id. */
export function familyOf(id: string): FamilyName {
  return id.split('-')[0] as FamilyName;
}

/** How a preset trains a model: its word on the model counts before that on its family, that before that on all. */
export function presetSettings({ training, byModel }: Preset, id: string): TrainingSettings {
  return { ...plainTraining, ...training, ...byModel[familyOf(id)], ...byModel[id] };
}
