import type * as tf from '@tensorflow/tfjs';
import { countParameters, type Codec, type ImageShape } from './model.ts';

export interface PcaOptions {
  readonly id: string;
  readonly imageShape: ImageShape;
  /** Number of components kept, at most the number of pixels. */
  readonly latent: number;
}

/**
 * Principal component analysis as a codec: `latent = (x - mean)·componentsᵀ`, `x̂ = latent·components + mean`, with
 * parameters `mean [pixels]` and `components [latent, pixels]` of orthonormal rows. Reconstructions are not clipped to
 * [0, 1], as in the study. Fitted, not trained: see `fitPca` of the trainer.
 *
 * Source: Hotelling, "Analysis of a complex of statistical variables into principal components", 1933.
 */
export function pcaCodec({ id, imageShape, latent }: PcaOptions): Codec {
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  const parameters = [
    { name: 'mean', shape: [pixels] },
    { name: 'components', shape: [latent, pixels] },
  ];
  return {
    kind: 'pca',
    id,
    title: `PCA, ${latent} components`,
    source: 'Hotelling 1933',
    imageShape,
    latent,
    parameters,
    parameterCount: countParameters(parameters),
    hyperparameters: { latent },
    encode: ({ mean, components }, images) =>
      images.reshape([-1, pixels]).sub(mean).matMul(components, false, true),
    decode: ({ mean, components }, latents) =>
      latents
        .matMul(components as tf.Tensor2D)
        .add(mean)
        .reshape([-1, ...imageShape]),
  };
}
