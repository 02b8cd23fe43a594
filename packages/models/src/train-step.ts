import * as tf from '@tensorflow/tfjs';
import { adamStep, type AdamMoments, type AdamOptions } from './adam.ts';
import { meanSquaredError, softmaxCrossEntropy } from './losses.ts';
import type { Model, Parameters } from './model.ts';

/** A batch as it is stored: images `[N, H, W, C]` with pixels 0…255 and labels `[N]`, both int32 to tfjs. */
export interface Batch {
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor;
}

/** Pixels 0…255 → float32 in [0, 1]. */
export function scalePixels(images: tf.Tensor): tf.Tensor {
  return tf.div(tf.cast(images, 'float32'), 255);
}

/**
 * The loss of a model on a batch: mean squared error of the reconstruction for a codec, cross-entropy for a classifier.
 * @throws TypeError for PCA, which is fitted and not trained.
 */
export function batchLoss(model: Model, parameters: Parameters, batch: Batch): tf.Scalar {
  const images = scalePixels(batch.images);
  switch (model.kind) {
    case 'autoencoder':
      return meanSquaredError(model.decode(parameters, model.encode(parameters, images)), images);
    case 'classifier':
      return softmaxCrossEntropy(model.classify(parameters, images), batch.labels);
    case 'pca':
      throw new TypeError(`Cannot train "${model.id}": PCA has no gradient steps; fit it instead.`);
  }
}

/** Loss of a batch and its gradient by every parameter, by the parameter's name. */
export function lossAndGradients(
  model: Model,
  parameters: Parameters,
  batch: Batch,
): { loss: tf.Scalar; gradients: Parameters } {
  const names = model.parameters.map(({ name }) => name);
  const loss = (...tensors: tf.Tensor[]): tf.Scalar =>
    batchLoss(model, Object.fromEntries(names.map((name, i) => [name, tensors[i]])), batch);
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => parameters[name]));
  return {
    loss: value,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])),
  };
}

/**
 * One train step as a pure function: `(parameters, moments, batch) → (parameters, moments, loss)`. Everything that
 * changes from step to step comes in as a tensor, so the function can be traced once and run forever.
 */
export function trainStep(
  model: Model,
  parameters: Parameters,
  moments: AdamMoments,
  batch: Batch,
  scales: { stepSize: tf.Tensor; secondScale: tf.Tensor },
  options: AdamOptions,
): { parameters: Parameters; moments: AdamMoments; loss: tf.Scalar } {
  const { loss, gradients } = lossAndGradients(model, parameters, batch);
  return { ...adamStep(parameters, gradients, moments, scales, options), loss };
}
