import type { PerImageFigures } from './per-image-figures.ts';

/** How many images each reason may add at most, so that the pictures stay few however many models there are. */
const limits = { classes: 64, extremes: 80, flips: 48, mistakes: 12 };
/** How many of a codec's best, median and worst images are wanted. */
const extremesOfEach = 4;
const flipsOfEach = 8;
const mistakesOfEach = 10;

/**
 * Chooses the test images to show, without repeats:
 *
 * 1. the first of each class;
 * 2. for each codec the 4 of least error, the 4 about the median and the 4 of most;
 * 3. for each classifier on each codec the first 8 that it gets right as they are and wrong as the codec gives them back;
 * 4. for each classifier the first 10 that it gets wrong as they are.
 *
 * The reasons add at most 64, 80, 48 and 12 images: 150 with ten classes. Where models are too many for that they take
 * turns, each with its foremost image first. Of equal errors the image of the lower index comes first.
 *
 * @returns indices into the test set, in this order
 */
export function chooseSamples({ labels, codecs, classifications }: PerImageFigures): number[] {
  const chosen = new Set<number>();
  const add = (lists: readonly (readonly number[])[], limit: number): void => {
    const end = chosen.size + limit;
    const longest = Math.max(0, ...lists.map((list) => list.length));
    for (let rank = 0; rank < longest; rank++) {
      for (const list of lists) if (rank < list.length && chosen.size < end) chosen.add(list[rank]);
    }
  };
  add([firstOfEachClass(labels)], limits.classes);
  add(
    codecs.flatMap(({ mse }) => extremes(mse)),
    limits.extremes,
  );
  const onOriginals = new Map(
    classifications
      .filter(({ on }) => on === 'original')
      .map(({ classifier, predicted }) => [classifier, predicted]),
  );
  const flips = classifications
    .filter(({ on }) => on !== 'original')
    .map(({ classifier, predicted }) => {
      const before = onOriginals.get(classifier)!;
      return first(
        flipsOfEach,
        labels,
        (label, image) => before[image] === label && predicted[image] !== label,
      );
    });
  add(flips, limits.flips);
  const mistakes = [...onOriginals.values()].map((predicted) =>
    first(mistakesOfEach, labels, (label, image) => predicted[image] !== label),
  );
  add(mistakes, limits.mistakes);
  return [...chosen];
}

function firstOfEachClass(labels: Uint8Array): number[] {
  const found = new Map<number, number>();
  labels.forEach((label, image) => {
    if (!found.has(label)) found.set(label, image);
  });
  return [...found].sort(([a], [b]) => a - b).map(([, image]) => image);
}

/** The best, median and worst images of a codec: best first, median in ascending order, worst first. */
function extremes(mse: Float32Array): number[][] {
  const images = [...mse.keys()];
  // Sorting is stable, so equal errors keep the images' order.
  const ascending = images.toSorted((a, b) => mse[a] - mse[b]);
  const descending = images.toSorted((a, b) => mse[b] - mse[a]);
  const middle = Math.max(0, Math.floor((images.length - extremesOfEach) / 2));
  return [
    ascending.slice(0, extremesOfEach),
    ascending.slice(middle, middle + extremesOfEach),
    descending.slice(0, extremesOfEach),
  ];
}

function first(count: number, labels: Uint8Array, fits: (label: number, image: number) => boolean): number[] {
  const found: number[] = [];
  for (let image = 0; image < labels.length && found.length < count; image++) {
    if (fits(labels[image], image)) found.push(image);
  }
  return found;
}
