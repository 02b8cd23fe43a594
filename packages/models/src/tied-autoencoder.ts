import { meanSquaredError } from './losses.ts';
import type { Autoencoder, ImageShape } from './model.ts';
import { pcaCodec } from './pca-codec.ts';

export interface TiedOptions {
  readonly id: string;
  readonly imageShape: ImageShape;
  /** Dimensions of the latent vector. */
  readonly latent: number;
}

/**
 * A linear autoencoder whose decoder is the transposed encoder: `latent = (x - mean)·componentsᵀ`, `x̂ =
 * latent·components + mean`, with parameters `mean [pixels]` and `components [latent, pixels]`, as in {@link pcaCodec}.
 * No activations. Here gradient steps find the parameters. Baldi & Hornik prove that with an encoder and a decoder of
 * their own the mean squared error has no local minima but the global one, whose reconstructions are PCA's. Tying the two
 * keeps that minimum, for PCA's own decoder is its transposed encoder: the rows of `components` then span PCA's,
 * orthonormal but turned among themselves.
 *
 * Source: Baldi & Hornik, "Neural networks and principal component analysis: learning from examples without local
 * minima", Neural Networks 2, 1989.
 */
export function tiedAutoencoder(options: TiedOptions): Autoencoder {
  const linear = pcaCodec(options);
  const { id, imageShape, latent, parameters, parameterCount } = linear;
  const codec: Autoencoder = {
    kind: 'autoencoder',
    id,
    title: `linear autoencoder with tied weights, latent ${latent}`,
    source: 'Baldi & Hornik 1989',
    imageShape,
    latent,
    parameters,
    parameterCount,
    hyperparameters: { latent, latentActivation: 'linear', outputActivation: 'linear' },
    encode: (values, images) => linear.encode(values, images),
    decode: (values, latents) => linear.decode(values, latents),
    loss: (values, { images }) =>
      meanSquaredError(codec.decode(values, codec.encode(values, images)), images),
  };
  return codec;
}
