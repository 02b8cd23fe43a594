/** What an evaluation says of each test image. Every list has one entry for each, in the test set's order. */
export interface PerImageFigures {
  /** uint8, the true classes. */
  readonly labels: Uint8Array;
  readonly codecs: readonly {
    readonly id: string;
    /** float32, mean squared error over the image's values. */
    readonly mse: Float32Array;
    /** float32, see `structuralSimilarity`. */
    readonly ssim: Float32Array;
  }[];
  readonly classifications: readonly {
    readonly classifier: string;
    /** `original`, or the codec whose reconstructions it was given. */
    readonly on: string;
    /** uint8, the predicted classes. */
    readonly predicted: Uint8Array;
    /** float32, the softmax of the predicted class. */
    readonly probability: Float32Array;
  }[];
}
