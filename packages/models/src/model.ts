import type * as tf from '@tensorflow/tfjs';

/** Height, width and channels of an image. Pixels are float32 in [0, 1]. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** One trainable or fitted tensor of a model, float32. */
export interface ParameterSpec {
  /** Unique in its model, e.g. `encoder/hidden1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** Tensors of a model by the names of its {@link ParameterSpec}s. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

interface ModelBase {
  /** Short name, unique in a run, e.g. `basic-32`. */
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** Where the architecture comes from. */
  readonly source: string;
  readonly imageShape: ImageShape;
  readonly parameters: readonly ParameterSpec[];
  readonly parameterCount: number;
  /** What was chosen about the architecture, for the run's record. */
  readonly hyperparameters: Readonly<Record<string, number | string | readonly number[]>>;
}

/** Turns an image into a latent vector of `latent` numbers and back. Its functions are pure. */
export interface Codec extends ModelBase {
  readonly kind: 'autoencoder' | 'pca';
  /** Dimensions of the latent vector. */
  readonly latent: number;
  /** Images `[N, H, W, C]` → latent vectors `[N, latent]`. */
  encode(parameters: Parameters, images: tf.Tensor): tf.Tensor;
  /** Latent vectors `[N, latent]` → images `[N, H, W, C]`. */
  decode(parameters: Parameters, latents: tf.Tensor): tf.Tensor;
}

/** Tells which of `classes` an image shows. Its function is pure. */
export interface Classifier extends ModelBase {
  readonly kind: 'classifier';
  readonly classes: number;
  /** Images `[N, H, W, C]` → logits `[N, classes]` (before softmax). */
  classify(parameters: Parameters, images: tf.Tensor): tf.Tensor;
}

export type Model = Codec | Classifier;

/** Total number of elements of these parameters. */
export function countParameters(parameters: readonly ParameterSpec[]): number {
  return parameters.reduce((total, { shape }) => total + shape.reduce((size, length) => size * length, 1), 0);
}
