import * as tf from '@tensorflow/tfjs';
import { adamStep, averageStep, type AdamMoments, type AdamOptions, type AdamScaleTensors } from './adam.ts';
import type { Parameters, TrainableModel } from './model.ts';

/** A batch as it is stored: images `[N, H, W, C]` with pixels 0…255 and labels `[N]`, both int32 to tfjs. */
export interface Batch {
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor;
  /** Standard normal numbers `[N, ...noiseShape]`, float32, for a model that asks for them. */
  readonly noise?: tf.Tensor;
}

/** What is trained, and the parameters of the classifier that it is trained through, if there is one. */
export interface Training {
  readonly model: TrainableModel;
  readonly frozen: Parameters;
}

/** All that a step changes. */
export interface StepState {
  readonly parameters: Parameters;
  readonly moments: AdamMoments;
  /** Moving average of the parameters, where one is kept. */
  readonly average?: Parameters;
}

/** The numbers of a step that change from step to step, as float32 scalars. */
export type StepScales = AdamScaleTensors & {
  /** `1 - decay` of the moving average; unused without one. */
  readonly averageRest: tf.Tensor;
};

/** Pixels 0…255 → float32 in [0, 1]. */
export function scalePixels(images: tf.Tensor): tf.Tensor {
  return tf.div(tf.cast(images, 'float32'), 255);
}

/** The loss of a model on a batch, see its `loss`. */
export function batchLoss({ model, frozen }: Training, parameters: Parameters, batch: Batch): tf.Scalar {
  return model.loss(parameters, { ...batch, images: scalePixels(batch.images) }, frozen);
}

/** Loss of a batch and its gradient by every parameter, by the parameter's name. */
export function lossAndGradients(
  training: Training,
  parameters: Parameters,
  batch: Batch,
): { loss: tf.Scalar; gradients: Parameters } {
  const names = training.model.parameters.map(({ name }) => name);
  const loss = (...tensors: tf.Tensor[]): tf.Scalar =>
    batchLoss(training, Object.fromEntries(names.map((name, i) => [name, tensors[i]])), batch);
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => parameters[name]));
  return {
    loss: value,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])),
  };
}

/**
 * One train step as a pure function: `(state, batch) → (state, loss)`. Everything that changes from step to step comes
 * in as a tensor, so the function can be traced once and run forever.
 */
export function trainStep(
  training: Training,
  state: StepState,
  batch: Batch,
  scales: StepScales,
  options: AdamOptions,
): StepState & { loss: tf.Scalar } {
  const { loss, gradients } = lossAndGradients(training, state.parameters, batch);
  const next = adamStep(state.parameters, gradients, state.moments, scales, options);
  return state.average === undefined
    ? { ...next, loss }
    : { ...next, average: averageStep(state.average, next.parameters, scales.averageRest), loss };
}
