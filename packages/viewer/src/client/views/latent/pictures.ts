import { lab } from '../../lab.ts';
import type { OpenRun } from '../../state/run.ts';
import { specimen } from '../../state/specimen.ts';
import { useAnswer, type Answer } from '../../state/use-answer.ts';

/** An image with what is known about it. */
export interface Picture {
  /** Its number in the test set; `undefined` for a drawing. */
  readonly index: number | undefined;
  /** Its class; `undefined` for a drawing. */
  readonly label: number | undefined;
  /** `[H, W, C]`, float32 in [0, 1] */
  readonly image: Float32Array;
}

/**
 * An image of the test set.
 * @throws RangeError where there is none of that number.
 */
export async function testPicture({ id }: OpenRun, index: number): Promise<Picture> {
  const { count, labels } = await lab.testSet(id);
  if (index >= count) {
    throw new RangeError(
      `Cannot show test image "${index}": it must be a whole number from 0 to ${count - 1}.`,
    );
  }
  const bytes = await lab.testImageBytes(id, [index]);
  return { index, label: labels[index], image: Float32Array.from(bytes, (byte) => byte / 255) };
}

/** The image at hand; while nobody has drawn or picked one, the first of the test set. */
export function usePictureAtHand(run: OpenRun): Answer<Picture> {
  const at = specimen.value;
  const pixels = run.imageShape.reduce((size, length) => size * length, 1);
  const isThere = at.kind !== 'none' && at.image.length === pixels;
  const first = useAnswer(isThere ? undefined : () => testPicture(run, 0), [isThere, run.id]);
  if (!isThere) return first;
  return {
    value: at.kind === 'test' ? at : { index: undefined, label: undefined, image: at.image },
  };
}
