import type * as tf from '@tensorflow/tfjs';
import { countParameters, type ImageShape, type PcaCodec } from './model.ts';

export interface PcaOptions {
  readonly id: string;
  readonly imageShape: ImageShape;
  /** Number of components kept, at most the number of pixels. */
  readonly latent: number;
  /** Whether reconstructions are clipped to [0, 1], which is where pixels are; not unless it is said. */
  readonly clipped?: boolean;
}

/**
 * Principal component analysis as a codec: `latent = (x - mean)·componentsᵀ`, `x̂ = latent·components + mean`, with
 * parameters `mean [pixels]` and `components [latent, pixels]` of orthonormal rows. The study does not clip
 * reconstructions to [0, 1]; clipping brings every pixel nearer to the original or leaves it. Fitted, not trained: see
 * `fitPca` of the trainer.
 *
 * Source: Hotelling, "Analysis of a complex of statistical variables into principal components", 1933.
 */
export function pcaCodec({ id, imageShape, latent, clipped = false }: PcaOptions): PcaCodec {
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  const parameters = [
    { name: 'mean', shape: [pixels] },
    { name: 'components', shape: [latent, pixels] },
  ];
  return {
    kind: 'pca',
    id,
    title: `PCA, ${latent} components${clipped ? ', clipped' : ''}`,
    source: 'Hotelling 1933',
    imageShape,
    latent,
    parameters,
    parameterCount: countParameters(parameters),
    hyperparameters: clipped ? { latent, lowest: 0, highest: 1 } : { latent },
    encode: ({ mean, components }, images) =>
      images.reshape([-1, pixels]).sub(mean).matMul(components, false, true),
    decode: ({ mean, components }, latents) => {
      const image = latents
        .matMul(components as tf.Tensor2D)
        .add(mean)
        .reshape([-1, ...imageShape]);
      return clipped ? image.clipByValue(0, 1) : image;
    },
  };
}
