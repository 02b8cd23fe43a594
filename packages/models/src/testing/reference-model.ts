import type { Classifier, Codec, Model, TrainableModel } from '../model.ts';
import {
  activations,
  affine,
  convolved,
  convolvedBack,
  pooled,
  transposed,
  type Activation,
} from './reference-layers.ts';

/** Values of a model's parameters, by name. */
export type ReferenceParameters = Readonly<Record<string, Float64Array>>;

/** Pixels in [0, 1] of `labels.length` images, and their classes. */
export interface ReferenceBatch {
  readonly pixels: Float64Array;
  readonly labels: readonly number[];
  /** For the models that train with noise. */
  readonly noise?: Float64Array;
}

/**
 * What the models compute, written down a second time as plain loops in float64: what tfjs must agree with, and smooth
 * enough for differences of losses to tell a gradient.
 */
export function referenceForward(
  model: Model,
  parameters: ReferenceParameters,
  { pixels, labels }: ReferenceBatch,
): { latents: Float64Array; output: Float64Array } {
  const values = { parameters, count: labels.length };
  if (model.kind === 'classifier') return classified(model, values, pixels);
  const latents = encoded(model, values, pixels);
  return { latents, output: decoded(model, values, latents) };
}

/** The loss that the model is trained on. Weights of its terms are those that the model's record tells. */
export function referenceLoss(
  model: TrainableModel,
  parameters: ReferenceParameters,
  batch: ReferenceBatch,
  frozen: ReferenceParameters = {},
): number {
  const { pixels, labels, noise } = batch;
  const values = { parameters, count: labels.length };
  if (model.kind === 'classifier') return crossEntropy(model, values, batch);
  const told = (name: string): number => model.hyperparameters[name] as number;
  switch (familyOf(model)) {
    case 'denoising': {
      const noisy = pixels.map((pixel, i) => pixel + told('noise') * noise![i]);
      return meanSquare(decoded(model, values, encoded(model, values, noisy)), pixels);
    }
    case 'vae': {
      const hidden = dense(values, 'encoder/hidden1', pixels, 'relu');
      const mean = dense(values, 'encoder/mean', hidden, 'linear');
      const logVariance = dense(values, 'encoder/logVariance', hidden, 'linear');
      const latents = mean.map((value, i) => value + Math.sqrt(Math.exp(logVariance[i])) * noise![i]);
      const nats = mean.reduce((sum, value, i) => {
        const variance = Math.exp(logVariance[i]);
        return sum + (value ** 2 + variance - Math.log(variance) - 1) / 2;
      }, 0);
      return meanSquare(decoded(model, values, latents), pixels) + (told('beta') * nats) / pixels.length;
    }
    case 'aware': {
      const output = decoded(model, values, encoded(model, values, pixels));
      const judged = { parameters: frozen, count: labels.length };
      const nats = crossEntropy(model.frozen!, judged, { pixels: output, labels });
      return meanSquare(output, pixels) + told('classifierWeight') * nats;
    }
    default:
      return meanSquare(decoded(model, values, encoded(model, values, pixels)), pixels);
  }
}

interface Values {
  readonly parameters: ReferenceParameters;
  readonly count: number;
}

const familyOf = ({ id }: Model): string => id.split('-')[0];

function dense(
  { parameters, count }: Values,
  name: string,
  x: Float64Array,
  activation: Activation,
): Float64Array {
  const bias = parameters[`${name}/bias`];
  return affine(x, parameters[`${name}/kernel`], bias, count).map(activations[activation]);
}

function encoded(model: Codec, values: Values, pixels: Float64Array): Float64Array {
  const { parameters, count } = values;
  switch (familyOf(model)) {
    case 'pca':
    case 'tied': {
      const { mean, components } = parameters;
      const centred = pixels.map((pixel, i) => pixel - mean[i % mean.length]);
      return affine(centred, transposed(components, mean.length), new Float64Array(model.latent), count);
    }
    case 'aware':
    case 'conv': {
      let [height, width] = model.imageShape;
      let x = pixels;
      for (const name of ['encoder/conv1', 'encoder/conv2']) {
        const [kernel, bias] = [parameters[`${name}/kernel`], parameters[`${name}/bias`]];
        x = convolved(x, kernel, bias, { count, height, width, stride: 2 }).map(activations.relu);
        [height, width] = [height / 2, width / 2];
      }
      if ('hidden' in model.hyperparameters) x = dense(values, 'encoder/hidden', x, 'relu');
      return dense(values, 'encoder/latent', x, 'linear');
    }
    case 'vae':
      return dense(values, 'encoder/mean', dense(values, 'encoder/hidden1', pixels, 'relu'), 'linear');
    default: {
      let x = pixels;
      for (const name of hiddenLayers(model)) x = dense(values, `encoder/${name}`, x, 'relu');
      return dense(values, 'encoder/latent', x, model.id.endsWith('-linear') ? 'linear' : 'relu');
    }
  }
}

function decoded(model: Codec, values: Values, latents: Float64Array): Float64Array {
  const { parameters, count } = values;
  switch (familyOf(model)) {
    case 'pca':
    case 'tied':
      return affine(latents, parameters['components'], parameters['mean'], count);
    case 'aware':
    case 'conv': {
      const [height, width] = model.imageShape;
      const back = (name: string, x: Float64Array, shrink: number): Float64Array =>
        convolvedBack(x, parameters[`${name}/kernel`], parameters[`${name}/bias`], {
          count,
          height: height / shrink,
          width: width / shrink,
          stride: 2,
        });
      const hidden =
        'hidden' in model.hyperparameters ? dense(values, 'decoder/hidden', latents, 'relu') : latents;
      const small = dense(values, 'decoder/small', hidden, 'relu');
      const middle = back('decoder/conv1', small, 2).map(activations.relu);
      return back('decoder/conv2', middle, 1).map(activations.sigmoid);
    }
    default: {
      let x = latents;
      for (const name of hiddenLayers(model)) x = dense(values, `decoder/${name}`, x, 'relu');
      return dense(values, 'decoder/pixels', x, 'sigmoid');
    }
  }
}

const hiddenLayers = ({ hyperparameters }: Codec): string[] =>
  (hyperparameters['hidden'] as readonly number[]).map((_, i) => `hidden${i + 1}`);

/** The classifier's hidden layer and its logits. */
function classified(model: Classifier, values: Values, pixels: Float64Array) {
  const { parameters, count } = values;
  let [height, width] = model.imageShape;
  let x = pixels;
  for (const name of ['classifier/conv1', 'classifier/conv2']) {
    const bias = parameters[`${name}/bias`];
    x = convolved(x, parameters[`${name}/kernel`], bias, { count, height, width }).map(activations.relu);
    x = pooled(x, { count, height, width, channels: bias.length });
    [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
  }
  const latents = dense(values, 'classifier/hidden', x, 'relu');
  return { latents, output: dense(values, 'classifier/logits', latents, 'linear') };
}

/** Mean of `-ln softmax(logits)[label]`. */
function crossEntropy(model: Classifier, values: Values, { pixels, labels }: ReferenceBatch): number {
  const { output } = classified(model, values, pixels);
  const losses = labels.map((label, image) => {
    const logits = output.subarray(image * model.classes, (image + 1) * model.classes);
    return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[label];
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

function meanSquare(output: Float64Array, pixels: Float64Array): number {
  return output.reduce((sum, value, i) => sum + (value - pixels[i]) ** 2, 0) / output.length;
}
