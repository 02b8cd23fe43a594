import { accuracyOf, type Accuracy } from '../accuracy-interval.ts';
import type { EvaluatedClassifier, EvaluatedCodec, ReportData } from '../report-data.ts';

/** How well a classifier recognises one source of images. */
export interface AccuracyRow {
  /** `original`, or a codec's id. */
  readonly on: string;
  readonly codec: EvaluatedCodec | undefined;
  readonly accuracy: Accuracy;
}

/** Originals first, then codecs, the best first. */
export function accuracyRows({ codecs }: ReportData, { answers }: EvaluatedClassifier): AccuracyRow[] {
  return answers
    .map((entry) => ({
      on: entry.on,
      codec: codecs.find(({ id }) => id === entry.on),
      accuracy: accuracyOf(entry),
    }))
    .sort(
      (a, b) =>
        Number(b.codec === undefined) - Number(a.codec === undefined) || b.accuracy.value - a.accuracy.value,
    );
}

/** A source as charts call it. */
export const nameOf = ({ on }: { on: string }): string => (on === 'original' ? 'originals' : on);
/** Originals are of the text's colour. */
export const colourOf = ({ codec }: AccuracyRow): string => codec?.style.colour ?? 'currentColor';
export const asPercent = (fraction: number): number => 100 * fraction;

/** An axis for all intervals, in %: from zero where that is not far, else from where they begin. */
export function accuracyDomain(rows: readonly AccuracyRow[]): [number, number] {
  const low = Math.min(...rows.map(({ accuracy }) => accuracy.low));
  const high = Math.max(...rows.map(({ accuracy }) => accuracy.high));
  const room = 0.04 * Math.max(high - low, 0.002);
  return [low < high / 2 ? 0 : asPercent(low - room), asPercent(Math.min(1, high + room))];
}
