import { useMemo } from 'preact/hooks';
import { wilsonInterval } from '@narrows/shared';
import { formatCount, formatFixed, formatPercent } from '../../i18n/number-format.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { breakingPoint, compareBreakingPoints, type BreakingPoint } from './breaking-point.ts';
import { BreakChart, type BreakCurve } from './break-chart.tsx';
import type { TrialResult } from './break-trial.ts';
import type { TrialKind } from './dials.ts';
import { dialWords, robustnessMessages } from './robustness-messages.ts';

export interface BreakResultsProps {
  readonly kind: TrialKind;
  readonly strengths: readonly number[];
  /** Codecs with their results, and one without style for no codec. */
  readonly tried: readonly (Omit<BreakCurve, 'accuracies'> & { readonly result: TrialResult })[];
  /** Accuracy below which the classifier counts as broken. */
  readonly limit: number;
  /** The limit in words: “90 %” or “half”. */
  readonly limitText: string;
  /** Images of the whole test set. */
  readonly testCount: number;
}

/** Which codec breaks the classifier first: in words, as a chart, and as a table. */
export function BreakResults({ kind, strengths, tried, limit, limitText, testCount }: BreakResultsProps) {
  const words = robustnessMessages();
  const curves = useMemo(
    () =>
      tried.map(({ title, style, result }) => ({
        title,
        style,
        accuracies: result.right.map((right) => right / result.images),
      })),
    [tried],
  );
  const order = curves
    .map((curve) => ({ ...curve, point: breakingPoint(strengths, curve.accuracies, limit) }))
    .toSorted((a, b) => compareBreakingPoints(a.point, b.point));
  const { images } = tried[0].result;
  const { low, high } = wilsonInterval(Math.round(limit * images), images);
  const strengthText = dialWords()[kind].value;
  return (
    <>
      <p class="robustness-answer">{answer()}</p>
      <div class="robustness-results">
        <BreakChart {...{ kind, strengths, curves, limit }} />
        <div class="stack">
          <h3>{words.order}</h3>
          <ol class="robustness-order">
            {order.map(({ title, style, point }) => (
              <li key={title}>
                <Name title={title} style={style} /> <span class="quiet">{pointText(point)}</span>
              </li>
            ))}
          </ol>
          <p class="small quiet">
            {words.sample(
              formatCount(images),
              formatCount(testCount),
              formatPercent(limit, 0),
              formatFixed(50 * (high - low), 1),
            )}
          </p>
        </div>
      </div>
      <details>
        <summary>{words.table}</summary>
        <ScrollRegion label={words.table}>
          <table>
            <caption>{words.tableCaption(words.kinds[kind])}</caption>
            <thead>
              <tr>
                <th scope="col">{words.codec}</th>
                {strengths.map((strength) => (
                  <th key={strength} scope="col" class="number">
                    {strengthText(strength)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {tried.map(({ title, style, result }) => (
                <tr key={title}>
                  <th scope="row">
                    <Name title={title} style={style} />
                  </th>
                  {result.right.map((right, i) => (
                    <td key={strengths[i]} class="number">
                      {shareText(right, result.images)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </>
  );

  function pointText(point: BreakingPoint): string {
    switch (point.kind) {
      case 'from-start':
        return words.fromStart;
      case 'at':
        return words.at(approximate(point.at), strengthText(point.holds), strengthText(point.breaks));
      case 'never':
        return words.never(strengthText(strengths.at(-1)!));
    }
  }

  /** A strength between two that were tried is known to no more than a digit beyond theirs. */
  function approximate(strength: number): string {
    return strengthText(
      kind === 'rotation' ? Math.round(strength) : Number(strength.toFixed(kind === 'noise' ? 2 : 1)),
    );
  }

  function answer(): string {
    const codecs = order.filter(({ style }) => style !== undefined);
    const lost = codecs.filter(({ point }) => point.kind === 'from-start');
    const first = codecs.find(({ point }) => point.kind === 'at');
    return [
      ...(lost.length === 0
        ? []
        : [words.firstFromStart(lost.map(({ title }) => title).join(', '), limitText, lost.length === 1)]),
      ...(first?.point.kind === 'at'
        ? [
            words.first(
              first.title,
              words.kinds[kind],
              approximate(first.point.at),
              limitText,
              lost.length > 0,
            ),
          ]
        : []),
      ...(lost.length === 0 && first === undefined
        ? [words.noneBreaks(limitText, strengthText(strengths.at(-1)!))]
        : []),
    ]
      .join(' ')
      .replace(/^./u, (letter) => letter.toUpperCase());
  }
}

function Name({ title, style }: Pick<BreakCurve, 'title' | 'style'>) {
  return style === undefined ? <span>{title}</span> : <CodecName style={style} title={title} />;
}

/** “87.0 % (81.6–91.0)” */
function shareText(right: number, images: number): string {
  const { low, high } = wilsonInterval(right, images);
  return `${formatPercent(right / images, 1)} (${formatFixed(100 * low, 1)}–${formatFixed(100 * high, 1)})`;
}
