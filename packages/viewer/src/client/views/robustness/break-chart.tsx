import { useCallback } from 'preact/hooks';
import type { SeriesStyle } from '@narrows/shared';
import { language } from '../../i18n/language.ts';
import { formatTick } from '../../i18n/number-format.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import type { TrialKind } from './dials.ts';
import { robustnessMessages } from './robustness-messages.ts';

/** The accuracy on one kind of images over the strength of a perturbation. */
export interface BreakCurve {
  readonly title: string;
  /** `undefined` for the images that go through no codec. */
  readonly style: SeriesStyle | undefined;
  /** In [0, 1], at each strength. */
  readonly accuracies: readonly number[];
}

export interface BreakChartProps {
  readonly kind: TrialKind;
  readonly strengths: readonly number[];
  readonly curves: readonly BreakCurve[];
  /** Accuracy below which the classifier counts as broken. */
  readonly limit: number;
}

/** Accuracy over strength, a line for each codec and a dashed one for none, with the limit drawn across. */
export function BreakChart({ kind, strengths, curves, limit }: BreakChartProps) {
  const words = robustnessMessages();
  const tongue = language.value;
  const draw = useCallback<ChartProps['draw']>(
    (Plot, place) => {
      const points = (accuracies: readonly number[]) =>
        strengths.map((strength, i) => ({ strength, percent: 100 * accuracies[i] }));
      return {
        height: Math.round(140 + 0.3 * place),
        marginLeft: 40,
        marginRight: 16,
        marginTop: 14,
        marginBottom: 42,
        symbol: { type: 'identity' },
        x: {
          label: words.axis(kind),
          labelArrow: 'none',
          labelAnchor: 'center',
          ticks: [...strengths],
          tickFormat: formatTick,
        },
        y: { domain: [0, 100], grid: true, label: null, ticks: 5 },
        marks: [
          Plot.ruleY([100 * limit], { stroke: 'var(--wrong)', strokeDasharray: '2 3' }),
          Plot.text([100 * limit], {
            y: (value: number) => value,
            text: [words.limitLine],
            // Where the lines are not: they start at the top left and end at the bottom right.
            frameAnchor: limit > 0.7 ? 'right' : 'left',
            textAnchor: limit > 0.7 ? 'end' : 'start',
            dx: limit > 0.7 ? 0 : 6,
            dy: 9,
            fill: 'var(--wrong)',
            stroke: 'var(--raised)',
            strokeWidth: 4,
          }),
          ...curves.map(({ style, accuracies }) =>
            Plot.lineY(points(accuracies), {
              x: 'strength',
              y: 'percent',
              stroke: style?.colour ?? 'currentColor',
              strokeWidth: 2,
              ...(style === undefined ? { strokeDasharray: '6 4' } : {}),
            }),
          ),
          ...curves.flatMap(({ style, accuracies }) =>
            style === undefined
              ? []
              : [
                  Plot.dot(points(accuracies), {
                    x: 'strength',
                    y: 'percent',
                    fill: style.colour,
                    stroke: 'var(--raised)',
                    symbol: style.symbol,
                    r: 4.5,
                  }),
                ],
          ),
        ],
      };
    },
    [kind, strengths, curves, limit, tongue],
  );
  return (
    <figure class="robustness-chart">
      <figcaption class="small">{words.recognised}</figcaption>
      <Chart
        label={words.chartLabel(words.kinds[kind], curves.map(({ title }) => title).join('; '))}
        draw={draw}
      />
    </figure>
  );
}
