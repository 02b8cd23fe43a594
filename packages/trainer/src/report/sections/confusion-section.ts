import { html, type Html } from '../html.ts';
import { countedText, countText, percentText } from '../number-text.ts';
import type { Answers, EvaluatedClassifier, ReportData } from '../report-data.ts';
import type { DataTable, Figure, Section } from '../report-document.ts';

/** What each classifier takes for what. */
export function confusionSection(data: ReportData): Section | undefined {
  if (data.classifiers.length === 0 || data.run.dataset.classNames.length < 2) return undefined;
  return {
    id: 'confusion',
    title: 'What is taken for what',
    blocks: data.classifiers.map((classifier) => confusionFigure(data, classifier)),
  };
}

/** With more classes than this, counts would be too small to read. */
const mostCounts = 20;
/** Opacity of the colour of a single error among many, and of the most frequent one. */
const faintestHeat = 0.12;
export const strongestHeat = 0.72;
/** How many pairs of classes are told in numbers where a whole table would be too large. */
const pairsTold = 20;

function confusionFigure({ run }: ReportData, classifier: EvaluatedClassifier): Figure {
  const { classNames } = run.dataset;
  const { model } = classifier;
  // One that knows a codec's reconstructions was made for these.
  const answers = classifier.answers.filter(
    ({ on }) => model.trainedOn === 'original' || on === 'original' || on === model.trainedOn,
  );
  const most = Math.max(1, ...answers.map(({ result }) => largestError(result.confusion)));
  const shown = (on: string): string => (on === 'original' ? 'originals' : on);
  const matrices = answers.map(
    ({ on, result }) =>
      html`<div>
        <h3>
          ${shown(on)}
          <span>${percentText(result.accuracy)}, ${countedText(wrongCount(result.confusion), 'error')}</span>
        </h3>
        ${heatMap(result.confusion, {
          classNames,
          most,
          label: `Confusion matrix of the ${model.title} on ${shown(on)}`,
        })}
      </div>`,
  );
  return {
    kind: 'figure',
    title: `Confusion matrices: ${model.title}`,
    caption:
      `Rows are true classes, columns predicted ones. Errors are coloured, on one scale for all: the strongest is ${countedText(most, 'image')}. ` +
      'What is right, on the diagonal, is left grey.',
    picture: html`<div class="multiples of-two">${matrices}</div>`,
    data: answers.map(({ on, result }) => ({
      ...confusionData(result.confusion, classNames),
      title: `The ${model.title} on ${shown(on)}`,
    })),
  };
}

function largestError(confusion: Answers['result']['confusion']): number {
  return Math.max(0, ...confusion.flatMap((row, label) => row.filter((_, predicted) => predicted !== label)));
}

function wrongCount(confusion: Answers['result']['confusion']): number {
  return confusion
    .flatMap((row, label) => row.filter((_, predicted) => predicted !== label))
    .reduce((a, b) => a + b, 0);
}

function heatMap(
  confusion: Answers['result']['confusion'],
  { classNames, most, label }: { classNames: readonly string[]; most: number; label: string },
): Html {
  const counted = classNames.length <= mostCounts;
  const cell = counted ? 30 : 8;
  const left = counted ? 28 + 6.2 * Math.min(12, Math.max(...classNames.map((name) => name.length))) : 4;
  const top = counted ? (Math.max(...classNames.map((name) => name.length)) > 3 ? left - 4 : 34) : 4;
  const side = cell * classNames.length;
  const cells = confusion.flatMap((row, actual) =>
    row.flatMap((images, predicted) => {
      if (images === 0) return [];
      const right = actual === predicted;
      const [x, y] = [left + cell * predicted, top + cell * actual];
      // Square root: single images stay visible beside dozens.
      const opacity = (faintestHeat + (strongestHeat - faintestHeat) * Math.sqrt(images / most)).toFixed(2);
      return [
        right
          ? html`<rect
              x="${x}"
              y="${y}"
              width="${cell}"
              height="${cell}"
              fill="var(--ink)"
              fill-opacity="0.06"
            />`
          : html`<rect
              x="${x}"
              y="${y}"
              width="${cell}"
              height="${cell}"
              fill="var(--heat)"
              fill-opacity="${opacity}"
            />`,
        counted
          ? html`<text x="${x + cell / 2}" y="${y + cell / 2}" fill="${right ? 'var(--quiet)' : 'var(--ink)'}"
              >${images}</text
            >`
          : html``,
      ];
    }),
  );
  const upright = top > 34;
  const names = counted
    ? classNames.map((name, i) => {
        const short = name.length > 12 ? `${name.slice(0, 11)}…` : name;
        const [x, y] = [left + cell * (i + 0.5), top + cell * (i + 0.5)];
        return html`<text x="${left - 6}" y="${y}" text-anchor="end" fill="var(--quiet)">${short}</text>${
            upright
              ? html`<text
                  transform="translate(${x} ${top - 6}) rotate(-90)"
                  text-anchor="start"
                  fill="var(--quiet)"
                  >${short}</text
                >`
              : html`<text x="${x}" y="${top - 10}" fill="var(--quiet)">${short}</text>`
          }`;
      })
    : [];
  const middle = side / 2;
  const titles = counted
    ? html`<text x="${left + middle}" y="7" fill="var(--quiet)">predicted</text
        ><text transform="translate(7 ${top + middle}) rotate(-90)" fill="var(--quiet)">true</text>`
    : html``;
  return html`<svg
    class="heat"
    viewBox="0 0 ${left + side + 1} ${top + side + 1}"
    role="img"
    aria-label="${label}"
    font-size="10.5"
    text-anchor="middle"
    dominant-baseline="central"
    style="max-width: 24rem"
  >
    ${cells}
    <rect x="${left}" y="${top}" width="${side}" height="${side}" fill="none" stroke="var(--line)" />
    ${names}${titles}
  </svg>`;
}

/** The whole matrix, or of a large one the pairs that are confused most often. */
function confusionData(
  confusion: Answers['result']['confusion'],
  classNames: readonly string[],
): Omit<DataTable, 'title'> {
  if (classNames.length <= mostCounts) {
    return {
      head: [{ text: 'true' }, ...classNames.map((text) => ({ text, numeric: true }))],
      rows: confusion.map((row, label) => [
        [{ strong: classNames[label] }],
        ...row.map((images) => (images === 0 ? '·' : String(images))),
      ]),
    };
  }
  const pairs = confusion
    .flatMap((row, actual) => row.map((images, predicted) => ({ actual, predicted, images })))
    .filter(({ actual, predicted, images }) => actual !== predicted && images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, pairsTold);
  return {
    head: [{ text: 'true' }, { text: 'predicted' }, { text: 'images', numeric: true }],
    rows: pairs.map(({ actual, predicted, images }) => [
      classNames[actual],
      classNames[predicted],
      countText(images),
    ]),
  };
}
