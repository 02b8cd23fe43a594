/**
 * One test image of each class: the first at or after a place in the test set, which goes round at its end.
 *
 * @param labels of all test images
 * @param options.from index to begin at
 * @param options.most classes at most, the first ones
 * @returns indices in the order of the classes; a class without images is left out
 */
export function sampleIndices(
  labels: Uint8Array,
  { classCount, from, most }: { classCount: number; from: number; most: number },
): readonly number[] {
  const found = new Map<number, number>();
  const wanted = Math.min(classCount, most);
  for (let step = 0; step < labels.length && found.size < wanted; step++) {
    const index = (from + step) % labels.length;
    const label = labels[index];
    if (label < wanted && !found.has(label)) found.set(label, index);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, index]) => index);
}
