import { dot, ruleX, ruleY, text } from '@observablehq/plot';
import { chart, responsiveChart } from '../chart.ts';
import type { Html } from '../html.ts';
import { percentText } from '../number-text.ts';
import type { EvaluatedClassifier, ReportData } from '../report-data.ts';
import type { Figure, Section } from '../report-document.ts';
import {
  accuracyDomain,
  accuracyRows,
  asPercent,
  colourOf,
  nameOf,
  type AccuracyRow,
} from './accuracy-rows.ts';
import { errorFigure } from './error-against-accuracy.ts';

/** How accuracy falls from codec to codec, and whether a lower error means a higher accuracy. */
export function accuracySection(data: ReportData): Section | undefined {
  if (data.codecs.length === 0) return undefined;
  const blocks = data.classifiers.flatMap((classifier) => {
    const rows = accuracyRows(data, classifier);
    const seen = rows.filter((row) => row.codec !== undefined);
    if (seen.length === 0) return [];
    // One that was trained on reconstructions is at its best on these: how close they are says little.
    const compared = seen.length > 1 && classifier.model.trainedOn === 'original';
    return [dotFigure(classifier, rows), ...(compared ? [errorFigure(classifier, rows)] : [])];
  });
  if (blocks.length === 0) return undefined;
  return { id: 'accuracy', title: 'What the classifier still recognises', blocks };
}

function dotFigure({ model }: EvaluatedClassifier, rows: readonly AccuracyRow[]): Figure {
  const original = rows.find(({ on }) => on === 'original');
  const draw = (width: number): Html =>
    chart({
      ariaLabel: `Accuracy of the ${model.title} on originals and on each codec's reconstructions`,
      width,
      height: 58 + 30 * rows.length,
      marginLeft: 8 + 7 * Math.max(...rows.map((row) => nameOf(row).length)),
      marginRight: 62,
      marginTop: 8,
      marginBottom: 42,
      x: {
        label: 'accuracy on the test set, %',
        labelArrow: 'none',
        labelAnchor: 'center',
        nice: true,
        grid: true,
        ticks: width / 90,
        domain: accuracyDomain(rows),
      },
      y: { label: null, domain: rows.map(nameOf), tickSize: 0 },
      symbol: { type: 'identity' },
      marks: [
        ...(original === undefined
          ? []
          : [
              ruleX([asPercent(original.accuracy.value)], {
                stroke: 'currentColor',
                strokeOpacity: 0.5,
                strokeDasharray: '2 3',
              }),
            ]),
        ruleY(rows, {
          y: nameOf,
          x1: (row: AccuracyRow) => asPercent(row.accuracy.low),
          x2: (row: AccuracyRow) => asPercent(row.accuracy.high),
          stroke: colourOf,
          strokeWidth: 2,
        }),
        dot(rows, {
          x: (row: AccuracyRow) => asPercent(row.accuracy.value),
          y: nameOf,
          fill: colourOf,
          stroke: 'var(--ground)',
          symbol: (row: AccuracyRow) => row.codec?.style.symbol ?? 'circle',
          r: 5.5,
        }),
        text(rows, {
          x: (row: AccuracyRow) => asPercent(row.accuracy.high),
          y: nameOf,
          text: (row: AccuracyRow) => percentText(row.accuracy.value),
          textAnchor: 'start',
          dx: 8,
          fill: 'currentColor',
          stroke: 'var(--ground)',
          strokeWidth: 4,
        }),
      ],
    });
  return {
    kind: 'figure',
    title: `Accuracy on originals and on reconstructions: ${model.title}`,
    caption:
      'Dots are accuracies, lines their 95\u00a0% Wilson intervals' +
      (original === undefined ? '.' : '; the dashed line is the accuracy on the originals.') +
      (accuracyDomain(rows)[0] === 0 ? '' : ' The axis does not begin at zero.'),
    picture: responsiveChart(draw),
    data: [
      {
        title: `Accuracy of the ${model.title}`,
        head: [
          { text: 'shown' },
          { text: 'accuracy', numeric: true },
          { text: 'low', numeric: true },
          { text: 'high', numeric: true },
        ],
        rows: rows.map((row) => [
          nameOf(row),
          percentText(row.accuracy.value),
          percentText(row.accuracy.low),
          percentText(row.accuracy.high),
        ]),
      },
    ],
  };
}
