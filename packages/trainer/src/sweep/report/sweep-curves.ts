import { areaY, dot, lineY, ruleY, text, type Markish, type PlotOptions } from '@observablehq/plot';
import {
  seriesStyle,
  type SeriesStyle,
  type SweepResult,
  type SweepSpread,
  type SweepSummary,
} from '@narrows/shared';
import { chart } from '../../report/chart.ts';
import type { Html } from '../../report/html.ts';
import { listText } from '../../report/number-text.ts';
import { seriesLegend } from '../../report/series-legend.ts';

/** A family's points in the order of their widths, and how it is drawn. */
export interface FamilyCurve {
  readonly family: string;
  readonly style: SeriesStyle;
  readonly points: readonly SweepSummary[];
}

/** The curves of a sweep, one a family that has points. */
export function familyCurves({ grid, summaries }: Pick<SweepResult, 'grid' | 'summaries'>): FamilyCurve[] {
  return grid.families
    .map((family, i) => ({
      family,
      style: seriesStyle(i),
      points: summaries
        .filter((summary) => summary.family === family)
        .toSorted((a, b) => a.latent - b.latent),
    }))
    .filter(({ points }) => points.length > 0);
}

/** What a chart of curves shows. */
export interface CurveChart {
  readonly ariaLabel: string;
  readonly curves: readonly FamilyCurve[];
  readonly x: (point: SweepSummary) => number;
  readonly y: (point: SweepSummary) => SweepSpread;
  /** What `y` is multiplied with: 100 for percent. */
  readonly scale?: number;
  /** Points that get a ring. */
  readonly front: readonly { readonly family: string; readonly latent: number }[];
  readonly axes: Pick<PlotOptions, 'x' | 'y'>;
  /** A dashed line across, at a height in the chart's units, with its name. */
  readonly rule?: { readonly at: number; readonly name: string };
  readonly marginRight?: number;
  readonly extra?: readonly Markish[];
}

/**
 * Draws a line through the means of each family, a band from the least to the greatest value over the seeds, and rings
 * around the points of the Pareto front. What leaves the axes' domains is cut off.
 */
export function curveChart(width: number, options: CurveChart): Html {
  const { ariaLabel, curves, x, front, axes, rule, marginRight = 20, extra = [], scale = 1 } = options;
  const spread = (point: SweepSummary): SweepSpread => options.y(point);
  const mean = (point: SweepSummary): number => scale * spread(point).mean;
  const isOnFront = ({ family, latent }: SweepSummary): boolean =>
    front.some((point) => point.family === family && point.latent === latent);
  return chart({
    ariaLabel,
    width,
    height: Math.round(130 + 0.38 * width),
    marginLeft: 54,
    marginRight,
    marginTop: 28,
    marginBottom: 44,
    ...axes,
    symbol: { type: 'identity' },
    marks: [
      ...extra,
      ...(rule === undefined
        ? []
        : [
            ruleY([rule.at], { stroke: 'currentColor', strokeOpacity: 0.55, strokeDasharray: '2 3' }),
            text([rule.at], {
              y: (value: number) => value,
              text: [rule.name],
              frameAnchor: 'left',
              textAnchor: 'start',
              dx: 6,
              dy: -8,
              fill: 'currentColor',
              stroke: 'var(--ground)',
              strokeWidth: 4,
            }),
          ]),
      ...curves.flatMap(({ style: { colour, symbol }, points }) => [
        areaY(points, {
          x,
          y1: (point: SweepSummary) => scale * spread(point).min,
          y2: (point: SweepSummary) => scale * spread(point).max,
          fill: colour,
          fillOpacity: 0.22,
          clip: true,
        }),
        lineY(points, { x, y: mean, stroke: colour, strokeWidth: 2, clip: true }),
        dot(points, { x, y: mean, fill: colour, stroke: 'var(--ground)', symbol, r: 4.5, clip: true }),
        dot(points.filter(isOnFront), {
          x,
          y: mean,
          stroke: 'currentColor',
          strokeWidth: 1.25,
          r: 8,
          clip: true,
        }),
      ]),
    ],
  });
}

/** The families with their symbols. */
export function curveLegend(curves: readonly FamilyCurve[]): Html {
  return seriesLegend(curves.map(({ family, style }) => ({ name: family, style })));
}

/** An axis of widths, one step for each doubling, with the widths that were swept as its ticks. */
export function widthAxis(latents: readonly number[], width: number): NonNullable<PlotOptions['x']> {
  // On a narrow screen every other tick has room.
  const every = latents.length > width / 42 ? 2 : 1;
  const [low, high] = [latents[0], latents.at(-1)!];
  return {
    type: 'log',
    base: 2,
    domain: [low / 1.15, high * 1.15],
    label: 'latent values',
    labelArrow: 'none',
    labelAnchor: 'center',
    ticks: latents.filter((_, i) => i % every === 0),
    tickFormat: (value: number) => String(value),
  };
}

/** What can be said of the seeds below a chart. */
export function seedsCaption({
  grid,
  summaries,
  failures,
}: Pick<SweepResult, 'grid' | 'summaries' | 'failures'>): string {
  if (grid.seeds.length === 1) return 'Each point is one trial. ';
  const single = grid.families.filter((family) => {
    const points = summaries.filter((summary) => summary.family === family);
    return points.length > 0 && points.every(({ trials }) => trials === 1);
  });
  const verb = single.length === 1 ? 'has' : 'have';
  return (
    `Lines join the means over ${failures.length === 0 ? '' : 'up to '}${grid.seeds.length} seeds, bands reach from the least to the greatest value` +
    (single.length === 0 ? '. ' : `; ${listText(single)} ${verb} one trial a width, without a band. `)
  );
}
