import { useCallback } from 'preact/hooks';
import type { RunEpoch, SeriesStyle } from '@narrows/shared';
import { language } from '../../i18n/language.ts';
import { formatSignificant, formatTick } from '../../i18n/number-format.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import { CodecName } from '../../parts/codec-name.tsx';
import { logTicks, wholeTicks } from './ticks.ts';
import { trainingMessages } from './training-messages.ts';

/** The losses of one model by epoch. */
export interface LossSeries {
  readonly id: string;
  readonly title: string;
  readonly style: SeriesStyle;
  readonly epochs: readonly Pick<RunEpoch, 'epoch' | 'trainLoss' | 'validationLoss'>[];
  /** The epoch under way: how far, from 0 to 1, and the mean loss so far. */
  readonly current?: { readonly epoch: number; readonly fraction: number; readonly loss: number } | undefined;
}

export interface LossChartProps {
  /** Such as `Codecs`. */
  readonly kind: string;
  readonly meaning: string;
  /** With at least one loss among them. */
  readonly series: readonly LossSeries[];
  /** Epochs that the axis has room for. */
  readonly plannedEpochs: number;
}

interface Point {
  readonly epoch: number;
  readonly loss: number;
  readonly series: LossSeries;
}

/** Loss by epoch of some models in one chart, the loss logarithmic unless one is 0 or less. */
export function LossChart({ kind, meaning, series, plannedEpochs }: LossChartProps) {
  const words = trainingMessages();
  const train = series.flatMap(trainPoints);
  const validation = series.flatMap(validationPoints);
  const draw = useCallback<ChartProps['draw']>(
    (Plot, width) => {
      const losses = [...train, ...validation, ...series.flatMap(currentPoint)].map(({ loss }) => loss);
      const isLogarithmic = losses.every((loss) => loss > 0);
      const domain = [Math.min(...losses) / 1.2, Math.max(...losses) * 1.2] as const;
      const colour = ({ series: { style } }: Point): string => style.colour;
      const at = { x: 'epoch', y: 'loss', z: ({ series: { id } }: Point) => id } as const;
      return {
        height: Math.round(Math.min(340, Math.max(220, width * 0.45))),
        marginLeft: 56,
        marginRight: 16,
        marginTop: 26,
        marginBottom: 40,
        x: {
          label: words.epoch,
          labelArrow: 'none',
          labelAnchor: 'center',
          domain: plannedEpochs === 1 ? [0, 2] : [1, plannedEpochs],
          ticks: plannedEpochs === 1 ? [1] : wholeTicks(plannedEpochs, width / 60),
          tickFormat: 'd',
        },
        y: {
          label: words.loss,
          labelArrow: 'none',
          grid: true,
          ...(isLogarithmic
            ? { type: 'log', domain, ticks: logTicks(...domain), tickFormat: formatTick }
            : { nice: true, ticks: 5, tickFormat: formatTick }),
        },
        symbol: { type: 'identity' },
        marks: [
          Plot.lineY(validation, { ...at, stroke: colour, strokeWidth: 1.5, strokeDasharray: '4 3' }),
          Plot.lineY(train, { ...at, stroke: colour, strokeWidth: 2 }),
          // Where a line would be too short to see, and at the end of each.
          Plot.dot(train.filter(isLast), {
            ...at,
            fill: colour,
            symbol: ({ series: { style } }: Point) => style.symbol,
            r: 5,
          }),
          Plot.dot(validation.filter(isLast), { ...at, stroke: colour, fill: 'var(--ground)', r: 3.5 }),
          Plot.dot(series.flatMap(currentPoint), { ...at, stroke: colour, strokeWidth: 1.5, r: 3.5 }),
        ],
      };
    },
    [series, plannedEpochs, language.value],
  );
  const ends = train
    .filter(isLast)
    .map((point) => `${point.series.title} ${formatSignificant(point.loss, 3)}`);
  return (
    <figure class="results-figure">
      <figcaption class="stack">
        <span>
          <b>{kind}.</b>{' '}
          <span class="quiet">
            {meaning} {words.solid} {validation.length > 0 && words.dashed}
          </span>
        </span>
        <span class="results-legend">
          {series.map(({ id, title, style }) => (
            <CodecName key={id} style={style} title={title} />
          ))}
        </span>
      </figcaption>
      <Chart label={words.chart(kind, ends.join(', '))} draw={draw} />
    </figure>
  );
}

function trainPoints(series: LossSeries): readonly Point[] {
  return series.epochs.map(({ epoch, trainLoss }) => ({ epoch, loss: trainLoss, series }));
}

function validationPoints(series: LossSeries): readonly Point[] {
  return series.epochs.flatMap(({ epoch, validationLoss }) =>
    validationLoss === undefined ? [] : [{ epoch, loss: validationLoss, series }],
  );
}

/** The epoch under way, where it has come to between the last and the next. */
function currentPoint(series: LossSeries): readonly Point[] {
  if (series.current === undefined) return [];
  const { epoch, fraction, loss } = series.current;
  // The axis begins with the end of the first epoch.
  return [{ epoch: Math.max(1, epoch - 1 + fraction), loss, series }];
}

function isLast({ epoch, series }: Point): boolean {
  return epoch === series.epochs.at(-1)?.epoch;
}
