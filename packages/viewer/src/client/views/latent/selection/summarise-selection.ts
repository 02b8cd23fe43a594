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
    const predicted = classifier === undefined ? undefined : figures.predicted[`${classifier}/${on}`];
    return predicted && indices.filter((i) => predicted[i] === labels[i]).length / indices.length;
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
 * others, evenly taken.
 *
 * @param on the codec
 * @returns at most `count` indices
 */
export function pickThumbnails(
  indices: readonly number[],
  {
    labels,
    figures,
    classifier,
    on,
    count,
  }: {
    labels: Uint8Array;
    figures: Figures;
    classifier: string | undefined;
    on: string;
    count: number;
  },
): { readonly index: number; readonly isLost: boolean }[] {
  const original = figures.predicted[`${classifier}/original`];
  const rebuilt = figures.predicted[`${classifier}/${on}`];
  const isLost = (i: number): boolean => original?.[i] === labels[i] && rebuilt !== undefined && rebuilt[i] !== labels[i];
  const lost = indices.filter(isLost).slice(0, count);
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
