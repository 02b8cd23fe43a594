import { formatCount, formatPercent } from '../../i18n/number-format.ts';
import type { CurveSet } from './width-curves.ts';
import { widestWithin } from './width-families.ts';
import { familyName, widthsMessages } from './widths-messages.ts';

/**
 * The view's answer in two sentences: what the classifier still recognises at a width, and how narrow each family can get.
 * Families that have no codec as narrow are left out of the first.
 * @param pixels numbers that an image has
 */
export function answerSentences(
  { curves, originals }: CurveSet,
  { width, pixels }: { width: number; pixels: number },
): { readonly here: string | undefined; readonly narrowest: string } {
  const words = widthsMessages();
  const parts = curves.flatMap(({ form, points }) => {
    const point = widestWithin(points, width);
    if (point === undefined) return [];
    const measuredAt = point.width === width ? undefined : formatCount(point.width);
    return [words.answerPart(formatPercent(point.accuracy.mean, 1), familyName(form), measuredAt)];
  });
  return {
    here:
      parts.length === 0
        ? undefined
        : words.answer(formatCount(width), formatCount(pixels), listed(parts), formatPercent(originals, 1)),
    narrowest: words.narrowest(
      curves
        .map(({ form, threshold }) =>
          threshold === undefined
            ? words.noThreshold(familyName(form))
            : words.threshold(familyName(form), formatCount(threshold)),
        )
        .join('; '),
    ),
  };
}

function listed(parts: readonly string[]): string {
  const { and } = widthsMessages();
  return parts.length < 2 ? parts.join('') : parts.slice(0, -1).join(', ') + and + parts.at(-1)!;
}
