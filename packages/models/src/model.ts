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
  /**
   * What was chosen about the architecture, for the run's record. Of a codec that is trained, `latentActivation` and
   * `outputActivation` tell the ranges of latent vectors and reconstructions.
   */
  readonly hyperparameters: Readonly<Record<string, number | string | readonly number[]>>;
}

/** A batch as a loss sees it. */
export interface LossBatch {
  /** float32 `[N, H, W, C]` in [0, 1]. */
  readonly images: tf.Tensor;
  /** int32 `[N]`. */
  readonly labels: tf.Tensor;
  /** Standard normal numbers `[N, ...noiseShape]` for a model that asks for them. */
  readonly noise?: tf.Tensor;
}

/** A model that gradient steps improve. Its loss is pure: what is random comes in with the batch. */
export interface Trainable {
  /** Shape, without the batch, of the standard normal numbers that each training step is given. */
  readonly noiseShape?: readonly number[];
  /** A classifier that takes part in the loss and whose parameters stay as they are. */
  readonly frozen?: Classifier;
  /** The scalar that training makes small. `frozen` are the parameters of the classifier of that name. */
  loss(parameters: Parameters, batch: LossBatch, frozen: Parameters): tf.Scalar;
}

interface CodecBase extends ModelBase {
  /** Dimensions of the latent vector. */
  readonly latent: number;
  /** Images `[N, H, W, C]` → latent vectors `[N, latent]`. */
  encode(parameters: Parameters, images: tf.Tensor): tf.Tensor;
  /** Latent vectors `[N, latent]` → images `[N, H, W, C]`. */
  decode(parameters: Parameters, latents: tf.Tensor): tf.Tensor;
}

/** A codec that is trained. */
export interface Autoencoder extends CodecBase, Trainable {
  readonly kind: 'autoencoder';
}

/** A codec that is fitted in one go. */
export interface PcaCodec extends CodecBase {
  readonly kind: 'pca';
}

/** Turns an image into a latent vector of `latent` numbers and back. Its functions are pure. */
export type Codec = Autoencoder | PcaCodec;

/** Tells which of `classes` an image shows. Its functions are pure. */
export interface Classifier extends ModelBase, Trainable {
  readonly kind: 'classifier';
  readonly classes: number;
  /** Images `[N, H, W, C]` → logits `[N, classes]` (before softmax). */
  classify(parameters: Parameters, images: tf.Tensor): tf.Tensor;
}

export type TrainableModel = Autoencoder | Classifier;

export type Model = Codec | Classifier;

/** Total number of elements of these parameters. */
export function countParameters(parameters: readonly ParameterSpec[]): number {
  return parameters.reduce((total, { shape }) => total + shape.reduce((size, length) => size * length, 1), 0);
}
