import { html, type Html } from '../html.ts';
import { errorText, nothing } from '../number-text.ts';
import { imageTile, pixelErrors, pngDataUri, signedTile, sprite, type PixelImage } from '../pixel-images.ts';
import type { EvaluatedCodec, ReportData, Samples } from '../report-data.ts';
import type { Figure, Section } from '../report-document.ts';
import { seriesMark } from '../series-legend.ts';

/** Originals beside reconstructions: the same images for all codecs, then the best, median and worst of each. */
export function reconstructionSection(data: ReportData): Section | undefined {
  const places = firstOfEachClass(data.samples);
  if (data.codecs.length === 0 || places.length === 0) return undefined;
  const scale = errorScale(data, places);
  return {
    id: 'reconstructions',
    title: 'Originals and what comes out',
    blocks: [stripFigure(data, places, scale), caseFigure(data, scale)],
  };
}

/** Most images in a row: more would be too small to see. */
const longestStrip = 12;

/** The samples' first image of each class, by class. */
export function firstOfEachClass({ labels }: Pick<Samples, 'labels'>): number[] {
  const first = new Map<number, number>();
  labels.forEach((label, place) => {
    if (!first.has(label)) first.set(label, place);
  });
  return [...first]
    .sort(([a], [b]) => a - b)
    .map(([, place]) => place)
    .slice(0, longestStrip);
}

/** An error map's scale: what all but one in a hundred of the pixels to show stay below, in twentieths. */
function errorScale(data: ReportData, places: readonly number[]): number {
  const errors = data.codecs
    .flatMap(({ id }) => places.flatMap((place) => [...errorsOf(data, place, id)]))
    .map(Math.abs)
    .sort((a, b) => a - b);
  return Math.max(0.05, Math.ceil(20 * errors[Math.floor(0.99 * (errors.length - 1))]) / 20);
}

function errorsOf({ samples, imageShape }: ReportData, place: number, codec: string): Float32Array {
  const pair = { original: samples.image(place, 'original'), reconstruction: samples.image(place, codec) };
  return pixelErrors(pair, imageShape);
}

function errorTile(
  data: ReportData,
  place: number,
  { codec, scale }: { codec: string; scale: number },
): PixelImage {
  const [height, width] = data.imageShape;
  return signedTile(errorsOf(data, place, codec), [height, width], { scale });
}

function tileOf({ samples, imageShape }: ReportData, place: number, source: string): PixelImage {
  return imageTile(samples.image(place, source), imageShape);
}

/** Tiles in a row as an image that says what it shows. */
function strip(tiles: readonly PixelImage[], alt: string): Html {
  const image = sprite(tiles, { gap: 1 });
  return html`<img
    class="pixels"
    src="${pngDataUri(image)}"
    width="${image.width}"
    height="${image.height}"
    alt="${alt}"
  />`;
}

function stripFigure(data: ReportData, places: readonly number[], scale: number): Figure {
  const { run, codecs, samples, imageShape } = data;
  const names = places.map((place) => run.dataset.classNames[samples.labels[place]]);
  const rows = codecs.map(({ id, style, result }) => {
    const back = strip(
      places.map((place) => tileOf(data, place, id)),
      `The same images as ${id} gives them back`,
    );
    const errors = strip(
      places.map((place) => errorTile(data, place, { codec: id, scale })),
      `Where ${id} is off`,
    );
    return html`<h3>${seriesMark({ style })}${id} <span>MSE ${errorText(result.mse)}</span></h3>
      <div>${back}${errors}</div>`;
  });
  const originals = strip(
    places.map((place) => tileOf(data, place, 'original')),
    `Test images of ${names.join(', ')}`,
  );
  // Images may grow to three times their size, and not beyond what is left of the page.
  const width = Math.min(688, 3 * (places.length * (imageShape[1] + 1)));
  return {
    kind: 'figure',
    title: 'The first test image of each class, and what each codec makes of it',
    caption: `Below each reconstruction its error: ${errorMeaning(data)}. The MSE is that of the whole test set.`,
    picture: html`<div class="strips" style="max-width: calc(12.1rem + ${width}px)">
        <h3></h3>
        <div
          class="columns"
          aria-hidden="true"
          style="grid-template-columns: repeat(${names.length}, minmax(0, 1fr))"
        >
          ${names.map((name) => html`<span>${name}</span>`)}
        </div>
        <h3>originals</h3>
        <div>${originals}</div>
        ${rows}
      </div>
      ${scaleLegend(data, scale)}`,
  };
}

function errorMeaning({ imageShape }: ReportData): string {
  return imageShape[2] === 1
    ? 'orange where it is too bright, blue where it is too dark, nothing where it is right'
    : 'the mean of its channels’ absolute errors, orange where it is off, nothing where it is right';
}

function scaleLegend({ imageShape }: ReportData, scale: number): Html {
  const [low, unsigned] = imageShape[2] === 1 ? [`−${scale.toFixed(2)}`, ''] : ['0', ' unsigned'];
  const high = imageShape[2] === 1 ? `+${scale.toFixed(2)}` : scale.toFixed(2);
  return html`<p class="scale${unsigned}">${low}<i></i>${high} of the pixels’ range, and beyond</p>`;
}

/** How many images of each kind. */
const casesShown = 4;

function caseFigure(data: ReportData, scale: number): Figure {
  const cases = data.codecs.map((codec) => ({ codec, ...extremeCases(codec, data.samples) }));
  const kinds = ['best', 'median', 'worst'] as const;
  const rows = cases.map(
    ({ codec, ...places }) =>
      html`<div>
        <h3>${seriesMark(codec)}${codec.id}</h3>
        <div>${kinds.map((name) => caseGroup(data, { codec, name, places: places[name], scale }))}</div>
      </div>`,
  );
  return {
    kind: 'figure',
    title: 'Best, median and worst reconstructions of each codec',
    caption: `By the image’s own mean squared error, over the whole test set. From top to bottom: original, reconstruction, error on the scale of the figure before.`,
    picture: html`<div class="cases">${rows}</div>`,
    data: [
      {
        title: 'Mean squared error of these images',
        head: [{ text: 'codec' }, ...kinds.map((text) => ({ text, numeric: true }))],
        rows: cases.map(({ codec, ...places }) => [
          codec.id,
          ...kinds.map((name) => rangeText(data, codec, places[name])),
        ]),
      },
    ],
  };
}

function caseGroup(
  data: ReportData,
  {
    codec,
    name,
    places,
    scale,
  }: { codec: EvaluatedCodec; name: string; places: readonly number[]; scale: number },
): Html {
  if (places.length === 0) return html``;
  const rows = [
    strip(
      places.map((place) => tileOf(data, place, 'original')),
      `Originals that ${codec.id} is ${name} at`,
    ),
    strip(
      places.map((place) => tileOf(data, place, codec.id)),
      `Their reconstructions`,
    ),
    strip(
      places.map((place) => errorTile(data, place, { codec: codec.id, scale })),
      `Their errors`,
    ),
  ];
  // Where samples are missing, the others stay as large as elsewhere.
  return html`<div>
    <div style="width: ${(100 * places.length) / casesShown}%">${rows}</div>
    <p>${name}, MSE ${rangeText(data, codec, places)}</p>
  </div>`;
}

/** The least and the greatest error of some samples. */
function rangeText(
  { samples }: ReportData,
  { imageErrors }: EvaluatedCodec,
  places: readonly number[],
): string {
  if (places.length === 0) return nothing;
  const errors = places.map((place) => imageErrors[samples.indices[place]]);
  const [low, high] = [Math.min(...errors).toFixed(4), Math.max(...errors).toFixed(4)];
  return low === high ? low : `${low}–${high}`;
}

/**
 * Places of the samples that a codec gives back best, in the middle, and worst, out of the whole test set: four each,
 * the best and the worst first, but for those that are not among the samples.
 */
export function extremeCases(
  { imageErrors }: Pick<EvaluatedCodec, 'imageErrors'>,
  { indices }: Pick<Samples, 'indices'>,
): { best: number[]; median: number[]; worst: number[] } {
  const placeOf = new Map([...indices].map((index, place) => [index, place]));
  const images = [...imageErrors.keys()];
  // Sorting is stable: of equal errors the first image comes first, as where the samples are chosen.
  const ascending = images.toSorted((a, b) => imageErrors[a] - imageErrors[b]);
  const descending = images.toSorted((a, b) => imageErrors[b] - imageErrors[a]);
  const middle = Math.max(0, Math.floor((images.length - casesShown) / 2));
  const places = (order: readonly number[], from: number): number[] =>
    order.slice(from, from + casesShown).flatMap((index) => placeOf.get(index) ?? []);
  return { best: places(ascending, 0), median: places(ascending, middle), worst: places(descending, 0) };
}
