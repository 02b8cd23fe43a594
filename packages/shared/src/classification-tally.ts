/** How well a classifier told images apart. */
export interface ClassificationResult {
  /** Share of images whose predicted class is the true one, in [0, 1]. */
  accuracy: number;
  /** Mean over the images of −ln softmax(logits)[true class], in nats. */
  crossEntropy: number;
  /** [classes][classes] numbers of images: the row is the true class, the column the predicted one. */
  confusion: number[][];
}

/** What a classifier says of each image. */
export interface Predictions {
  /** uint8 [n], the predicted classes. */
  classes: Uint8Array;
  /** float64 [n], the softmax of each image's predicted class, in (0, 1]. */
  probabilities: Float64Array;
}

/**
 * Adds up a classifier's predictions.
 *
 * The predicted class is the one of the largest logit; of equal ones, the one of the lowest index.
 */
export class ClassificationTally {
  readonly #classCount: number;
  readonly #confusion: number[][];
  #crossEntropy = 0;

  /**
   * @param options.classCount number of classes, 1 to 256
   * @throws RangeError if it is outside that range
   */
  constructor({ classCount }: { classCount: number }) {
    if (!Number.isInteger(classCount) || classCount < 1 || classCount > 256) {
      throw new RangeError(`Cannot tally ${classCount} classes: their number must be from 1 to 256.`);
    }
    this.#classCount = classCount;
    this.#confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  }

  /**
   * Adds a batch of n predictions, or nothing if it throws.
   *
   * @param logits float32 [n, classCount], before the softmax
   * @param labels uint8 [n], each below `classCount`
   * @returns what it predicts for each image
   * @throws TypeError if the lengths don't belong together
   * @throws RangeError if a label is too large, or a logit NaN or infinite
   */
  add(logits: Float32Array, labels: Uint8Array): Predictions {
    const classCount = this.#classCount;
    if (logits.length !== labels.length * classCount) {
      throw new TypeError(
        `Cannot tally ${labels.length} predictions of ${classCount} classes: ` +
          `that takes ${labels.length * classCount} logits, not ${logits.length}.`,
      );
    }
    const predictions = Array.from(labels, (label, image) => {
      if (label >= classCount) {
        throw new RangeError(
          `Cannot tally prediction ${image} of a batch: labels must be below ${classCount}, not ${label}.`,
        );
      }
      const row = logits.subarray(image * classCount, (image + 1) * classCount);
      const bad = row.find((logit) => !Number.isFinite(logit));
      if (bad !== undefined) {
        throw new RangeError(
          `Cannot tally prediction ${image} of a batch: its logits must be finite, but one is ${bad}.`,
        );
      }
      return predict(row, label);
    });
    labels.forEach((label, image) => {
      this.#confusion[label][predictions[image].predicted]++;
      // One by one in the images' order, so that the sum doesn't depend on how they are cut into batches.
      this.#crossEntropy += predictions[image].crossEntropy;
    });
    return {
      classes: Uint8Array.from(predictions, ({ predicted }) => predicted),
      probabilities: Float64Array.from(predictions, ({ probability }) => probability),
    };
  }

  /**
   * What was added so far.
   *
   * @throws RangeError if nothing was
   */
  result(): ClassificationResult {
    const count = this.#confusion.flat().reduce((a, b) => a + b);
    if (count === 0) throw new RangeError('Cannot compute an accuracy: add at least one prediction first.');
    const correct = this.#confusion.reduce((sum, row, label) => sum + row[label], 0);
    return {
      accuracy: correct / count,
      crossEntropy: this.#crossEntropy / count,
      confusion: this.#confusion.map((row) => [...row]),
    };
  }
}

function predict(
  logits: Float32Array,
  label: number,
): { predicted: number; probability: number; crossEntropy: number } {
  let predicted = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[predicted]) predicted = i;
  const largest = logits[predicted];
  // ln Σ exp(xᵢ) = m + ln Σ exp(xᵢ − m): with m the largest, nothing overflows and the sum is at least 1.
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return { predicted, probability: 1 / sum, crossEntropy: largest - logits[label] + Math.log(sum) };
}
