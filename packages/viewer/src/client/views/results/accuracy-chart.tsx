import { useCallback } from 'preact/hooks';
import { referenceOf, type SeriesStyle } from '@narrows/shared';
import { language } from '../../i18n/language.ts';
import { formatPercent, formatTick } from '../../i18n/number-format.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import { type ClassifierModel, codecStyle, modelTitle, type OpenRun } from '../../state/run.ts';
import { accuracyOf, type Accuracy } from './accuracy-of.ts';
import { resultsMessages } from './results-messages.ts';

interface Row extends Accuracy {
  readonly name: string;
  readonly style: SeriesStyle | undefined;
  readonly study: number | undefined;
}

/** How much a classifier recognises of what it is shown: dots with their intervals, the study's hollow. */
export function AccuracyChart({ run, classifier }: { run: OpenRun; classifier: ClassifierModel }) {
  const words = resultsMessages();
  const rows = accuracyRows(run, classifier, words.originals);
  const hasStudy = rows.some(({ study }) => study !== undefined);
  const draw = useCallback<ChartProps['draw']>(
    (Plot, width) => {
      const names = rows.map(({ name }) => name);
      const isNarrow = width < 480;
      return {
        height: 44 + (isNarrow ? 40 : 26) * rows.length,
        marginLeft: isNarrow ? 8 : 232,
        marginRight: 16,
        marginTop: 8,
        marginBottom: 40,
        x: {
          label: words.accuracyAxis,
          labelArrow: 'none',
          labelAnchor: 'center',
          percent: true,
          nice: true,
          ticks: width / 90,
          tickFormat: formatTick,
        },
        y: { label: null, domain: names, tickSize: 0, axis: isNarrow ? null : 'left' },
        symbol: { type: 'identity' },
        marks: [
          Plot.ruleY(names, { stroke: 'var(--line)' }),
          ...(isNarrow
            ? [
                Plot.text(names, {
                  frameAnchor: 'left',
                  y: (name: string) => name,
                  text: (name: string) => name,
                  textAnchor: 'start',
                  dy: -13,
                }),
              ]
            : []),
          Plot.ruleY(rows, {
            y: 'name',
            x1: 'low',
            x2: 'high',
            stroke: ({ style }: Row) => style?.colour ?? 'currentColor',
            strokeWidth: 2.5,
          }),
          Plot.dot(
            rows.filter(({ study }) => study !== undefined),
            {
              x: 'study',
              y: 'name',
              symbol: ({ style }: Row) => style?.symbol ?? 'circle',
              stroke: ({ style }: Row) => style?.colour ?? 'currentColor',
              fill: 'var(--ground)',
              strokeWidth: 1.5,
              r: 4.5,
            },
          ),
          Plot.dot(rows, {
            x: 'value',
            y: 'name',
            symbol: ({ style }: Row) => style?.symbol ?? 'circle',
            fill: ({ style }: Row) => style?.colour ?? 'currentColor',
            stroke: 'var(--ground)',
            strokeWidth: 0.75,
            r: 5.5,
          }),
        ],
      };
    },
    [run, classifier, language.value],
  );
  return (
    <figure class="results-figure">
      <figcaption>
        <b>{words.accuracyChart}</b>{' '}
        <span class="quiet">{hasStudy ? words.filledIsOurs : words.filledOnly}</span>
      </figcaption>
      <Chart
        label={words.accuracyChartLabel(
          rows.map(({ name, value }) => `${name} ${formatPercent(value)}`).join(', '),
        )}
        draw={draw}
      />
    </figure>
  );
}

function accuracyRows(run: OpenRun, classifier: ClassifierModel, originals: string): readonly Row[] {
  const study = referenceOf(run.manifest.dataset)?.classifications ?? [];
  return run.manifest.evaluation.classifications
    .filter((answers) => answers.classifier === classifier.id)
    .map((answers) => ({
      ...accuracyOf(answers),
      name: modelTitle(run, answers.on) ?? originals,
      style: answers.on === 'original' ? undefined : codecStyle(run, answers.on),
      study: study.find((one) => one.classifier === classifier.id && one.on === answers.on)?.accuracy,
    }));
}
