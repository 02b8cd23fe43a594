import type { SweepResult, SweepSummary } from '@narrows/shared';

/** Lengths in pixels on the page. */
const size = { width: 720, height: 400 };
const plot = { left: 62, right: 130, top: 44, bottom: 52 };
/** Told apart by those who see no red or green, and on paper by their marks. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];
const names: Readonly<Record<string, string>> = {
  'pca-L': 'PCA',
  'basic-L-linear': 'one hidden layer',
  'deeper-L-linear': 'two hidden layers',
};

/**
 * Draws a sweep's accuracy over the width of the bottleneck as an SVG that reads well on light and dark pages: a line
 * through the means over the seeds, a band from the least to the greatest, a dashed line where the originals are.
 */
export function drawWidths({ grid, summaries, classifier }: SweepResult): string {
  const widths = grid.latents.toSorted((a, b) => a - b);
  const [first, last] = [Math.log2(widths[0]), Math.log2(widths.at(-1)!)];
  const x = (latent: number): number =>
    plot.left +
    ((Math.log2(latent) - first) / Math.max(1, last - first)) * (size.width - plot.left - plot.right);
  const lowest = Math.floor(Math.min(...summaries.map(({ plain }) => plain.accuracy.min)) * 10) / 10;
  const y = (accuracy: number): number =>
    plot.top + ((1 - accuracy) / (1 - lowest)) * (size.height - plot.top - plot.bottom);
  const ticks = Array.from({ length: Math.round((1 - lowest) * 10) + 1 }, (_, i) => lowest + i / 10);
  const right = size.width - plot.right;
  const parts = [
    `<text x="${plot.left}" y="24" font-weight="600">Test digits that the classifier still recognises</text>`,
    ...ticks.flatMap((tick) => [
      `<path d="M${plot.left} ${round(y(tick))}H${right}" stroke="#d0d7de"/>`,
      `<text x="${plot.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${Math.round(100 * tick)} %</text>`,
    ]),
    ...widths.map(
      (latent) =>
        `<text x="${round(x(latent))}" y="${size.height - plot.bottom + 20}" text-anchor="middle">${latent}</text>`,
    ),
    `<text x="${(plot.left + right) / 2}" y="${size.height - 10}" text-anchor="middle">numbers in the bottleneck</text>`,
    ...grid.families.flatMap((family, i) => {
      const points = summaries
        .filter((summary) => summary.family === family)
        .toSorted((a, b) => a.latent - b.latent);
      return points.length === 0 ? [] : curve(points, { colour: colours[i % colours.length], x, y });
    }),
    ...labels(grid.families, summaries).map(
      ({ family, accuracy, colour, shift }) =>
        `<text x="${right + 10}" y="${round(y(accuracy) + 4 + shift)}" fill="${colour}" font-weight="600">` +
        `${names[family] ?? family}</text>`,
    ),
  ];
  const at = round(y(classifier.accuracy));
  parts.push(
    `<path d="M${plot.left} ${at}H${right}" stroke="#1f2328" stroke-dasharray="3 4"/>`,
    `<text x="${plot.left + 4}" y="${at - 6}">originals, ${(100 * classifier.accuracy).toFixed(2)} %</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" ` +
      `height="${size.height}" font-family="system-ui, sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" rx="8" fill="#f6f8fa"/><g fill="#1f2328">',
    ...parts,
    '</g></svg>',
    '',
  ].join('\n');
}

interface Drawing {
  readonly colour: string;
  readonly x: (latent: number) => number;
  readonly y: (accuracy: number) => number;
}

function curve(points: readonly SweepSummary[], { colour, x, y }: Drawing): string[] {
  const at = (point: SweepSummary, accuracy: number): string =>
    `${round(x(point.latent))} ${round(y(accuracy))}`;
  const line = points.map((point) => at(point, point.plain.accuracy.mean)).join('L');
  const band = [
    ...points.map((point) => at(point, point.plain.accuracy.max)),
    ...points.toReversed().map((point) => at(point, point.plain.accuracy.min)),
  ].join('L');
  return [
    `<path d="M${band}Z" fill="${colour}" fill-opacity="0.2"/>`,
    `<path d="M${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map((point) => {
      const [cx, cy] = at(point, point.plain.accuracy.mean).split(' ');
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`;
    }),
  ];
}

/** Names at the right ends of the curves, a line apart where those come close. */
function labels(families: readonly string[], summaries: readonly SweepSummary[]) {
  const ends = families.flatMap((family, i) => {
    const points = summaries.filter((summary) => summary.family === family);
    const end = points.toSorted((a, b) => b.latent - a.latent).at(0);
    return end === undefined
      ? []
      : [{ family, accuracy: end.plain.accuracy.mean, colour: colours[i % colours.length] }];
  });
  const lineHeight = 18;
  return ends
    .toSorted((a, b) => b.accuracy - a.accuracy)
    .map((end, i, all) => ({ ...end, shift: (i - (all.length - 1) / 2) * lineHeight + lineHeight }));
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
