/** A cell of a confusion matrix. */
export interface ConfusionCell {
  readonly label: number;
  readonly answer: number;
}

/** A cell as it stands in an address: `3-5` for a 3 that was taken for a 5. */
export function cellText({ label, answer }: ConfusionCell): string {
  return `${label}-${answer}`;
}

/** The cell that a text names; `undefined` where it names none of a matrix of so many classes. */
export function parseCell(text: string | null, classCount: number): ConfusionCell | undefined {
  const match = /^(\d+)-(\d+)$/.exec(text ?? '');
  if (match === null) return undefined;
  const [label, answer] = [Number(match[1]), Number(match[2])];
  return label < classCount && answer < classCount ? { label, answer } : undefined;
}

/** The mistake that is made most often; `undefined` where none is made. */
export function mostFrequentMistake(confusion: readonly (readonly number[])[]): ConfusionCell | undefined {
  let most: (ConfusionCell & { count: number }) | undefined;
  confusion.forEach((row, label) => {
    row.forEach((count, answer) => {
      if (label !== answer && count > (most?.count ?? 0)) most = { label, answer, count };
    });
  });
  return most && { label: most.label, answer: most.answer };
}

/**
 * The test images of a cell, the surest answers first.
 *
 * @param answers.labels, answers.predicted, answers.probability of every test image, as `Figures` has them
 */
export function imagesOfCell(
  { label, answer }: ConfusionCell,
  answers: { labels: Uint8Array; predicted: Uint8Array; probability: Float32Array },
): readonly number[] {
  const { labels, predicted, probability } = answers;
  const found: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] === label && predicted[i] === answer) found.push(i);
  return found.sort((a, b) => probability[b] - probability[a]);
}
