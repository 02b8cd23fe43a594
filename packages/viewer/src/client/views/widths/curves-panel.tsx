import { useMemo } from 'preact/hooks';
import { psnr, type SweepResult } from '@narrows/shared';
import { formatCount, formatDecibels, formatMse, formatPercent } from '../../i18n/number-format.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import { Notice } from '../../parts/notice.tsx';
import type { OpenRun } from '../../state/run.ts';
import { answerSentences } from './curve-words.ts';
import { WidthChart } from './width-chart.tsx';
import { runCurves, sweepCurves, type CurveSet, type WidthCurve } from './width-curves.ts';
import { widestWithin } from './width-families.ts';
import { familyName, widthsMessages } from './widths-messages.ts';

export interface CurvesPanelProps {
  readonly run: OpenRun;
  /** `undefined` where there is none on these images. */
  readonly sweep: SweepResult | undefined;
  readonly error: string | undefined;
  readonly width: number;
  readonly widest: number;
  readonly pixels: number;
  readonly onWidth: (width: number) => void;
}

/** What the whole test set says of each width: the answer in words, two charts, and the values. */
export function CurvesPanel({ run, sweep, error, width, widest, pixels, onWidth }: CurvesPanelProps) {
  const words = widthsMessages();
  const { set, own } = useMemo(() => {
    const swept = sweep === undefined ? undefined : sweepCurves(sweep);
    const ofRun = runCurves(run, swept?.curves ?? []);
    return { set: swept ?? ofRun, own: swept === undefined ? noCurves : (ofRun?.curves ?? noCurves) };
  }, [run, sweep]);
  return (
    <section class="panel widths-curves" aria-labelledby="widths-curves-title">
      <h2 id="widths-curves-title">{words.curves}</h2>
      {error !== undefined && <Notice tone="error">{error}</Notice>}
      {set === undefined || set.curves.length === 0 ? (
        <p>{words.noCurves}</p>
      ) : (
        <Curves {...{ set, own, run, sweep, width, widest, pixels, onWidth }} />
      )}
    </section>
  );
}

const noCurves: readonly WidthCurve[] = [];

function Curves({
  set,
  own,
  run,
  sweep,
  width,
  widest,
  pixels,
  onWidth,
}: Omit<CurvesPanelProps, 'error'> & { readonly set: CurveSet; readonly own: readonly WidthCurve[] }) {
  const words = widthsMessages();
  const { here, narrowest } = answerSentences(set, { width, pixels });
  const end = Math.max(widest, ...[...set.curves, ...own].flatMap(({ points }) => points.at(-1)!.width));
  const chart = { curves: set.curves, own, originals: set.originals, widest: end, width, onWidth };
  return (
    <>
      <p class="widths-answer">
        {here} {narrowest}
      </p>
      <ul class="widths-legend small">
        {set.curves.map(({ form, style }) => (
          <li key={form}>
            <CodecName style={style} title={familyName(form)} />
          </li>
        ))}
        {own.length > 0 && <li class="quiet">{words.ownPoints(run.manifest.name)}</li>}
      </ul>
      <div class="widths-charts">
        <WidthChart of="accuracy" {...chart} />
        <WidthChart of="mse" {...chart} />
      </div>
      <p class="small quiet">
        {sweep === undefined
          ? words.runBy(formatCount(set.images), run.manifest.name)
          : words.sweepBy(formatCount(set.images), sweep.name)}{' '}
        {words.pickHint}
      </p>
      <Here set={set} width={width} />
      <details>
        <summary>{words.allValues}</summary>
        <AllValues set={set} />
      </details>
    </>
  );
}

/** The values where the slider stands. */
function Here({ set, width }: { set: CurveSet; width: number }) {
  const words = widthsMessages();
  return (
    <div class="scroll" role="region" aria-label={words.tableHere} tabIndex={0}>
      <table>
        <caption>{words.tableHere}</caption>
        <thead>
          <tr>
            <th scope="col">{words.codec}</th>
            <th scope="col" class="number">
              {words.measuredAt}
            </th>
            <th scope="col" class="number">
              {words.accuracy}
            </th>
            <th scope="col" class="number">
              {words.spread}
            </th>
            <th scope="col" class="number">
              {words.mse}
            </th>
            <th scope="col" class="number">
              {words.psnr}
            </th>
            <th scope="col" class="number">
              {words.within}
            </th>
          </tr>
        </thead>
        <tbody>
          {set.curves.map(({ form, style, points, threshold }) => {
            const point = widestWithin(points, width);
            return (
              <tr key={form}>
                <th scope="row">
                  <CodecName style={style} title={familyName(form)} />
                </th>
                <td class="number">{point === undefined ? words.none : formatCount(point.width)}</td>
                <td class="number">
                  {point === undefined ? words.none : formatPercent(point.accuracy.mean, 1)}
                </td>
                <td class="number">
                  {point === undefined || point.trials < 2
                    ? words.none
                    : `${formatPercent(point.accuracy.min, 1)} – ${formatPercent(point.accuracy.max, 1)}`}
                </td>
                <td class="number">{point === undefined ? words.none : formatMse(point.mse.mean)}</td>
                <td class="number">
                  {point === undefined ? words.none : formatDecibels(psnr(point.mse.mean))}
                </td>
                <td class="number">{threshold === undefined ? words.none : formatCount(threshold)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What the charts show, in numbers. */
function AllValues({ set: { curves } }: { set: CurveSet }) {
  const words = widthsMessages();
  const widths = [...new Set(curves.flatMap(({ points }) => points.map(({ width }) => width)))].sort(
    (a, b) => a - b,
  );
  return (
    <div class="scroll" role="region" aria-label={words.allValues} tabIndex={0}>
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
          {widths.map((width) => (
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
    </div>
  );
}
