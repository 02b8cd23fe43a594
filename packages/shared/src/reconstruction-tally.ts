/** The error of one class's images. */
export interface ClassError {
  /** The class, an index into the dataset's `classNames`. */
  label: number;
  /** How many images of the class were compared, at least 1. */
  count: number;
  /** Mean squared error over all values of those images. */
  mse: number;
}

/** How well a codec gave images back. */
export interface ReconstructionResult {
  /** Mean squared error over all values of all images. */
  mse: number;
  /** The same for each class that had an image, by ascending label. */
  perClass: ClassError[];
}

/**
 * Adds up the squared error of reconstructed images, in all and for each class.
 *
 * Each image's error is summed on its own in float64 before it is added, so the result is the same to the last bit
 * however the images are cut into batches.
 */
export class ReconstructionTally {
  readonly #imageSize: number;
  readonly #counts: number[];
  readonly #squaredErrors: number[];

  /**
   * @param options.imageSize values an image has (height · width · channels), at least 1
   * @param options.classCount number of classes, 1 to 256
   * @throws RangeError if either is outside its range
   */
  constructor({ imageSize, classCount }: { imageSize: number; classCount: number }) {
    if (!Number.isInteger(imageSize) || imageSize < 1) {
      throw new RangeError(`Cannot tally images of ${imageSize} values: the size must be an integer ≥ 1.`);
    }
    if (!Number.isInteger(classCount) || classCount < 1 || classCount > 256) {
      throw new RangeError(`Cannot tally ${classCount} classes: their number must be from 1 to 256.`);
    }
    this.#imageSize = imageSize;
    this.#counts = new Array<number>(classCount).fill(0);
    this.#squaredErrors = new Array<number>(classCount).fill(0);
  }

  /**
   * Adds a batch of n images, or nothing if it throws.
   *
   * @param originals float32 [n, imageSize], values in [0, 1]
   * @param reconstructions float32 [n, imageSize]
   * @param labels uint8 [n], each below `classCount`
   * @returns float64 [n], the mean squared error of each image
   * @throws TypeError if the lengths don't belong together
   * @throws RangeError if a label is too large, or a value NaN or infinite
   */
  add(originals: Float32Array, reconstructions: Float32Array, labels: Uint8Array): Float64Array {
    const size = this.#imageSize;
    const values = labels.length * size;
    if (originals.length !== values || reconstructions.length !== values) {
      throw new TypeError(
        `Cannot tally ${labels.length} images of ${size} values: that takes ${values} values, ` +
          `not ${originals.length} original and ${reconstructions.length} reconstructed ones.`,
      );
    }
    const errors = Array.from(labels, (label, image) => {
      if (label >= this.#counts.length) {
        throw new RangeError(
          `Cannot tally image ${image} of a batch: labels must be below ${this.#counts.length}, not ${label}.`,
        );
      }
      let error = 0;
      for (let i = image * size; i < (image + 1) * size; i++) {
        const difference = originals[i] - reconstructions[i];
        error += difference * difference;
      }
      if (!Number.isFinite(error)) {
        throw new RangeError(
          `Cannot tally image ${image} of a batch: its values must be finite, but its squared error is ${error}.`,
        );
      }
      return error;
    });
    labels.forEach((label, image) => {
      this.#counts[label]++;
      this.#squaredErrors[label] += errors[image];
    });
    return Float64Array.from(errors, (error) => error / size);
  }

  /**
   * What was added so far.
   *
   * @throws RangeError if nothing was
   */
  result(): ReconstructionResult {
    const count = this.#counts.reduce((a, b) => a + b);
    if (count === 0)
      throw new RangeError('Cannot compute a reconstruction error: add at least one image first.');
    const squaredError = this.#squaredErrors.reduce((a, b) => a + b);
    return {
      mse: squaredError / (count * this.#imageSize),
      perClass: this.#counts
        .map((images, label) => ({
          label,
          count: images,
          mse: this.#squaredErrors[label] / (images * this.#imageSize),
        }))
        .filter((entry) => entry.count > 0),
    };
  }
}
