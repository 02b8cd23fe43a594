import { lab } from '../../../lab.ts';
import { largestIndex } from '../../../parts/probability-bars.tsx';
import { loadTestImage } from '../../../state/load-test-image.ts';
import type { OpenRun } from '../../../state/run.ts';
import type { Answer } from '../../../state/use-answer.ts';
import type { ModelKey } from '../../../worker/lab-api.ts';
import type { LoadedMap } from '../load-map.ts';
import type { Picture } from '../pictures.ts';
import { interpolate } from './interpolate.ts';

/** Images of a path that are shown side by side, both ends among them. */
export const stepCount = 11;

/** One image of a path. */
export interface PathStep {
  /** `[H, W, C]` */
  readonly image: Float32Array;
  /** The class that the classifier takes it for, and its probability; `undefined` without one. */
  readonly verdict: readonly [label: number, share: number] | undefined;
}

/** The way from one image to another. */
export interface WalkedPath {
  readonly from: Picture;
  readonly to: Picture;
  /** Whose space it leads through; `undefined` for the pixels themselves. */
  readonly codec: ModelKey | undefined;
  /** Codes of both, or their pixels where no codec is walked in. */
  readonly ends: readonly [Float32Array, Float32Array];
  readonly steps: readonly PathStep[];
  /** The same way pixel by pixel, for comparison; none where the path itself is that. */
  readonly blended: readonly PathStep[];
}

/**
 * Both ends: the test images named; else A is the image at hand, and B the first test image of another class than A. An
 * end whose number is wrong has an error instead, and takes nothing from the other.
 */
export async function pathEnds(
  run: OpenRun,
  { atHand, from, to }: { atHand: Picture; from: number | undefined; to: number | undefined },
): Promise<readonly [Answer<Picture>, Answer<Picture>]> {
  const start = from === undefined ? { value: atHand } : await answerOf(loadTestImage(run, from));
  if (to !== undefined) return [start, await answerOf(loadTestImage(run, to))];
  const { labels } = await lab.testSet(run.id);
  const other = labels.findIndex((label) => label !== (start.value?.label ?? labels[0]));
  return [start, await answerOf(loadTestImage(run, Math.max(0, other)))];
}

async function answerOf(picture: Promise<Picture>): Promise<Answer<Picture>> {
  try {
    return { value: await picture };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** @param models.codec whose space is walked in; `undefined` for the pixels themselves */
export async function walkPath(
  [from, to]: readonly [Picture, Picture],
  { codec, classifier }: { codec: ModelKey | undefined; classifier: ModelKey | undefined },
): Promise<WalkedPath> {
  const pixels = interpolate(from.image, to.image, { steps: stepCount });
  if (codec === undefined) {
    const ends = [from.image, to.image] as const;
    return { from, to, codec, ends, steps: await judge(pixels, classifier), blended: [] };
  }
  const [a, b] = await Promise.all([lab.encode(codec, from.image), lab.encode(codec, to.image)]);
  const images = await lab.decode(codec, interpolate(a, b, { steps: stepCount }));
  const [steps, blended] = await Promise.all([judge(images, classifier), judge(pixels, classifier)]);
  return { from, to, codec, ends: [a, b], steps, blended };
}

async function judge(images: Float32Array, classifier: ModelKey | undefined): Promise<PathStep[]> {
  const probabilities = classifier === undefined ? undefined : await lab.classify(classifier, images);
  const size = images.length / stepCount;
  return Array.from({ length: stepCount }, (_, i) => {
    const image = images.slice(i * size, (i + 1) * size);
    if (probabilities === undefined) return { image, verdict: undefined };
    const classes = probabilities.length / stepCount;
    const shares = probabilities.subarray(i * classes, (i + 1) * classes);
    const best = largestIndex(shares);
    return { image, verdict: [best, shares[best]] };
  });
}

/** Where the steps of a path lie on a map: each as its own image would, both ends where they are if they are on it. */
export async function placePath(
  run: OpenRun,
  map: LoadedMap,
  { from, to, steps }: WalkedPath,
): Promise<(readonly [number, number])[]> {
  const placeOf = async (image: Float32Array, index?: number): Promise<readonly [number, number]> => {
    if (index !== undefined && index < map.points) {
      return [map.coordinates[2 * index], map.coordinates[2 * index + 1]];
    }
    return (await lab.place(run.id, map.of, map.method, image)).at;
  };
  return Promise.all(
    steps.map(({ image }, i) => {
      if (i === 0) return placeOf(from.image, from.index);
      if (i === steps.length - 1) return placeOf(to.image, to.index);
      return placeOf(image);
    }),
  );
}
