import { largestIndex } from '../../parts/probability-bars.tsx';

/** What a classifier makes of an image. */
export interface Reading {
  /** The most probable class. */
  readonly best: number;
  /** Its probability, from 0 to 1. */
  readonly probability: number;
  /** The class on the original, where that is another one. */
  readonly flippedFrom: number | undefined;
  /** Whether it is the true class; `undefined` where there is none. */
  readonly isRight: boolean | undefined;
  /** Whether the class on the original was lost: it flipped, and not to the true class. */
  readonly isLoss: boolean;
}

/**
 * Reads a classifier's answer.
 * @param probabilities `[classes]`
 * @param original the same classifier's answer on the original image, where this one is on a reconstruction
 * @param label the image's true class, where it has one
 */
export function readAnswer(
  probabilities: Float32Array,
  { original, label }: { original?: Float32Array | undefined; label?: number | undefined } = {},
): Reading {
  const best = largestIndex(probabilities);
  const before = original === undefined ? best : largestIndex(original);
  return {
    best,
    probability: probabilities[best],
    flippedFrom: before === best ? undefined : before,
    isRight: label === undefined ? undefined : best === label,
    isLoss: before !== best && best !== label,
  };
}
