import type { Figures } from '../../../worker/lab-api.ts';

/** What the trainer measured of some test images. */
export interface SelectionSummary {
  /** Images by class. */
  readonly perClass: readonly number[];
  /** Share that the classifier recognises; `undefined` without a classifier. */
  readonly originals: number | undefined;
  /** By codec, in the order asked for. */
  readonly codecs: readonly {
    readonly id: string;
    /** Mean over the images of their mean squared error. */
    readonly mse: number;
    /** Share of the reconstructions that the classifier recognises; `undefined` without a classifier. */
    readonly recognised: number | undefined;
  }[];
}

/**
 * Sums up test images.
 *
 * @param indices of the images, at least one
 * @param options.labels of the whole test set
 * @param options.classifier id of the one that judges
 * @param options.codecs ids
 */
export function summariseSelection(
  indices: readonly number[],
  {
    labels,
    classCount,
    figures,
    classifier,
    codecs,
  }: {
    labels: Uint8Array;
    classCount: number;
    figures: Figures;
    classifier: string | undefined;
    codecs: readonly string[];
  },
): SelectionSummary {
  const perClass = Array<number>(classCount).fill(0);
  for (const i of indices) perClass[labels[i]]++;
  const recognised = (on: string): number | undefined => {
    if (classifier === undefined) return undefined;
    const predicted = figures.predicted[`${classifier}/${on}`];
    return indices.filter((i) => predicted[i] === labels[i]).length / indices.length;
  };
  return {
    perClass,
    originals: recognised('original'),
    codecs: codecs.map((id) => ({
      id,
      mse: indices.reduce((sum, i) => sum + figures.mse[id][i], 0) / indices.length,
      recognised: recognised(id),
    })),
  };
}

/**
 * Images to show of a selection: first those that the classifier recognises and then no longer as reconstructions, then
 * others, evenly taken, for at least a third of the places.
 *
 * @param options.judged the classifier's answers on originals and on reconstructions; `undefined` where there are none
 * @param options.count at most so many
 */
export function pickThumbnails(
  indices: readonly number[],
  {
    labels,
    judged,
    count,
  }: {
    labels: Uint8Array;
    judged: { readonly originals: Uint8Array; readonly rebuilt: Uint8Array } | undefined;
    count: number;
  },
): { readonly index: number; readonly isLost: boolean }[] {
  const isLost = (i: number): boolean =>
    judged?.originals[i] === labels[i] && judged.rebuilt[i] !== labels[i];
  // A third is left to the others, so that both are to be seen.
  const lost = indices.filter(isLost).slice(0, Math.ceil((2 * count) / 3));
  const others = indices.filter((i) => !isLost(i));
  const wanted = Math.min(others.length, count - lost.length);
  return [
    ...lost.map((index) => ({ index, isLost: true })),
    ...Array.from({ length: wanted }, (_, k) => ({
      index: others[Math.floor((k * others.length) / wanted)],
      isLost: false,
    })),
  ];
}
