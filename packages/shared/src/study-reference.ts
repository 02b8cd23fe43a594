/** A figure of the study that Narrows reproduces, for the tables that show ours beside it. */
export interface ReferenceCodec {
  /** Id of our model of the same architecture. */
  readonly id: string;
  /** Mean squared error on the test set. */
  readonly mse: number;
  /** The same for each digit, where the study has it. */
  readonly perClass?: readonly number[];
}

/** The same of a classifier. */
export interface ReferenceClassification {
  /** Id of our model of the same architecture. */
  readonly classifier: string;
  /** What the classifier was shown: `original` or a codec's id. */
  readonly on: string;
  /** Fraction in [0, 1]. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly crossEntropy: number;
}

/** Everything that the study gives figures of. */
export interface StudyReference {
  /** Name of the dataset. */
  readonly dataset: string;
  readonly codecs: readonly ReferenceCodec[];
  readonly classifications: readonly ReferenceClassification[];
}

/** The study's test figures on MNIST: batch 64, Adam at 1e-3, 10 epochs (20 for the deeper autoencoder). */
export const studyReference: StudyReference = {
  dataset: 'mnist',
  codecs: [
    {
      id: 'basic-32',
      mse: 0.009948,
      perClass: [
        0.00995, 0.002676, 0.014137, 0.011043, 0.010337, 0.012149, 0.01088, 0.007581, 0.01423, 0.007815,
      ],
    },
    { id: 'basic-64', mse: 0.006343 },
    {
      id: 'deeper-64',
      mse: 0.005021,
      perClass: [
        0.005951, 0.001576, 0.006838, 0.005549, 0.004908, 0.006016, 0.005277, 0.003877, 0.006864, 0.003982,
      ],
    },
    { id: 'pca-64', mse: 0.009047 },
  ],
  classifications: [
    { classifier: 'cnn', on: 'original', accuracy: 0.9889, crossEntropy: 0.0431 },
    { classifier: 'cnn', on: 'deeper-64', accuracy: 0.9827, crossEntropy: 0.0745 },
    { classifier: 'cnn', on: 'pca-64', accuracy: 0.9822, crossEntropy: 0.0564 },
  ],
};

/** The study's figures, if it has any on this dataset. */
export function referenceOf({ name }: { name: string }): StudyReference | undefined {
  return name === studyReference.dataset ? studyReference : undefined;
}
