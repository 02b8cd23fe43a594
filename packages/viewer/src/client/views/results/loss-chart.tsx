import { useCallback } from 'preact/hooks';
import type { RunEpoch, SeriesStyle } from '@narrows/shared';
import { language } from '../../i18n/language.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import { CodecName } from '../../parts/codec-name.tsx';
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
      const isLogarithmic = [...train, ...validation].every(({ loss }) => loss > 0);
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
          nice: true,
          ...(isLogarithmic ? { type: 'log', tickFormat: '~g', ticks: 6 } : { ticks: 5 }),
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
  const ends = train.filter(isLast).map((point) => `${point.series.title} ${point.loss.toPrecision(3)}`);
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

/** Whole epochs to mark, the first among them, so many at most. */
export function wholeTicks(epochs: number, most: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => epochs / size <= most) ?? 1000;
  const ticks = Array.from({ length: Math.floor(epochs / step) }, (_, i) => (i + 1) * step);
  return step === 1 ? ticks : [1, ...ticks];
}
