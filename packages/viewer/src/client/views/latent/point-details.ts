import { lab } from '../../lab.ts';
import { loadTestImage, type TestImage } from '../../state/load-test-image.ts';
import type { OpenRun } from '../../state/run.ts';
import type { ModelKey } from '../../worker/lab-api.ts';

/** A test image with what a codec makes of it and what the trainer measured. */
export interface PointDetails {
  /** The space that it was looked up in. */
  readonly of: string;
  readonly picture: TestImage;
  /** By the codec whose space it is, if it is one's. */
  readonly reconstruction: Float32Array | undefined;
  readonly mse: number | undefined;
  /** The classifier's answers, if there is one: class and probability. */
  readonly onOriginal: readonly [number, number] | undefined;
  readonly onRebuilt: readonly [number, number] | undefined;
}

/**
 * Looks up a test image.
 *
 * @param options.of the codec whose space is mapped, or `pixels`
 * @param options.codec the same, once it can be run
 * @param options.classifier id of the one that judges
 * @throws RangeError where there is no test image of that number.
 */
export async function pointDetails(
  run: OpenRun,
  {
    index,
    of,
    codec,
    classifier,
  }: { index: number; of: string; codec: ModelKey | undefined; classifier: string | undefined },
): Promise<PointDetails> {
  const [picture, figures] = await Promise.all([loadTestImage(run, index), lab.figures(run.id)]);
  const answerOn = (on: string): readonly [number, number] | undefined => {
    const key = `${classifier}/${on}`;
    if (!Object.hasOwn(figures.predicted, key)) return undefined;
    return [figures.predicted[key][index], figures.probability[key][index]];
  };
  return {
    of,
    picture,
    reconstruction: codec === undefined ? undefined : await lab.reconstruct(codec, picture.image),
    mse: of === 'pixels' ? undefined : figures.mse[of][index],
    onOriginal: answerOn('original'),
    onRebuilt: answerOn(of),
  };
}

/** What of these details holds in another space: what a codec made of the image is not another's. */
export function detailsIn(of: string, details: PointDetails): PointDetails {
  if (details.of === of) return details;
  return { ...details, reconstruction: undefined, mse: undefined, onRebuilt: undefined };
}
