import { Fragment } from 'preact';
import { useCallback } from 'preact/hooks';
import { referenceOf, type SeriesStyle } from '@narrows/shared';
import { language } from '../../i18n/language.ts';
import { formatCount, formatMse, formatTick } from '../../i18n/number-format.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import { CodecName, SeriesMark } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import { extremeClasses } from './extreme-classes.ts';
import { resultsMessages } from './results-messages.ts';
import { ResultsSection } from './results-section.tsx';

/** A codec's errors by class, in the order of the classes. */
interface ClassErrors {
  readonly id: string;
  readonly title: string;
  readonly style: SeriesStyle;
  /** `undefined` for a class without test images. */
  readonly ours: readonly (number | undefined)[];
  /** The study's, where it has them. */
  readonly study: readonly number[] | undefined;
}

/** Which classes each codec draws again well and which not, beside the study's figures where it has them. */
export function ClassErrorsSection({ run }: { run: OpenRun }) {
  const words = resultsMessages();
  const rows = classErrors(run);
  if (rows.length === 0 || run.classNames.length < 2) return null;
  const hasStudy = rows.some(({ study }) => study !== undefined);
  return (
    <ResultsSection id="classes" title={words.classes}>
      <p>
        {words.classesLead} {run.classNames.join('') === '0123456789' && words.classesDigits}
      </p>
      <figure class="results-figure">
        <figcaption class="results-legend">
          {rows.map(({ id, title, style }) => (
            <CodecName key={id} style={style} title={title} />
          ))}
          {hasStudy && <span class="quiet">{words.filledStudy}</span>}
        </figcaption>
        <ClassErrorChart run={run} rows={rows} />
      </figure>
      <details>
        <summary>{words.numbers}</summary>
        <p class="small quiet">{hasStudy ? words.classesCaptionStudy : words.classesCaption}</p>
        <ClassErrorTable run={run} rows={rows} />
      </details>
    </ResultsSection>
  );
}

function classErrors(run: OpenRun): readonly ClassErrors[] {
  const reference = referenceOf(run.manifest.dataset);
  return run.codecs.flatMap(({ id, title }) => {
    const result = run.manifest.evaluation.codecs.find((codec) => codec.id === id);
    if (result === undefined) return [];
    const ours = run.classNames.map((_, label) => result.perClass.find((one) => one.label === label)?.mse);
    const study = reference?.codecs.find((codec) => codec.id === id)?.perClass;
    return [{ id, title, style: codecStyle(run, id), ours, study }];
  });
}

function ClassErrorChart({ run, rows }: { run: OpenRun; rows: readonly ClassErrors[] }) {
  const words = resultsMessages();
  const { classNames } = run;
  const draw = useCallback<ChartProps['draw']>(
    (Plot, width) => {
      const points = (errorsOf: (row: ClassErrors) => readonly (number | undefined)[] | undefined) =>
        rows.flatMap((row) =>
          (errorsOf(row) ?? []).flatMap((mse, label) =>
            mse === undefined ? [] : [{ mse, className: classNames[label], style: row.style }],
          ),
        );
      type Point = ReturnType<typeof points>[number];
      const at = { x: 'mse', y: 'className', symbol: ({ style }: Point) => style.symbol } as const;
      return {
        height: 52 + 27 * classNames.length,
        marginLeft: 14 + 7 * Math.min(14, Math.max(...classNames.map((name) => name.length))),
        marginRight: 16,
        marginTop: 8,
        marginBottom: 42,
        x: {
          label: words.classesAxis,
          labelArrow: 'none',
          labelAnchor: 'center',
          zero: true,
          nice: true,
          ticks: width / 110,
          tickFormat: formatTick,
        },
        y: { label: null, domain: [...classNames], tickSize: 0 },
        symbol: { type: 'identity' },
        marks: [
          Plot.ruleY(classNames, { stroke: 'var(--line)' }),
          Plot.dot(
            points(({ study }) => study),
            {
              ...at,
              stroke: ({ style }: Point) => style.colour,
              fill: 'var(--ground)',
              strokeWidth: 1.5,
              r: 4.5,
            },
          ),
          Plot.dot(
            points(({ ours }) => ours),
            {
              ...at,
              fill: ({ style }: Point) => style.colour,
              stroke: 'var(--ground)',
              strokeWidth: 0.75,
              r: 5.5,
            },
          ),
        ],
      };
    },
    [run, language.value],
  );
  const [easiest, hardest] = extremeClasses(rows.map(({ ours }) => ours)).map((label) => classNames[label]);
  return <Chart label={words.classesChartLabel(hardest, easiest)} draw={draw} />;
}

function ClassErrorTable({ run, rows }: { run: OpenRun; rows: readonly ClassErrors[] }) {
  const words = resultsMessages();
  const counts = run.manifest.evaluation.codecs[0].perClass;
  return (
    <ScrollRegion label={words.classesTable}>
      <table aria-label={words.classesTable}>
        <thead>
          <tr>
            <th scope="col">{words.class}</th>
            <th scope="col" class="number">
              {words.images}
            </th>
            {rows.map(({ id, style, study }) => (
              <Fragment key={id}>
                <th scope="col" class="number">
                  <SeriesMark style={style} /> {id}
                </th>
                {study !== undefined && (
                  <th scope="col" class="number">
                    {words.ofStudy(id)}
                  </th>
                )}
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {run.classNames.map((name, label) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{formatCount(counts.find((one) => one.label === label)?.count ?? 0)}</td>
              {rows.map(({ id, ours, study }) => (
                <Fragment key={id}>
                  <td class="number">{mseText(ours[label])}</td>
                  {study !== undefined && <td class="number">{formatMse(study[label])}</td>}
                </Fragment>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function mseText(mse: number | undefined): string {
  return mse === undefined ? '–' : formatMse(mse);
}
