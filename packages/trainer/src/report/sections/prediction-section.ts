import { html, type Html } from '../html.ts';
import { countedText, percentText } from '../number-text.ts';
import { imageTile, pngDataUri, sprite, type PixelImage } from '../pixel-images.ts';
import type { Answers, EvaluatedClassifier, ReportData } from '../report-data.ts';
import type { Figure, Section, Text } from '../report-document.ts';
import { changedAnswers, mainClassifier } from '../lead.ts';
import { seriesMark } from '../series-legend.ts';
import { firstOfEachClass } from './reconstruction-section.ts';

/** Single images and what the classifier says of them: as they are, and where a codec changes its mind. */
export function predictionSection(data: ReportData): Section | undefined {
  const classifier = mainClassifier(data);
  const original = classifier?.answers.find(({ on }) => on === 'original');
  if (classifier === undefined || original === undefined || data.samples.indices.length === 0)
    return undefined;
  const flips = flipFigure(data, classifier, original);
  return {
    id: 'predictions',
    title: 'Single images',
    blocks: [originalsFigure(data, classifier, original), ...(flips === undefined ? [] : [flips])],
  };
}

/** Most images of a kind in a figure. */
const mostWrong = 10;
const mostFlips = 8;

function originalsFigure(data: ReportData, { model }: EvaluatedClassifier, original: Answers): Figure {
  const { samples, labels } = data;
  const wrong = [...samples.indices.keys()]
    .filter((place) => original.predicted[samples.indices[place]] !== labels[samples.indices[place]])
    .slice(0, mostWrong);
  const first = firstOfEachClass(samples);
  const groups = [
    { name: 'The first of each class', places: first },
    { name: 'Taken for another class', places: wrong },
  ].filter(({ places }) => places.length > 0);
  return {
    kind: 'figure',
    title: `What the ${model.title} says of test images`,
    caption:
      'The true class, what it is taken for where that differs, and the classifier’s probability for its answer.' +
      (wrong.length === 0 ? '' : ' The wrong ones were picked by their order in the test set.'),
    picture: html`<div class="cards">
      ${groups.map(
        ({ name, places }) =>
          html`<div>
            <h3>${name}</h3>
            <ul>
              ${places.map((place) => originalCard(data, place, original))}
            </ul>
          </div>`,
      )}
    </div>`,
    data: [
      {
        title: 'These images',
        head: [
          { text: 'test image', numeric: true },
          { text: 'true' },
          { text: 'predicted' },
          { text: 'probability', numeric: true },
        ],
        rows: [...new Set([...first, ...wrong])].map((place) => {
          const index = samples.indices[place];
          return [
            String(index),
            className(data, labels[index]),
            className(data, original.predicted[index]),
            percentText(original.probability[index], 1),
          ];
        }),
      },
    ],
  };
}

function originalCard(data: ReportData, place: number, { predicted, probability }: Answers): Html {
  const index = data.samples.indices[place];
  const label = data.labels[index];
  const right = predicted[index] === label;
  const answer = right
    ? html`${className(data, label)} <span class="right">✓</span>`
    : html`${className(data, label)} → <span class="wrong">${className(data, predicted[index])}</span>`;
  const tile = tileOf(data, place, 'original');
  return html`<li>
    ${picture(tile, `Test image ${index}, ${className(data, label)}`)}
    <span>${answer}</span>
    <span>${percentText(probability[index], 0)}</span>
  </li>`;
}

function flipFigure(
  data: ReportData,
  { model, answers }: EvaluatedClassifier,
  original: Answers,
): Figure | undefined {
  const groups = data.codecs.flatMap(({ id, style }) => {
    const entry = answers.find(({ on }) => on === id);
    if (entry === undefined) return [];
    const places = flippedPlaces(data, original, entry).slice(0, mostFlips);
    return places.length === 0
      ? []
      : [{ id, style, entry, places, ...changedAnswers(data, original, entry) }];
  });
  if (groups.length === 0) return undefined;
  const rows = groups.flatMap(({ id, entry, places }) =>
    places.map((place): Text[] => {
      const index = data.samples.indices[place];
      return [
        id,
        String(index),
        `${className(data, data.labels[index])} (${percentText(original.probability[index], 1)})`,
        `${className(data, entry.predicted[index])} (${percentText(entry.probability[index], 1)})`,
      ];
    }),
  );
  return {
    kind: 'figure',
    title: 'Images that are lost on the way',
    caption: `The original, which the ${model.title} gets right, beside its reconstruction, which it doesn’t; below, both answers with their probabilities.`,
    picture: html`<div class="cards pairs">
      ${groups.map(
        ({ id, style, entry, places, lost, gained }) =>
          html`<div>
            <h3>
              ${seriesMark({ style })}${id}
              <span>${countedText(lost, 'image')} lost, ${gained} gained</span>
            </h3>
            <ul>
              ${places.map((place) => flipCard(data, place, { id, original, entry }))}
            </ul>
          </div>`,
      )}
    </div>`,
    data: [
      {
        title: 'These images, the answer for each with its probability',
        head: [
          { text: 'codec' },
          { text: 'test image', numeric: true },
          { text: 'original' },
          { text: 'reconstruction' },
        ],
        rows,
      },
    ],
  };
}

/** Samples that are recognised as they are and not any more after a codec. */
function flippedPlaces({ samples, labels }: ReportData, original: Answers, seen: Answers): number[] {
  return [...samples.indices.keys()]
    .filter((place) => {
      const index = samples.indices[place];
      return original.predicted[index] === labels[index] && seen.predicted[index] !== labels[index];
    })
    .sort((a, b) => samples.indices[a] - samples.indices[b]);
}

function flipCard(
  data: ReportData,
  place: number,
  { id, original, entry }: { id: string; original: Answers; entry: Answers },
): Html {
  const index = data.samples.indices[place];
  const label = className(data, data.labels[index]);
  const pair = sprite([tileOf(data, place, 'original'), tileOf(data, place, id)], { gap: 1 });
  return html`<li>
    ${picture(pair, `Test image ${index}, ${label}, and as ${id} gives it back`)}<span
      >${label} → <span class="wrong">${className(data, entry.predicted[index])}</span></span
    >
    <span>${percentText(original.probability[index], 0)} → ${percentText(entry.probability[index], 0)}</span>
  </li>`;
}

function tileOf({ samples, imageShape }: ReportData, place: number, source: string): PixelImage {
  return imageTile(samples.image(place, source), imageShape);
}

function picture(image: PixelImage, alt: string): Html {
  return html`<img
    class="pixels"
    src="${pngDataUri(image)}"
    width="${image.width}"
    height="${image.height}"
    alt="${alt}"
  />`;
}

function className({ run }: ReportData, label: number): string {
  return run.dataset.classNames[label];
}
