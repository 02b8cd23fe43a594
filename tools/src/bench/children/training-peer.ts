import type { Dataset } from '@narrows/trainer';

/** Told after each step with its loss; may look at the model. `false` ends the pass. */
export type OnStep = (loss: number) => boolean | Promise<boolean>;

/** A model that answers. */
export interface Predictor {
  /**
   * @param images uint8 pixels of `batchSize` images.
   * @returns their reconstructions in [0, 1], or their logits.
   */
  predict(images: Uint8Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A model in training by a peer: Adam at 1e-3, everything in float32. */
export interface PeerModel {
  /** Makes ready whatever a pass over the first `count` images takes, so that it isn't timed. */
  prepare(count: number): Promise<void>;
  /** One pass over the first `count` training images in random order; the last batch may be smaller. */
  train(pass: { count: number; batchSize: number }, onStep: OnStep): Promise<void>;
  /** The model as it is now, to be looked at while the training rests. */
  predictor(batchSize: number): Promise<Predictor>;
  close(): Promise<void>;
}

export interface PeerModelOptions {
  readonly data: Dataset;
  readonly threads: number;
  /** Of the first weights and the order of images, where the peer can draw them from a seed. */
  readonly seed: number;
}

/** A library that trains the bench's models. */
export interface TrainingPeer {
  /** Of the library, with its name. */
  readonly version: string;
  /** @param id one of the bench's models. */
  open(id: string, options: PeerModelOptions): Promise<PeerModel>;
}
