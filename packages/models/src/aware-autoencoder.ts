import * as tf from '@tensorflow/tfjs';
import { meanSquaredError, softmaxCrossEntropy } from './losses.ts';
import type { Autoencoder, Classifier } from './model.ts';

/** λ of {@link awareAutoencoder}: what a nat of cross-entropy weighs against a unit of mean squared error. */
export const awareWeight = 0.05;

/**
 * An autoencoder that knows what its images are for: its loss is the mean squared error plus λ times the cross-entropy of
 * a trained classifier on the reconstructions, λ = {@link awareWeight}. Gradients pass through the classifier to the
 * reconstruction, and none reaches the classifier's own parameters. `encode` and `decode` do without it.
 *
 * What a classifier can still tell is bounded by what the encoder can: one of dense layers alone knows MNIST's digits less
 * well than a convolutional classifier does.
 *
 * Source: Liu et al., "Exploring simple and transferable recognition-aware image processing", TPAMI 2022
 * (arXiv:1910.09185), whose loss this is, for an autoencoder.
 *
 * @param codec the layers, and everything else but the loss.
 * @param classifier judges reconstructions while training. Its parameters stay as they are.
 */
export function awareAutoencoder(codec: Autoencoder, classifier: Classifier): Autoencoder {
  return {
    ...codec,
    hyperparameters: { ...codec.hyperparameters, classifier: classifier.id, classifierWeight: awareWeight },
    frozen: classifier,
    loss: (values, { images, labels }, frozen) => {
      const reconstructions = codec.decode(values, codec.encode(values, images));
      const judgement = softmaxCrossEntropy(classifier.classify(frozen, reconstructions), labels);
      return tf.add(meanSquaredError(reconstructions, images), tf.mul(judgement, awareWeight));
    },
  };
}
