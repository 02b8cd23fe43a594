import { lab } from '../lab.ts';
import { scaleBytes } from '../worker/scale-bytes.ts';
import type { OpenRun } from './run.ts';
import { specimenMessages } from './specimen-messages.ts';

/** An image of the test set, with its class. */
export interface TestImage {
  readonly index: number;
  readonly label: number;
  /** `[H, W, C]`, float32 in [0, 1] */
  readonly image: Float32Array;
}

/**
 * Loads an image of a run's test set.
 * @param number as it stands in an address or as a number
 * @throws RangeError where there is none of that number.
 */
export async function loadTestImage({ id }: OpenRun, number: string | number): Promise<TestImage> {
  const index = Number(number);
  const { count, labels } = await lab.testSet(id);
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(specimenMessages().noTestImage(String(number), count - 1));
  }
  const bytes = await lab.testImageBytes(id, [index]);
  return { index, label: labels[index], image: scaleBytes(bytes) };
}
