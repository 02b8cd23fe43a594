import * as tf from '@tensorflow/tfjs';
import { functionalLayers } from './functional.ts';
import { softmaxCrossEntropy } from './losses.ts';
import { countParameters, type Classifier, type ImageShape } from './model.ts';

export interface CnnOptions {
  readonly id: string;
  readonly imageShape: ImageShape;
  readonly classes: number;
}

/**
 * The study's convolutional classifier: two blocks of 3×3 convolution (32 and 64 filters, "same"), ReLU and 2×2
 * max-pooling, then a hidden layer of 128 and the logits. 421,642 parameters on 28×28×1 images with 10 classes.
 */
export function cnnClassifier({ id, imageShape, classes }: CnnOptions): Classifier {
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  const conv = (name: string, filters: number) =>
    tf.layers.conv2d({ name, filters, kernelSize: 3, padding: 'same', activation: 'relu', ...zeros });
  const layers = tf.sequential({
    name: 'classifier',
    layers: [
      tf.layers.inputLayer({ inputShape: [...imageShape] }),
      conv('conv1', 32),
      tf.layers.maxPooling2d({ name: 'pool1', poolSize: 2 }),
      conv('conv2', 64),
      tf.layers.maxPooling2d({ name: 'pool2', poolSize: 2 }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ name: 'hidden', units: 128, activation: 'relu', ...zeros }),
      tf.layers.dense({ name: 'logits', units: classes, ...zeros }),
    ],
  });
  const classifier = functionalLayers(layers, 'classifier');
  return {
    kind: 'classifier',
    id,
    title: 'CNN classifier',
    source: 'The study: conv 3×3 32, max-pool 2, conv 3×3 64, max-pool 2, 128, classes',
    imageShape,
    classes,
    parameters: classifier.parameters,
    parameterCount: countParameters(classifier.parameters),
    hyperparameters: { filters: [32, 64], hidden: 128 },
    classify: (values, images) => classifier.apply(values, images),
    loss: (values, { images, labels }) => softmaxCrossEntropy(classifier.apply(values, images), labels),
  };
}
