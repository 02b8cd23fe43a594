import { areaY, dot, lineY, ruleX, text } from '@observablehq/plot';
import { chart, responsiveChart } from '../chart.ts';
import { html, type Html } from '../html.ts';
import { percentText } from '../number-text.ts';
import { pngDataUri, signedTile } from '../pixel-images.ts';
import type { Components, ReportData } from '../report-data.ts';
import type { Figure, Section } from '../report-document.ts';

/** What the principal components are and how much each explains. */
export function componentSection(data: ReportData): Section | undefined {
  if (data.components === undefined) return undefined;
  return {
    id: 'components',
    title: 'Principal components',
    blocks: [varianceFigure(data, data.components), componentFigure(data, data.components)],
  };
}

interface Share {
  readonly component: number;
  readonly total: number;
}

function varianceFigure({ run, codecs }: ReportData, { model }: Components): Figure {
  const colour = codecs.find(({ id }) => id === model.id)?.style.colour ?? 'currentColor';
  let sum = 0;
  const shares = model.explainedVariance.map((share, i): Share => ({
    component: i + 1,
    total: 100 * (sum += share),
  }));
  // Where the run's other fits end on the same curve.
  const widths = [...new Set(run.models.flatMap((one) => (one.kind === 'pca' ? [one.latent] : [])))].sort(
    (a, b) => a - b,
  );
  const marked = widths.map((width) => shares[width - 1]);
  const draw = (width: number): Html =>
    chart({
      ariaLabel: 'Cumulative share of the variance that the principal components explain',
      width,
      height: Math.round(130 + 0.22 * width),
      marginLeft: 44,
      marginRight: 30,
      marginTop: 26,
      marginBottom: 42,
      x: {
        label: 'components',
        labelArrow: 'none',
        labelAnchor: 'center',
        domain: [0, model.latent],
        ticks: Math.min(width / 70, model.latent),
        tickFormat: 'd',
      },
      y: { label: 'variance explained, %', labelArrow: 'none', domain: [0, 100], grid: true, ticks: 5 },
      marks: [
        areaY([{ component: 0, total: 0 }, ...shares], {
          x: 'component',
          y: 'total',
          fill: colour,
          fillOpacity: 0.12,
        }),
        lineY([{ component: 0, total: 0 }, ...shares], {
          x: 'component',
          y: 'total',
          stroke: colour,
          strokeWidth: 2,
        }),
        ruleX(marked, {
          x: 'component',
          y: 'total',
          stroke: 'currentColor',
          strokeOpacity: 0.5,
          strokeDasharray: '2 3',
        }),
        dot(marked, { x: 'component', y: 'total', fill: colour, stroke: 'var(--ground)', r: 5 }),
        text(marked, {
          x: 'component',
          y: 'total',
          text: ({ total }: Share) => `${total.toFixed(1)} %`,
          dy: -13,
          dx: -4,
          textAnchor: 'end',
          stroke: 'var(--ground)',
          strokeWidth: 4,
          fill: 'currentColor',
        }),
      ],
    });
  return {
    kind: 'figure',
    title: 'Variance that the first components explain together',
    caption: `${model.latent} components explain ${percentText(sum, 1)} of the training images’ variance${halfText(shares)}.`,
    picture: responsiveChart(draw),
    data: [
      {
        title: 'Variance explained',
        head: [
          { text: 'component', numeric: true },
          { text: 'share', numeric: true },
          { text: 'together', numeric: true },
        ],
        rows: shares
          .slice(0, shownComponents)
          .map(({ component, total }) => [
            String(component),
            percentText(model.explainedVariance[component - 1]),
            `${total.toFixed(2)} %`,
          ]),
      },
    ],
  };
}

/** How many components it takes for half of all variance, where there are that many. */
function halfText(shares: readonly Share[]): string {
  const half = shares.find(({ total }) => total >= 50);
  return half === undefined || shares.length === 1 ? '' : `; half of it lies in the first ${half.component}`;
}

/** How many components are drawn. */
const shownComponents = 16;

function componentFigure({ imageShape }: ReportData, { model, values }: Components): Figure {
  const [height, width, channels] = imageShape;
  const count = Math.min(shownComponents, model.latent);
  const size = height * width;
  const tiles = Array.from({ length: count }, (_, i) => {
    const component = values.subarray(i * size * channels, (i + 1) * size * channels);
    // Of several channels the mean, which shows where light is added and where it is taken.
    const means = Float32Array.from({ length: size }, (__, pixel) => {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += component[pixel * channels + c];
      return sum / channels;
    });
    const scale = means.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
    return pngDataUri(signedTile(means, [height, width], { scale }));
  });
  return {
    kind: 'figure',
    title: `The first ${count} principal components`,
    caption:
      `Orange where a component adds light, blue where it takes it away${channels === 1 ? '' : ', as the mean of the channels'}; ` +
      'each is drawn to its own largest value, and its sign is arbitrary. Below, the share of the variance that it explains.',
    picture: html`<div class="components">
      ${tiles.map(
        (uri, i) =>
          html`<div>
            <img
              class="pixels"
              src="${uri}"
              width="${width}"
              height="${height}"
              alt="Component ${i + 1}"
            /><span>${i + 1}: ${percentText(model.explainedVariance[i], 1)}</span>
          </div>`,
      )}
    </div>`,
  };
}
