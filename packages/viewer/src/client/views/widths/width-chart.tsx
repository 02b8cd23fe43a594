import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { Scale } from '@observablehq/plot';
import { language } from '../../i18n/language.ts';
import { formatCount, formatTick } from '../../i18n/number-format.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import type { Band, CurvePoint, WidthCurve } from './width-curves.ts';
import { widthTicks } from './width-scale.ts';
import { familyName, widthsMessages } from './widths-messages.ts';

export interface WidthChartProps {
  /** Mean squared error on a logarithmic scale, or accuracy in per cent. */
  readonly of: 'mse' | 'accuracy';
  readonly curves: readonly WidthCurve[];
  /** Points of the run at hand, drawn hollow. */
  readonly own: readonly WidthCurve[];
  /** Accuracy on originals, a dashed line. */
  readonly originals: number;
  /** End of the axis. */
  readonly widest: number;
  /** Where the marker stands. */
  readonly width: number;
  readonly onWidth: (width: number) => void;
}

type DrawnPlot = SVGSVGElement & { scale(name: 'x' | 'y'): Scale };

/** One measure over the width of the bottleneck, a line for each family, with a marker where the slider stands. */
export function WidthChart({ of, curves, own, originals, widest, width, onWidth }: WidthChartProps) {
  const words = widthsMessages();
  const marker = useRef<(width: number) => void>(undefined);
  const latest = useRef({ width, onWidth });
  latest.current = { width, onWidth };
  const title = of === 'mse' ? words.mseChart : words.accuracyChart;
  const tongue = language.value;

  const draw = useCallback<ChartProps['draw']>(
    (Plot, place) => {
      const scale = of === 'mse' ? 1 : 100;
      const band = (point: CurvePoint): Band => point[of];
      const mean = (point: CurvePoint): number => scale * band(point).mean;
      const x = ({ width: at }: CurvePoint): number => at;
      // A logarithmic axis has no place for an error of 0.
      const shown = (points: readonly CurvePoint[]): CurvePoint[] =>
        points.filter((point) => of === 'accuracy' || band(point).min > 0);
      return {
        height: Math.round(130 + 0.36 * place),
        marginLeft: of === 'mse' ? 52 : 40,
        marginRight: 16,
        marginTop: 20,
        marginBottom: 42,
        symbol: { type: 'identity' },
        x: {
          type: 'log',
          base: 2,
          domain: [1 / 1.12, widest * 1.12],
          label: words.chartAxis,
          labelArrow: 'none',
          labelAnchor: 'center',
          ticks: widthTicks(widest),
          tickFormat: (value: number) => formatCount(value),
        },
        y:
          of === 'mse'
            ? {
                type: 'log',
                domain: errorDomain([...curves, ...own]),
                grid: true,
                label: null,
                ticks: 5,
                tickFormat: formatTick,
              }
            : { domain: [0, 100], grid: true, label: null, ticks: 5 },
        marks: [
          ...(of === 'accuracy'
            ? [
                Plot.ruleY([scale * originals], {
                  stroke: 'currentColor',
                  strokeOpacity: 0.55,
                  strokeDasharray: '2 3',
                }),
                Plot.text([scale * originals], {
                  y: (value: number) => value,
                  text: [words.originals],
                  frameAnchor: 'left',
                  textAnchor: 'start',
                  dx: 6,
                  dy: 9,
                  fill: 'currentColor',
                  stroke: 'var(--raised)',
                  strokeWidth: 4,
                }),
              ]
            : []),
          ...curves.flatMap(({ style: { colour, symbol }, points }) => [
            Plot.areaY(shown(points), {
              x,
              y1: (point: CurvePoint) => scale * band(point).min,
              y2: (point: CurvePoint) => scale * band(point).max,
              fill: colour,
              fillOpacity: 0.22,
            }),
            Plot.lineY(shown(points), { x, y: mean, stroke: colour, strokeWidth: 2 }),
            Plot.dot(shown(points), { x, y: mean, fill: colour, stroke: 'var(--raised)', symbol, r: 4.5 }),
          ]),
          ...own.map(({ style: { colour, symbol }, points }) =>
            Plot.dot(shown(points), {
              x,
              y: mean,
              fill: 'var(--raised)',
              stroke: colour,
              strokeWidth: 1.75,
              symbol,
              r: 4,
            }),
          ),
        ],
      };
    },
    [of, curves, own, originals, widest, tongue],
  );

  const onDrawn = useCallback((svg: SVGSVGElement) => {
    const plot = svg as DrawnPlot;
    marker.current = addMarker(plot);
    marker.current(latest.current.width);
    plot.addEventListener('click', (event) => {
      const left = plot.getBoundingClientRect().left;
      const units = plot.viewBox.baseVal.width / plot.getBoundingClientRect().width;
      const at = plot.scale('x').invert!((event.clientX - left) * units) as number;
      latest.current.onWidth(Math.round(at));
    });
  }, []);

  // The marker alone moves with the slider; drawing the chart again would take longer than a frame.
  useEffect(() => {
    marker.current?.(width);
  }, [width]);

  return (
    <figure class="widths-chart">
      <figcaption class="small">{title}</figcaption>
      <Chart
        label={words.chartLabel(title, curves.map(({ form }) => familyName(form)).join('; '))}
        draw={draw}
        onDrawn={onDrawn}
      />
    </figure>
  );
}

/** A little beyond the least and the greatest error, so that no sign is cut off; errors of 0 left out. */
function errorDomain(curves: readonly WidthCurve[]): [number, number] {
  const errors = curves.flatMap(({ points }) => points.flatMap(({ mse }) => [mse.min, mse.max]));
  const positive = errors.filter((error) => error > 0);
  return [Math.min(...positive) / 1.15, Math.max(...positive) * 1.15];
}

/** Adds a line down the chart with the width at its top; the answer moves it. */
function addMarker(plot: DrawnPlot): (width: number) => void {
  const element = <Name extends 'g' | 'line' | 'text'>(name: Name): SVGElementTagNameMap[Name] =>
    document.createElementNS('http://www.w3.org/2000/svg', name);
  const group = element('g');
  const line = element('line');
  const text = element('text');
  group.setAttribute('class', 'widths-marker');
  const [bottom, top] = plot.scale('y').range as [number, number];
  line.setAttribute('y1', String(top));
  line.setAttribute('y2', String(bottom));
  text.setAttribute('y', String(top - 5));
  group.append(line, text);
  plot.append(group);
  return (width) => {
    const x = plot.scale('x').apply(width) as number;
    group.setAttribute('transform', `translate(${x},0)`);
    text.textContent = formatCount(width);
  };
}
