/**
 * The classes with the smallest and with the largest error, averaged over codecs.
 *
 * @param errors by codec, by class; `undefined` for a class without test images, which all codecs have the same
 * @returns the easiest and the hardest class, by number
 */
export function extremeClasses(
  errors: readonly (readonly (number | undefined)[])[],
): readonly [number, number] {
  const sums = errors[0].flatMap((first, label) =>
    first === undefined ? [] : [{ label, sum: errors.reduce((sum, ofCodec) => sum + ofCodec[label]!, 0) }],
  );
  const ordered = sums.toSorted((a, b) => a.sum - b.sum);
  return [ordered[0].label, ordered.at(-1)!.label];
}
