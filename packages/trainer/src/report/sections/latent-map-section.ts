import { html, type Html } from '../html.ts';
import { countText, nothing, percentText } from '../number-text.ts';
import { classColours } from '@narrows/shared';
import { pngDataUri } from '../pixel-images.ts';
import type { LoadedMap, ReportData } from '../report-data.ts';
import type { Figure, Section, Table, Text } from '../report-document.ts';
import { scatterImage } from '../scatter-image.ts';

/** The latent spaces flattened to two dimensions. */
export function latentMapSection(data: ReportData): Section | undefined {
  if (data.maps.length === 0) return undefined;
  return {
    id: 'maps',
    title: 'Maps of the latent spaces',
    blocks: [mapFigure(data), mapTable(data)],
  };
}

const methodNames = { tsne: 't-SNE', umap: 'UMAP' } as const;
/** Width and height of a map's picture in px: twice what it takes on the page. */
const mapSize = 720;
/** With more classes than this, names on the map would hide it. */
const mostNames = 20;

function mapFigure(data: ReportData): Figure {
  const { classNames } = data.run.dataset;
  const colours = classColours(classNames.length);
  const panels = data.maps.flatMap((loaded) =>
    loaded.map.maps.map(({ method, trustworthiness, neighbourAccuracy }) => {
      const title = `${loaded.map.of}, ${methodNames[method]}`;
      return html`<div>
        <h3>
          ${title}
          <span
            >10-NN ${percentText(neighbourAccuracy, 1)}, trustworthiness ${trustworthiness.toFixed(3)}</span
          >
        </h3>
        ${mapPicture(data, { loaded, method, colours, label: `Map of ${title}` })}
      </div>`;
    }),
  );
  const legend = html`<ul class="legend">
    ${classNames.slice(0, 3 * mostNames).map(
      (name, label) =>
        html`<li>
          <svg width="12" height="12" aria-hidden="true">
            <circle cx="6" cy="6" r="5" fill="${colours[label]}" /></svg
          >${name}
        </li>`,
    )}
  </ul>`;
  const points = Math.max(...data.maps.map(({ map }) => map.points));
  return {
    kind: 'figure',
    title: 'Test images by their place in each latent space, coloured by class',
    caption:
      `${countText(points)} test images each. Axes have no unit and are left out: what counts is who is whose neighbour, and not the distance between clusters.` +
      (classNames.length <= mostNames ? ' Names stand at the median of their class.' : ''),
    picture: html`${legend}
      <div class="multiples of-two">${panels}</div>`,
  };
}

function mapPicture(
  { run, labels }: ReportData,
  {
    loaded,
    method,
    colours,
    label,
  }: { loaded: LoadedMap; method: string; colours: readonly string[]; label: string },
): Html {
  const { points } = loaded.map;
  const { image, centres } = scatterImage(loaded.coordinates.get(method)!, {
    labels: labels.subarray(0, points),
    colours,
    size: mapSize,
    // Fewer dots may be larger.
    radius: Math.max(1.9, Math.min(7, 150 / Math.sqrt(points))),
  });
  const half = mapSize / 2;
  const names =
    colours.length > mostNames
      ? []
      : centres.flatMap((centre, i) =>
          centre === undefined
            ? []
            : [
                html`<text x="${(centre[0] * half).toFixed(1)}" y="${(centre[1] * half).toFixed(1)}"
                  >${run.dataset.classNames[i]}</text
                >`,
              ],
        );
  return html`<svg class="map" viewBox="0 0 ${half} ${half}" role="img" aria-label="${label}">
    <image href="${pngDataUri(image)}" width="${half}" height="${half}" />
    ${names}
  </svg>`;
}

function mapTable({ maps }: ReportData): Table {
  const methods = (['tsne', 'umap'] as const).filter((method) =>
    maps.some(({ map }) => map.maps.some((one) => one.method === method)),
  );
  return {
    kind: 'table',
    title: 'Neighbours in each space and on its maps',
    caption:
      'Accuracy of a vote among the 10 nearest neighbours, and trustworthiness (Venna & Kaski 2001; 1 if all neighbours were neighbours before): of a space with regard to the pixels, of a map with regard to its space.',
    head: [
      { text: 'space' },
      { text: '10-NN', numeric: true },
      { text: 'trustworthiness', numeric: true },
      ...methods.flatMap((method) => [
        { text: `${methodNames[method]}, 10-NN`, numeric: true },
        { text: `${methodNames[method]}, trustworthiness`, numeric: true },
      ]),
    ],
    rows: maps.map(({ map }): Text[] => [
      map.of,
      percentText(map.space.neighbourAccuracy),
      map.space.trustworthiness.toFixed(4),
      ...methods.flatMap((method) => {
        const found = map.maps.find((one) => one.method === method);
        return found === undefined
          ? [nothing, nothing]
          : [percentText(found.neighbourAccuracy), found.trustworthiness.toFixed(4)];
      }),
    ]),
  };
}
