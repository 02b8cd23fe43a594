import type { DatasetDescription } from '@narrows/shared';

/** Images with their labels. */
export interface Split {
  /** uint8 [count, height, width, channels], pixels from 0 to 255. */
  readonly images: Uint8Array;
  /** uint8 [count], each an index into the dataset's `classNames`. */
  readonly labels: Uint8Array;
  /** Number of images, at least 1. */
  readonly count: number;
}

/** What models are trained and tested on. */
export interface Dataset {
  readonly description: DatasetDescription;
  /** `description.trainCount` images to train on and to choose by. */
  readonly train: Split;
  /** `description.testCount` images, touched once, after training, to report. */
  readonly test: Split;
}
