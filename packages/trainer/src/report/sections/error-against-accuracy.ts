import { dot, ruleX, ruleY, text } from '@observablehq/plot';
import { chart, responsiveChart } from '../chart.ts';
import type { Html } from '../html.ts';
import { logTicks } from '../log-ticks.ts';
import { errorText, percentText } from '../number-text.ts';
import { placeLabels } from '../place-labels.ts';
import { rankCorrelation } from '../rank-correlation.ts';
import type { EvaluatedClassifier } from '../report-data.ts';
import type { Figure } from '../report-document.ts';
import { accuracyDomain, asPercent, colourOf, type AccuracyRow } from './accuracy-rows.ts';

/** A classifier's accuracy against the error of the codecs that it was shown images through. */
export function errorFigure({ model }: EvaluatedClassifier, rows: readonly AccuracyRow[]): Figure {
  const original = rows.find(({ on }) => on === 'original');
  const points = rows.flatMap((row) =>
    row.codec === undefined ? [] : [{ ...row, codec: row.codec, mse: row.codec.result.mse }],
  );
  const errors = points.map(({ mse }) => mse);
  const logarithmic = Math.min(...errors) > 0 && Math.max(...errors) / Math.min(...errors) > 8;
  const draw = (width: number): Html => {
    const height = Math.max(300, Math.round(120 + 0.34 * width));
    const frame = { marginLeft: 54, marginRight: 20, marginTop: 26, marginBottom: 44, width, height };
    const [low, high] = [Math.min(...errors), Math.max(...errors)];
    const domainX = logarithmic
      ? [low / 1.25, high * 1.25]
      : [Math.max(0, low - 0.12 * (high - low)), high + 0.12 * (high - low) || 1];
    const base = {
      ...frame,
      ariaLabel: `Accuracy of the ${model.title} against mean squared error`,
      x: {
        type: logarithmic ? ('log' as const) : ('linear' as const),
        label: 'mean squared error',
        labelArrow: 'none' as const,
        labelAnchor: 'center' as const,
        grid: true,
        domain: domainX,
        ...(logarithmic
          ? { ticks: logTicks(low / 1.25, high * 1.25), tickFormat: '~g' }
          : { ticks: width / 110 }),
      },
      y: {
        label: 'accuracy, %',
        labelArrow: 'none' as const,
        grid: true,
        nice: true,
        ticks: 6,
        domain: accuracyDomain(rows),
      },
    };
    const labels = placeLabels(points, base, {
      x: ({ mse }) => mse,
      y: ({ accuracy }) => asPercent(accuracy.value),
      text: ({ on }) => on,
    });
    return chart({
      ...base,
      symbol: { type: 'identity' },
      marks: [
        ...(original === undefined
          ? []
          : [
              ruleY([asPercent(original.accuracy.value)], {
                stroke: 'currentColor',
                strokeOpacity: 0.5,
                strokeDasharray: '2 3',
              }),
              text([asPercent(original.accuracy.value)], {
                y: (value: number) => value,
                text: ['originals'],
                frameAnchor: 'right',
                textAnchor: 'end',
                dy: -8,
              }),
            ]),
        ruleX(points, {
          x: 'mse',
          y1: (row: AccuracyRow) => asPercent(row.accuracy.low),
          y2: (row: AccuracyRow) => asPercent(row.accuracy.high),
          stroke: colourOf,
          strokeWidth: 2,
        }),
        dot(points, {
          x: 'mse',
          y: (row: AccuracyRow) => asPercent(row.accuracy.value),
          fill: colourOf,
          stroke: 'var(--ground)',
          symbol: (row: AccuracyRow) => row.codec?.style.symbol ?? 'circle',
          r: 5.5,
        }),
        ...labels,
      ],
    });
  };
  return {
    kind: 'figure',
    title: 'Does a closer image mean a better recognised one?',
    caption: `${correlationText(
      errors,
      points.map(({ accuracy }) => accuracy.value),
    )} Each codec once, lines are 95\u00a0% intervals.${logarithmic ? ' The error’s axis is logarithmic.' : ''}`,
    picture: responsiveChart(draw),
    data: [
      {
        title: 'Error and accuracy by codec',
        head: [{ text: 'codec' }, { text: 'MSE', numeric: true }, { text: 'accuracy', numeric: true }],
        rows: points.map(({ on, mse, accuracy }) => [on, errorText(mse), percentText(accuracy.value)]),
      },
    ],
  };
}

/** What the order of errors says of the order of accuracies. */
function correlationText(errors: readonly number[], accuracies: readonly number[]): string {
  const correlation = errors.length < 3 ? undefined : rankCorrelation(errors, accuracies);
  if (correlation === undefined) {
    return 'If closeness were all that counts, dots further left would be higher.';
  }
  const value = `Spearman’s rank correlation over ${errors.length} codecs is ${correlation.toFixed(2).replace('-', '−')}`;
  if (correlation < -0.9995)
    return `The lower the error, the higher the accuracy, without exception (${value}).`;
  if (correlation < -0.5) return `A lower error mostly means a higher accuracy, but not always (${value}).`;
  return `A lower error alone does not mean a higher accuracy here (${value}).`;
}
