import { autoencoder } from './autoencoder.ts';
import { awareAutoencoder } from './aware-autoencoder.ts';
import { cnnClassifier } from './cnn-classifier.ts';
import { convolutionalAutoencoder, fitsConvolutions } from './convolutional-autoencoder.ts';
import { denoisingAutoencoder } from './denoising-autoencoder.ts';
import type { ImageShape, Model } from './model.ts';
import { pcaCodec } from './pca-codec.ts';
import { tiedAutoencoder } from './tied-autoencoder.ts';
import { variationalAutoencoder } from './variational-autoencoder.ts';

/** What a model is built for. */
export interface ModelContext {
  readonly imageShape: ImageShape;
  /** Number of classes of the dataset. */
  readonly classes: number;
}

/** The first word of the ids of a family's models. */
export type FamilyName = 'basic' | 'deeper' | 'denoising' | 'tied' | 'conv' | 'vae' | 'aware' | 'pca' | 'cnn';

/** A family of models: how their ids look and how one is built. */
export interface ModelFamily {
  readonly name: FamilyName;
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

/** The latent dimensions in an id of the form `family-L`. */
function latentOf(id: string, family: FamilyName): number | undefined {
  return number(new RegExp(`^${family}-([1-9]\\d*)$`).exec(id)?.[1] ?? '');
}

/** The settings of a latent layer that an id's ending `-linear` stands for, and the words for it in a title. */
function latentLayer(ending: string | undefined) {
  const isLinear = ending !== undefined;
  return {
    latentActivation: isLinear ? 'linear' : 'relu',
    words: isLinear ? ', linear latent layer' : '',
  } as const;
}

/** Units of the hidden layers. */
const basicHidden = 128;
const deeperHidden = [512, 256] as const;

/** Every architecture of the project. An id names its size: `basic-32` has 32 latent dimensions. */
export const modelFamilies: readonly ModelFamily[] = [
  {
    name: 'basic',
    form: 'basic-L[-hH][-linear]',
    summary: 'autoencoder with one hidden layer of H (128) and L latent dimensions, ReLU or linear',
    examples: ['basic-32', 'basic-64', 'basic-16-h256', 'basic-32-linear'],
    build(id, { imageShape }) {
      const match = /^basic-([1-9]\d*)(?:-h([1-9]\d*))?(-linear)?$/.exec(id);
      const latent = number(match?.[1] ?? '');
      const hidden = number(match?.[2] ?? String(basicHidden));
      if (latent === undefined || hidden === undefined) return undefined;
      const { latentActivation, words } = latentLayer(match?.[3]);
      const size = hidden === basicHidden ? '' : `, hidden ${hidden}`;
      const title = `basic autoencoder, latent ${latent}${size}${words}`;
      const source = 'The study: 784-128-32 and back, ReLU, sigmoid';
      return autoencoder({ id, title, source, imageShape, hidden: [hidden], latent, latentActivation });
    },
  },
  {
    name: 'deeper',
    form: 'deeper-L[-linear]',
    summary: 'autoencoder with hidden layers of 512 and 256 and L latent dimensions, ReLU or linear',
    examples: ['deeper-64', 'deeper-64-linear'],
    build(id, { imageShape }) {
      const match = /^deeper-([1-9]\d*)(-linear)?$/.exec(id);
      const latent = number(match?.[1] ?? '');
      if (latent === undefined) return undefined;
      const { latentActivation, words } = latentLayer(match?.[2]);
      const title = `deeper autoencoder, latent ${latent}${words}`;
      const source = "The study's deeper autoencoder; its layers are lost, 784-512-256-64 and back is ours";
      return autoencoder({ id, title, source, imageShape, hidden: deeperHidden, latent, latentActivation });
    },
  },
  {
    name: 'tied',
    form: 'tied-L',
    summary: 'linear autoencoder with L latent dimensions whose decoder is the transposed encoder',
    examples: ['tied-32'],
    build(id, { imageShape }) {
      const latent = latentOf(id, 'tied');
      return latent === undefined ? undefined : tiedAutoencoder({ id, imageShape, latent });
    },
  },
  {
    name: 'denoising',
    form: 'denoising-L',
    summary: 'the basic autoencoder, trained to give back clean images from noisy ones',
    examples: ['denoising-32'],
    build(id, { imageShape }) {
      const latent = latentOf(id, 'denoising');
      if (latent === undefined) return undefined;
      const title = `denoising autoencoder, latent ${latent}`;
      const source = 'Vincent et al. 2008; layers of the basic autoencoder';
      return denoisingAutoencoder({ id, title, source, imageShape, hidden: [basicHidden], latent });
    },
  },
  {
    name: 'aware',
    form: 'aware-L',
    summary: 'convolutional autoencoder of more filters, trained through the classifier "cnn" too',
    examples: ['aware-16'],
    build(id, context) {
      const { imageShape } = context;
      const latent = latentOf(id, 'aware');
      if (latent === undefined || !fitsConvolutions(imageShape)) return undefined;
      const codec = convolutionalAutoencoder({ id, imageShape, latent, filters: [32, 64], hidden: 128 });
      const title = `task-aware convolutional autoencoder, latent ${latent}`;
      const source = `Recognition-aware loss of Liu et al. 2022; ${codec.source}`;
      return awareAutoencoder({ ...codec, title, source }, cnnClassifier({ id: 'cnn', ...context }));
    },
  },
  {
    name: 'vae',
    form: 'vae-L',
    summary: 'variational autoencoder with one hidden layer of 128 and L latent dimensions',
    examples: ['vae-32'],
    build(id, { imageShape }) {
      const latent = latentOf(id, 'vae');
      if (latent === undefined) return undefined;
      return variationalAutoencoder({ id, imageShape, hidden: basicHidden, latent });
    },
  },
  {
    name: 'conv',
    form: 'conv-L',
    summary: 'convolutional autoencoder with L latent dimensions; image sides must be multiples of 4',
    examples: ['conv-32'],
    build(id, { imageShape }) {
      const latent = latentOf(id, 'conv');
      if (latent === undefined || !fitsConvolutions(imageShape)) return undefined;
      return convolutionalAutoencoder({ id, imageShape, latent });
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
