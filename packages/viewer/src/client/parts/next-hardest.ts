import type { Figures } from '../worker/lab-api.ts';

/** So many of the hardest images are gone through before the first comes again. */
const hardestCount = 50;

/** Where hard images are looked for. */
export interface HardestSearch {
  /** Class of each test image. */
  readonly labels: Uint8Array;
  readonly figures: Pick<Figures, 'mse' | 'predicted'>;
  /** Ids of the run's codecs. */
  readonly codecs: readonly string[];
  /** Id of the classifier that judges, where there is one. */
  readonly classifier: string | undefined;
  /** The class that images must be of; `undefined` for any. */
  readonly label: number | undefined;
  /** The image after which the next is wanted; the first one where it is not among the hardest. */
  readonly after: number | undefined;
}

/**
 * The next of the hardest images: those of which the fewest codecs' reconstructions are recognised, and among these the
 * ones with the largest error.
 * @returns `undefined` where there is no image of the class
 */
export function nextHardest(search: HardestSearch): number | undefined {
  const { labels, figures, codecs, classifier, label, after } = search;
  const { predicted, mse } = figures;
  const difficulty = (i: number): number =>
    codecs.reduce((sum, id) => {
      const isMistaken = classifier !== undefined && predicted[`${classifier}/${id}`][i] !== labels[i];
      return sum + (isMistaken ? 1 : 0) + mse[id][i];
    }, 0);
  const hardest = Array.from(labels, (_, i) => i)
    .filter((i) => label === undefined || labels[i] === label)
    .map((index) => ({ index, difficulty: difficulty(index) }))
    .sort((a, b) => b.difficulty - a.difficulty)
    .slice(0, hardestCount);
  const place = hardest.findIndex(({ index }) => index === after);
  return (hardest.at(place + 1) ?? hardest.at(0))?.index;
}
