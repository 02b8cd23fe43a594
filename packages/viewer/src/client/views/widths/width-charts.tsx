import { formatCount } from '../../i18n/number-format.ts';
import { CodecName } from '../../parts/codec-name.tsx';
import type { OpenRun } from '../../state/run.ts';
import { WidthChart } from './width-chart.tsx';
import type { CurveSet, WidthCurve } from './width-curves.ts';
import { familyName, widthsMessages } from './widths-messages.ts';

export interface WidthChartsProps {
  readonly run: OpenRun;
  readonly set: CurveSet;
  /** The run's own points, where the curves are a sweep's. */
  readonly own: readonly WidthCurve[];
  /** Name of the sweep whose curves they are; `undefined` for those of the run. */
  readonly sweepName: string | undefined;
  readonly width: number;
  readonly widest: number;
  readonly onWidth: (width: number) => void;
}

/** Accuracy and error over the width, for the whole test set, with a marker where the slider stands. */
export function WidthCharts({ run, set, own, sweepName, width, widest, onWidth }: WidthChartsProps) {
  const words = widthsMessages();
  const end = Math.max(widest, ...[...set.curves, ...own].map(({ points }) => points.at(-1)!.width));
  const chart = { curves: set.curves, own, originals: set.originals, widest: end, width, onWidth };
  const images = formatCount(set.images);
  return (
    <div class="widths-charts">
      <h2>{words.curves(images)}</h2>
      <ul class="widths-legend small">
        {set.curves.map(({ form, style }) => (
          <li key={form}>
            <CodecName style={style} title={familyName(form)} />
          </li>
        ))}
        {own.length > 0 && <li class="quiet">{words.ownPoints(run.manifest.name)}</li>}
      </ul>
      <WidthChart of="accuracy" {...chart} />
      <WidthChart of="mse" {...chart} />
      <p class="small quiet">
        {sweepName === undefined ? words.runBy(run.manifest.name) : words.sweepBy(sweepName)} {words.pickHint}
      </p>
    </div>
  );
}
