import * as tf from '@tensorflow/tfjs';
import { functionalLayers } from './functional.ts';
import { meanSquaredError } from './losses.ts';
import { countParameters, type Autoencoder, type ImageShape } from './model.ts';

export interface AutoencoderOptions {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly imageShape: ImageShape;
  /** Units of the encoder's hidden layers, from the image inwards; the decoder mirrors them. */
  readonly hidden: readonly number[];
  /** Dimensions of the latent vector. */
  readonly latent: number;
  /**
   * Activation of the latent layer; the study's ReLU unless given. A ReLU keeps latent vectors at 0 and above, and
   * silences those dimensions for good whose sums end up negative for every image.
   */
  readonly latentActivation?: 'relu' | 'linear';
}

/**
 * A fully connected autoencoder: `H·W·C → hidden… → latent`, mirrored back, ReLU after every layer (the latent one as
 * `latentActivation` says) and a sigmoid at the end. Encoder `[N,H,W,C] → [N,latent]`, decoder back. Trained to make the
 * mean squared error of its reconstructions small.
 */
export function autoencoder({
  id,
  title,
  source,
  imageShape,
  hidden,
  latent,
  latentActivation = 'relu',
}: AutoencoderOptions): Autoencoder {
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  const dense = (name: string, units: number, activation: 'relu' | 'linear' | 'sigmoid') =>
    // Parameters are given from outside, so the layers' own start as cheap zeros.
    tf.layers.dense({ name, units, activation, kernelInitializer: 'zeros', biasInitializer: 'zeros' });
  const encoder = tf.sequential({
    name: 'encoder',
    layers: [
      tf.layers.flatten({ name: 'flatten', inputShape: [...imageShape] }),
      ...hidden.map((units, i) => dense(`hidden${i + 1}`, units, 'relu')),
      dense('latent', latent, latentActivation),
    ],
  });
  const decoder = tf.sequential({
    name: 'decoder',
    layers: [
      tf.layers.inputLayer({ inputShape: [latent] }),
      ...hidden.toReversed().map((units, i) => dense(`hidden${i + 1}`, units, 'relu')),
      dense('pixels', pixels, 'sigmoid'),
      tf.layers.reshape({ name: 'image', targetShape: [...imageShape] }),
    ],
  });
  const encoding = functionalLayers(encoder, 'encoder');
  const decoding = functionalLayers(decoder, 'decoder');
  const parameters = [...encoding.parameters, ...decoding.parameters];
  const codec: Autoencoder = {
    kind: 'autoencoder',
    id,
    title,
    source,
    imageShape,
    latent,
    parameters,
    parameterCount: countParameters(parameters),
    hyperparameters: { hidden: [...hidden], latent, latentActivation, outputActivation: 'sigmoid' },
    encode: (values, images) => encoding.apply(values, images),
    decode: (values, latents) => decoding.apply(values, latents),
    loss: (values, { images }) =>
      meanSquaredError(codec.decode(values, codec.encode(values, images)), images),
  };
  return codec;
}
