import { valuesPerImage } from '../../images/image-shape.ts';
import { loadTestImage } from '../../state/load-test-image.ts';
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

/** The image at hand; while nobody has drawn or picked one, the first of the test set. */
export function usePictureAtHand(run: OpenRun): Answer<Picture> {
  const at = specimen.value;
  const pixels = valuesPerImage(run);
  const isThere = at.kind !== 'none' && at.image.length === pixels;
  const first = useAnswer(isThere ? undefined : () => loadTestImage(run, 0), [isThere, run.id]);
  if (!isThere) return first;
  return {
    value: at.kind === 'test' ? at : { index: undefined, label: undefined, image: at.image },
  };
}
