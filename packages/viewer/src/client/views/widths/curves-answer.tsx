import { psnr } from '@narrows/shared';
import { formatCount, formatDecibels, formatMse, formatPercent } from '../../i18n/number-format.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { answerSentences } from './curve-words.ts';
import type { CurvePoint, CurveSet } from './width-curves.ts';
import { widestWithin } from './width-families.ts';
import { familyName, widthsMessages } from './widths-messages.ts';

export interface CurvesAnswerProps {
  readonly set: CurveSet;
  readonly width: number;
  /** Numbers that an image has. */
  readonly pixels: number;
}

/** What the curves say to the view's question, in words and in numbers. */
export function CurvesAnswer({ set, width, pixels }: CurvesAnswerProps) {
  const words = widthsMessages();
  const { here, narrowest } = answerSentences(set, { width, pixels });
  return (
    <section class="panel widths-answer" aria-labelledby="widths-answer-title">
      <h2 id="widths-answer-title">{words.answerTitle}</h2>
      {here !== undefined && <p>{here}</p>}
      <p>{narrowest}</p>
      <ValuesHere set={set} width={width} />
      <details>
        <summary>{words.allValues}</summary>
        <AllValues set={set} />
      </details>
    </section>
  );
}

/** The values where the slider stands. */
function ValuesHere({ set, width }: Omit<CurvesAnswerProps, 'pixels'>) {
  const words = widthsMessages();
  const title = words.tableHere(formatCount(width));
  const heads = [words.measuredAt, words.accuracy, words.spread, words.mse, words.psnr, words.within];
  return (
    <ScrollRegion label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.codec}</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {set.curves.map(({ form, style, points, threshold }) => (
            <tr key={form}>
              <th scope="row">
                <CodecName style={style} title={familyName(form)} />
              </th>
              {pointTexts(widestWithin(points, width)).map((text, i) => (
                <td key={heads[i]} class="number">
                  {text}
                </td>
              ))}
              <td class="number">{threshold === undefined ? words.none : formatCount(threshold)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Width, accuracy, its spread over the seeds, MSE and PSNR. */
function pointTexts(point: CurvePoint | undefined): string[] {
  const { none } = widthsMessages();
  if (point === undefined) return [none, none, none, none, none];
  const { width, accuracy, mse, trials } = point;
  return [
    formatCount(width),
    formatPercent(accuracy.mean, 1),
    trials < 2 ? none : `${formatPercent(accuracy.min, 1)} – ${formatPercent(accuracy.max, 1)}`,
    formatMse(mse.mean),
    formatDecibels(psnr(mse.mean)),
  ];
}

/** What the charts show, in numbers. */
function AllValues({ set: { curves } }: { set: CurveSet }) {
  const words = widthsMessages();
  const widths = [...new Set(curves.flatMap(({ points }) => points.map(({ width }) => width)))];
  return (
    <ScrollRegion label={words.allValues}>
      <table>
        <caption>{words.allValuesCaption}</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              {words.chartAxis}
            </th>
            {curves.map(({ form, style }) => (
              <th key={form} scope="col" class="number">
                <CodecName style={style} title={familyName(form)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {widths
            .toSorted((a, b) => a - b)
            .map((width) => (
              <tr key={width}>
                <th scope="row" class="number">
                  {formatCount(width)}
                </th>
                {curves.map(({ form, points }) => {
                  const point = points.find((one) => one.width === width);
                  return (
                    <td key={form} class="number">
                      {point === undefined
                        ? words.none
                        : `${formatMse(point.mse.mean)} · ${formatPercent(point.accuracy.mean, 1)}`}
                    </td>
                  );
                })}
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
