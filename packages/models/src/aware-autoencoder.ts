import * as tf from '@tensorflow/tfjs';
import { autoencoder, type AutoencoderOptions } from './autoencoder.ts';
import { meanSquaredError, softmaxCrossEntropy } from './losses.ts';
import type { Autoencoder, Classifier } from './model.ts';

/** λ of {@link awareAutoencoder}: what a nat of cross-entropy weighs against a unit of mean squared error. */
export const awareWeight = 0.01;

export interface AwareOptions extends AutoencoderOptions {
  /** The classifier that judges reconstructions while training. Its parameters stay as they are. */
  readonly classifier: Classifier;
}

/**
 * A fully connected autoencoder that knows what its images are for: its loss is the mean squared error plus λ times the
 * cross-entropy of a trained classifier on the reconstructions, λ = {@link awareWeight}. Gradients pass through the
 * classifier to the reconstruction, and none reaches the classifier's own parameters. `encode` and `decode` do without
 * it.
 *
 * Source: Liu et al., "Exploring simple and transferable recognition-aware image processing", TPAMI 2022
 * (arXiv:1910.09185), whose loss this is, for an autoencoder.
 */
export function awareAutoencoder({ classifier, ...options }: AwareOptions): Autoencoder {
  const plain = autoencoder(options);
  return {
    ...plain,
    hyperparameters: { ...plain.hyperparameters, classifier: classifier.id, classifierWeight: awareWeight },
    frozen: classifier,
    loss: (values, { images, labels }, frozen) => {
      const reconstructions = plain.decode(values, plain.encode(values, images));
      const judgement = softmaxCrossEntropy(classifier.classify(frozen, reconstructions), labels);
      return tf.add(meanSquaredError(reconstructions, images), tf.mul(judgement, awareWeight));
    },
  };
}
