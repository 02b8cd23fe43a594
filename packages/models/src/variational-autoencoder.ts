import * as tf from '@tensorflow/tfjs';
import { functionalLayers } from './functional.ts';
import { meanSquaredError } from './losses.ts';
import { countParameters, type Autoencoder, type ImageShape } from './model.ts';
import { requireNoise } from './require-noise.ts';

export interface VariationalOptions {
  readonly id: string;
  readonly imageShape: ImageShape;
  /** Units of the one hidden layer of encoder and decoder. */
  readonly hidden: number;
  /** Dimensions of the latent vector. */
  readonly latent: number;
}

/**
 * Variance σ² of a pixel around the decoder's answer. Rybkin, Daniilidis & Levine, "Simple and effective VAE training
 * with calibrated decoders", ICML 2021, show that the best one is the mean squared error itself; 0.01 is what the
 * study's basic autoencoder of 32 dimensions has.
 */
const pixelVariance = 0.01;

/** Weight of the Kullback–Leibler divergence of one image, in nats, against its summed squared error: `β = 2σ²`. */
export const variationalBeta = 2 * pixelVariance;

/**
 * A variational autoencoder. An image becomes the mean and the log variance of a normal distribution of latent vectors;
 * training decodes one vector drawn from it, `z = mean + exp(½·logVariance)·noise` with standard normal noise
 * `[N, latent]`, and its loss is
 *
 *     (|x̂ - x|² + β·KL) / pixels,   KL = ½·Σ (mean² + exp(logVariance) - logVariance - 1),   averaged over the images
 *
 * which is a mean squared error plus β times nats per pixel. Times pixels/β, with β = 2σ², it is the negative evidence lower
 * bound of an image, in nats, for a decoder with normal pixels of variance σ² ({@link variationalBeta}), but for a
 * constant. `encode` gives the mean.
 *
 * Layers: `H·W·C → hidden`, ReLU, then two linear layers to `latent`; back `latent → hidden`, ReLU, → pixels, sigmoid.
 *
 * Source: Kingma & Welling, "Auto-encoding variational Bayes", ICLR 2014; β: Higgins et al., "β-VAE", ICLR 2017.
 */
export function variationalAutoencoder(options: VariationalOptions): Autoencoder {
  const { id, imageShape, hidden, latent } = options;
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  const sequence = (name: string, layers: tf.layers.Layer[]) =>
    functionalLayers(tf.sequential({ name, layers }), name.split(' ')[0]);
  const body = sequence('encoder', [
    tf.layers.flatten({ name: 'flatten', inputShape: [...imageShape] }),
    tf.layers.dense({ name: 'hidden1', units: hidden, activation: 'relu', ...zeros }),
  ]);
  const head = (name: string) =>
    sequence(`encoder ${name}`, [tf.layers.dense({ name, units: latent, inputShape: [hidden], ...zeros })]);
  const [meanHead, logVarianceHead] = [head('mean'), head('logVariance')];
  const decoder = sequence('decoder', [
    tf.layers.dense({ name: 'hidden1', units: hidden, activation: 'relu', inputShape: [latent], ...zeros }),
    tf.layers.dense({ name: 'pixels', units: pixels, activation: 'sigmoid', ...zeros }),
    tf.layers.reshape({ name: 'image', targetShape: [...imageShape] }),
  ]);
  const parameters = [body, meanHead, logVarianceHead, decoder].flatMap((layers) => layers.parameters);
  const noiseShape = [latent];
  return {
    kind: 'autoencoder',
    id,
    title: `variational autoencoder, latent ${latent}`,
    source: 'Kingma & Welling 2014; β as in Higgins et al. 2017',
    imageShape,
    latent,
    parameters,
    parameterCount: countParameters(parameters),
    hyperparameters: {
      hidden: [hidden],
      latent,
      latentActivation: 'linear',
      outputActivation: 'sigmoid',
      beta: variationalBeta,
    },
    noiseShape,
    encode: (values, images) => meanHead.apply(values, body.apply(values, images)),
    decode: (values, latents) => decoder.apply(values, latents),
    loss: (values, batch) => {
      const noise = requireNoise(batch, { id, noiseShape });
      const features = body.apply(values, batch.images);
      const mean = meanHead.apply(values, features);
      const logVariance = logVarianceHead.apply(values, features);
      const latents = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
      const error = meanSquaredError(decoder.apply(values, latents), batch.images);
      return tf.add(error, tf.mul(divergence(mean, logVariance), variationalBeta / pixels));
    },
  };
}

/**
 * Kullback–Leibler divergence of normal distributions from the standard normal one, in nats, summed over the dimensions
 * and averaged over the batch: `[N, latent]` twice → scalar.
 */
function divergence(mean: tf.Tensor, logVariance: tf.Tensor): tf.Scalar {
  const terms = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
  return tf.mul(tf.mean(tf.sum(terms, 1)), 0.5);
}
