import * as tf from '@tensorflow/tfjs';
import { drawValues } from './draw-values.ts';

type Activation = NonNullable<Parameters<typeof tf.layers.dense>[0]['activation']>;

/** Weights in [-2, 2) that are the same in every run, since layers' own start is random. */
export function fixedWeights(shape: readonly number[], seed: number): tf.Tensor {
  const data = drawValues({ shape, dtype: 'float32', range: 'signed' }, seed) as Float32Array;
  return tf.tensor(data, [...shape], 'float32');
}

/** One dense layer `[N, 3] → [N, 4]`. */
export function denseModel(activation: Activation): tf.Sequential {
  const weights = [fixedWeights([3, 4], 31), fixedWeights([4], 32)];
  return tf.sequential({
    layers: [tf.layers.dense({ name: 'dense', units: 4, activation, inputShape: [3], weights })],
  });
}

/** One convolution layer `[N, 5, 4, 2] → [N, 3, 2, 3]`. */
export function convolutionModel(activation: Activation): tf.Sequential {
  const weights = [fixedWeights([3, 3, 2, 3], 33), fixedWeights([3], 34)];
  const options = { filters: 3, kernelSize: 3, strides: 2, padding: 'same' } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ name: 'convolution', ...options, activation, inputShape: [5, 4, 2], weights }),
    ],
  });
}

/**
 * A small convolutional autoencoder, `[N, 8, 4, 1] → [N, 8, 4, 1]`: a convolution of stride 2, a dense layer, and back by
 * a transposed convolution.
 */
export function hourglassModel(): tf.Sequential {
  const window = { kernelSize: 3, strides: 2, padding: 'same' } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        name: 'narrowing',
        filters: 3,
        activation: 'relu',
        ...window,
        inputShape: [8, 4, 1],
        weights: [fixedWeights([3, 3, 1, 3], 51), fixedWeights([3], 52)],
      }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({
        name: 'latent',
        units: 16,
        activation: 'relu',
        weights: [fixedWeights([24, 16], 53), fixedWeights([16], 54)],
      }),
      tf.layers.reshape({ name: 'small', targetShape: [4, 2, 2] }),
      tf.layers.conv2dTranspose({
        name: 'widening',
        filters: 1,
        activation: 'sigmoid',
        ...window,
        weights: [fixedWeights([3, 3, 1, 2], 55), fixedWeights([1], 56)],
      }),
    ],
  });
}

/**
 * A small classifier of the usual kind, `[N, 8, 8, 1] → [N, 3]`: two blocks of convolution, ReLU and 2×2 max-pooling,
 * then a dense layer.
 */
export function twoBlockModel(): tf.Sequential {
  const convolution = (name: string, filters: number, inputs: number, seed: number) =>
    tf.layers.conv2d({
      name,
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      weights: [fixedWeights([3, 3, inputs, filters], seed), fixedWeights([filters], seed + 1)],
      ...(inputs === 1 ? { inputShape: [8, 8, 1] } : {}),
    });
  return tf.sequential({
    layers: [
      convolution('convolution1', 4, 1, 41),
      tf.layers.maxPooling2d({ name: 'pool1', poolSize: 2 }),
      convolution('convolution2', 6, 4, 43),
      tf.layers.maxPooling2d({ name: 'pool2', poolSize: 2 }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({
        name: 'logits',
        units: 3,
        weights: [fixedWeights([24, 3], 45), fixedWeights([3], 46)],
      }),
    ],
  });
}
