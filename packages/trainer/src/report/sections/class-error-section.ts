import { dot, ruleY } from '@observablehq/plot';
import { referenceOf } from '@narrows/shared';
import { chart, responsiveChart } from '../chart.ts';
import { html, type Html } from '../html.ts';
import { errorText, nothing } from '../number-text.ts';
import type { EvaluatedCodec, ReportData } from '../report-data.ts';
import type { Figure, Section, Table, Text } from '../report-document.ts';
import { seriesLegend } from '../series-legend.ts';

/** Which classes each codec gives back well and which not. */
export function classErrorSection(data: ReportData): Section | undefined {
  if (data.codecs.length === 0 || data.run.dataset.classNames.length < 2) return undefined;
  return {
    id: 'classes',
    title: 'Error by class',
    blocks: [classErrorFigure(data), classErrorTable(data)],
  };
}

interface ClassError {
  readonly codec: EvaluatedCodec;
  readonly className: string;
  readonly mse: number;
}

/** The study's errors by class for a codec, where it has them. */
function studyErrors({ run }: ReportData, { id }: EvaluatedCodec): readonly number[] | undefined {
  return referenceOf(run.dataset)?.codecs.find((codec) => codec.id === id)?.perClass;
}

function classErrorFigure(data: ReportData): Figure {
  const { codecs, run } = data;
  const { classNames } = run.dataset;
  const ours = codecs.flatMap((codec): ClassError[] =>
    codec.result.perClass.map(({ label, mse }) => ({ codec, className: classNames[label], mse })),
  );
  const study = codecs.flatMap((codec): ClassError[] =>
    (studyErrors(data, codec) ?? []).map((mse, label) => ({ codec, className: classNames[label], mse })),
  );
  const draw = (width: number): Html =>
    chart({
      ariaLabel: 'Mean squared error of each codec for each class',
      width,
      height: 52 + 27 * classNames.length,
      marginLeft: 14 + 7 * Math.min(14, Math.max(...classNames.map((name) => name.length))),
      marginRight: 16,
      marginTop: 8,
      marginBottom: 42,
      x: {
        label: 'mean squared error',
        labelArrow: 'none',
        labelAnchor: 'center',
        zero: true,
        nice: true,
        ticks: width / 110,
      },
      y: { label: null, domain: classNames, tickSize: 0 },
      symbol: { type: 'identity' },
      marks: [
        ruleY(classNames, { stroke: 'var(--line)' }),
        dot(study, {
          x: 'mse',
          y: 'className',
          stroke: ({ codec }: ClassError) => codec.style.colour,
          fill: 'var(--ground)',
          strokeWidth: 1.5,
          symbol: ({ codec }: ClassError) => codec.style.symbol,
          r: 4.5,
        }),
        dot(ours, {
          x: 'mse',
          y: 'className',
          fill: ({ codec }: ClassError) => codec.style.colour,
          stroke: 'var(--ground)',
          strokeWidth: 0.75,
          symbol: ({ codec }: ClassError) => codec.style.symbol,
          r: 5.5,
        }),
      ],
    });
  const legend = seriesLegend([
    ...codecs.map(({ id, style }) => ({ name: id, style })),
    ...codecs
      .filter((codec) => studyErrors(data, codec) !== undefined)
      .map(({ id, style }) => ({ name: `${id}, study`, style, hollow: true })),
  ]);
  return {
    kind: 'figure',
    title: 'Reconstruction error by class',
    caption: `${spreadText(codecs, classNames)}${study.length === 0 ? '' : ' Hollow symbols are the study’s figures.'}`,
    picture: html`${legend}${responsiveChart(draw)}`,
  };
}

/** Which classes are the easiest and the hardest, if the codecs agree about it. */
function spreadText(codecs: readonly EvaluatedCodec[], classNames: readonly string[]): string {
  const ends = codecs.map(({ result }) => {
    const sorted = result.perClass.toSorted((a, b) => a.mse - b.mse);
    return { easiest: sorted[0].label, hardest: sorted.at(-1)!.label };
  });
  const common = (labels: readonly number[], what: string): string =>
    new Set(labels).size === 1
      ? `“${classNames[labels[0]]}” is the ${what} class for ${codecs.length === 1 ? 'the codec' : 'every codec'}. `
      : '';
  return (
    common(
      ends.map(({ easiest }) => easiest),
      'easiest',
    ) +
    common(
      ends.map(({ hardest }) => hardest),
      'hardest',
    ) +
    'Mean squared error over the test images of each class.'
  );
}

function classErrorTable(data: ReportData): Table {
  const { codecs, run } = data;
  const columns = codecs.flatMap((codec) => {
    const errors = new Map(codec.result.perClass.map(({ label, mse }) => [label, mse]));
    const theirs = studyErrors(data, codec);
    const ours = { name: codec.id, at: (label: number) => errors.get(label), all: codec.result.mse };
    const reference = referenceOf(run.dataset)?.codecs.find(({ id }) => id === codec.id);
    return theirs === undefined
      ? [ours]
      : [
          ours,
          {
            name: `${codec.id}, study`,
            at: (label: number): number | undefined => theirs[label],
            all: reference?.mse,
          },
        ];
  });
  const text = (mse: number | undefined): Text => (mse === undefined ? nothing : errorText(mse));
  return {
    kind: 'table',
    title: 'Reconstruction error by class',
    caption: 'Mean squared error; the last row is that of the whole test set.',
    head: [{ text: 'class' }, ...columns.map(({ name }) => ({ text: name, numeric: true }))],
    rows: [
      ...run.dataset.classNames.map((name, label): Text[] => [
        name,
        ...columns.map(({ at }) => text(at(label))),
      ]),
      [[{ strong: 'all' }], ...columns.map(({ all }) => text(all))],
    ],
  };
}
