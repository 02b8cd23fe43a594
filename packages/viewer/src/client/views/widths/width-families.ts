/** Codecs that differ in nothing but the width of their bottleneck, such as `basic-1-linear` to `basic-128-linear`. */
export interface WidthFamily {
  /** The form of their ids with `L` for the width, as sweeps name families: `basic-L-linear`. */
  readonly form: string;
  /** Narrowest first. */
  readonly codecs: readonly { readonly width: number; readonly id: string }[];
}

/** A family that the slider moves needs at least so many widths. */
export const fewestWidths = 3;

/**
 * Groups codecs by the form of their ids, in the order in which the forms first come. An id without a number, such as
 * `cnn`, is of no family.
 */
export function widthFamilies(ids: readonly string[]): WidthFamily[] {
  const families = new Map<string, { width: number; id: string }[]>();
  for (const id of ids) {
    const words = id.split('-');
    const at = words.findIndex((word) => /^\d+$/.test(word));
    if (at === -1) continue;
    const form = words.with(at, 'L').join('-');
    families.set(form, [...(families.get(form) ?? []), { width: Number(words[at]), id }]);
  }
  return [...families].map(([form, codecs]) => ({
    form,
    codecs: codecs.toSorted((a, b) => a.width - b.width),
  }));
}

/** The families of autoencoders among a run's models, those of the most widths first. */
export function autoencoderFamilies(modelIds: readonly string[]): WidthFamily[] {
  return widthFamilies(modelIds.filter((id) => !/^(pca|cnn)(-|$)/.test(id))).toSorted(
    (a, b) => b.codecs.length - a.codecs.length,
  );
}

/** Whether a run of these models can show what narrowing does: a PCA, and an autoencoder of `fewestWidths` or more. */
export function hasWidths(modelIds: readonly string[]): boolean {
  return (
    modelIds.some((id) => id.startsWith('pca-')) &&
    autoencoderFamilies(modelIds).some(({ codecs }) => codecs.length >= fewestWidths)
  );
}

/** The last of these that is no wider than `width`; they ascend. `undefined` where even the first is wider. */
export function widestWithin<Item extends { readonly width: number }>(
  items: readonly Item[],
  width: number,
): Item | undefined {
  return items.findLast((item) => item.width <= width);
}
