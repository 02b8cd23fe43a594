import { autoencoder } from './autoencoder.ts';
import { cnnClassifier } from './cnn-classifier.ts';
import type { ImageShape, Model } from './model.ts';
import { pcaCodec } from './pca-codec.ts';

/** What a model is built for. */
export interface ModelContext {
  readonly imageShape: ImageShape;
  /** Number of classes of the dataset. */
  readonly classes: number;
}

/** A family of models: how their ids look and how one is built. */
export interface ModelFamily {
  readonly name: 'basic' | 'deeper' | 'pca' | 'cnn';
  /** The form of its ids, for help texts, e.g. `basic-L[-hH]`. */
  readonly form: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Ids that the study uses. */
  readonly examples: readonly string[];
  /** The model with this id, or `undefined` if the id is of another family. */
  build(id: string, context: ModelContext): Model | undefined;
}

const largestLayer = 1024;

function number(text: string, largest = largestLayer): number | undefined {
  const value = Number(text);
  return value >= 1 && value <= largest ? value : undefined;
}

/** Every architecture of the project. An id names its size: `basic-32` has 32 latent dimensions. */
export const modelFamilies: readonly ModelFamily[] = [
  {
    name: 'basic',
    form: 'basic-L or basic-L-hH',
    summary: 'autoencoder with one hidden layer of H (128) and L latent dimensions',
    examples: ['basic-32', 'basic-64', 'basic-16-h256'],
    build(id, { imageShape }) {
      const match = /^basic-([1-9]\d*)(?:-h([1-9]\d*))?$/.exec(id);
      const latent = number(match?.[1] ?? '');
      const hidden = number(match?.[2] ?? '128');
      if (latent === undefined || hidden === undefined) return undefined;
      const title = `basic autoencoder, latent ${latent}${hidden === 128 ? '' : `, hidden ${hidden}`}`;
      const source = 'The study: 784-128-32 and back, ReLU, sigmoid';
      return autoencoder({ id, title, source, imageShape, hidden: [hidden], latent });
    },
  },
  {
    name: 'deeper',
    form: 'deeper-L',
    summary: 'autoencoder with hidden layers of 512 and 256 and L latent dimensions',
    examples: ['deeper-64'],
    build(id, { imageShape }) {
      const latent = number(/^deeper-([1-9]\d*)$/.exec(id)?.[1] ?? '');
      if (latent === undefined) return undefined;
      const title = `deeper autoencoder, latent ${latent}`;
      const source = "The study's deeper autoencoder; its layers are lost, 784-512-256-64 and back is ours";
      return autoencoder({ id, title, source, imageShape, hidden: [512, 256], latent });
    },
  },
  {
    name: 'pca',
    form: 'pca-L or pca-L-clipped',
    summary: 'principal component analysis with L components, reconstructions clipped to [0, 1] or not',
    examples: ['pca-64', 'pca-64-clipped'],
    build(id, { imageShape }) {
      const pixels = imageShape[0] * imageShape[1] * imageShape[2];
      const match = /^pca-([1-9]\d*)(-clipped)?$/.exec(id);
      const latent = number(match?.[1] ?? '', pixels);
      if (latent === undefined) return undefined;
      return pcaCodec({ id, imageShape, latent, clipped: match?.[2] !== undefined });
    },
  },
  {
    name: 'cnn',
    form: 'cnn',
    summary: 'convolutional classifier, which judges the reconstructions',
    examples: ['cnn'],
    build: (id, context) => (id === 'cnn' ? cnnClassifier({ id, ...context }) : undefined),
  },
];

/** The family that an id belongs to and its model, or `undefined` if no family knows the id. */
export function findModel(
  id: string,
  context: ModelContext,
): { family: ModelFamily; model: Model } | undefined {
  for (const family of modelFamilies) {
    const model = family.build(id, context);
    if (model !== undefined) return { family, model };
  }
  return undefined;
}
