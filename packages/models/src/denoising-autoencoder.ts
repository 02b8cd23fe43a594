import { autoencoder, type AutoencoderOptions } from './autoencoder.ts';
import { meanSquaredError } from './losses.ts';
import type { Autoencoder } from './model.ts';
import { requireNoise } from './require-noise.ts';

/** Standard deviation of the noise that training adds to pixels, which are in [0, 1]. */
export const denoisingNoise = 0.3;

/**
 * A fully connected autoencoder that is trained to give back the clean image from a noisy one: the loss is the mean
 * squared error of `decode(encode(x + σ·noise))` and x, with σ = {@link denoisingNoise} and standard normal noise
 * `[N, H, W, C]`. Noisy pixels are not clipped to [0, 1]: that would make the dark ones brighter on average, and a clean
 * image one that training never saw the like of. `encode` and `decode` themselves add no noise.
 *
 * Source: Vincent et al., "Extracting and composing robust features with denoising autoencoders", ICML 2008; Gaussian
 * noise as in their "Stacked denoising autoencoders", JMLR 2010.
 */
export function denoisingAutoencoder(options: AutoencoderOptions): Autoencoder {
  const plain = autoencoder(options);
  const noiseShape = options.imageShape;
  return {
    ...plain,
    hyperparameters: { ...plain.hyperparameters, noise: denoisingNoise },
    noiseShape,
    loss: (values, batch) => {
      const noise = requireNoise(batch, { id: options.id, noiseShape });
      const noisy = batch.images.add(noise.mul(denoisingNoise));
      return meanSquaredError(plain.decode(values, plain.encode(values, noisy)), batch.images);
    },
  };
}
