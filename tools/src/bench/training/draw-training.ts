import {
  axisX,
  axisY,
  dot,
  gridX,
  gridY,
  line,
  plot,
  ruleY,
  text,
  type PlotOptions,
} from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { BenchDocument } from './bench-document.ts';
import { digits } from './number-text.ts';
import { benchModels, peers, type BenchModel } from './peer-table.ts';
import { stepRows, type Cell, type Figure } from './summarise-measurements.ts';

/** Lengths in pixels. */
const size = {
  column: 210,
  /** Left of a column: names of peers before the first, numbers before the others. */
  names: 112,
  gap: 44,
  title: 38,
  dots: 190,
  lines: 200,
  margin: 14,
};

/** Told apart by those who see no red or green; Narrows's two are dark and light of one hue. */
const colours: Readonly<Record<string, string>> = {
  narrows: '#0072b2',
  'narrows-fit': '#56b4e9',
  pytorch: '#d55e00',
  'pytorch-one': '#b35000',
  'jax-js': '#009e73',
  'jax-js-workers': '#7fbf9f',
  'tfjs-wasm': '#cc79a7',
  'tfjs-cpu': '#6e7781',
};
const ink = '#1f2328';
const grid = '#d0d7de';

interface Point {
  readonly peer: string;
  /** Which of the peer's curves it is on, where it has several. */
  readonly curve?: string;
  readonly x: number;
  readonly y: number;
}

/**
 * Draws a sitting as an SVG that reads well on light and dark pages, a column for each model: the time of a step by peer,
 * how it grows with the batch, and what the test set says over the seconds of training. Scales are logarithmic.
 */
export function drawTraining(document: BenchDocument): string {
  const models = benchModels.filter(({ id }) => document.measurements.some(({ job }) => job.model === id));
  const rows = [
    { title: 'Milliseconds a step, 64 images', height: size.dots, draw: drawSteps },
    { title: 'Milliseconds a step by images in it', height: size.lines, draw: drawBatches },
    {
      title: 'Error on the test set over seconds of training; dashed: good enough',
      height: size.lines,
      draw: drawCurves,
    },
  ];
  const width = size.margin + size.names + models.length * (size.column + size.gap) - size.gap + size.margin;
  const parts: string[] = [];
  let top = size.margin;
  for (const { title, height, draw } of rows) {
    const panels = models.map((model, i) => draw(document, model, i === 0));
    if (panels.every((panel) => panel === undefined)) continue;
    parts.push(`<text x="${size.margin}" y="${top + 14}" font-weight="600">${title}</text>`);
    panels.forEach((panel, i) => {
      const left = size.margin + size.names + i * (size.column + size.gap);
      const y = top + size.title;
      parts.push(`<text x="${left}" y="${y}">${models[i].id}</text>`);
      if (panel !== undefined) {
        parts.push(`<g transform="translate(${left - size.names} ${y + 4})">${render(panel, height)}</g>`);
      }
    });
    top += size.title + height + size.margin;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" ` +
      `font-family="system-ui, sans-serif" font-size="13" color="${ink}" fill="${ink}">`,
    '<rect width="100%" height="100%" rx="8" fill="#f6f8fa"/>',
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function render(options: PlotOptions, height: number): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({
    width: size.names + size.column,
    height,
    marginLeft: size.names,
    marginTop: 12,
    marginRight: 20,
    marginBottom: 24,
    ...options,
    document,
    style: { fontSize: '11px', fontFamily: 'inherit' },
  });
  svg.querySelector('style')?.remove();
  svg.removeAttribute('class');
  // Hundredths of a pixel are plenty, in attributes: labels are as they are.
  return svg.outerHTML.replace(/="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(100 * Number(number)) / 100)),
  );
}

/** A dot for each peer, with a line from the least to the most. */
function drawSteps(document: BenchDocument, { id }: BenchModel, isFirst: boolean): PlotOptions | undefined {
  const everybody = trainingPeers(document);
  const points = everybody.flatMap(({ id: peer, label }) => {
    const row = stepRows(document).find((one) => one.peer.id === peer && one.model.id === id);
    const figure = row && figureAt(row.cells, Math.min(...row.cells.keys()));
    return figure === undefined ? [] : [{ ...figure, peer, label }];
  });
  if (points.length === 0) return undefined;
  const domain = widened(points.flatMap(({ least, most }) => [least, most]));
  return {
    x: { type: 'log', label: null, domain },
    y: { type: 'band', label: null, axis: null, domain: everybody.map(({ label }) => label) },
    marks: [
      gridX(logTicks(domain), { stroke: grid, strokeOpacity: 1 }),
      axisX(logTicks(domain), { text: digits }),
      ...(isFirst ? [axisY({ tickSize: 0 })] : []),
      ruleY(points, {
        x1: 'least',
        x2: 'most',
        y: 'label',
        stroke: colourOf,
        strokeWidth: 3,
        strokeOpacity: 0.4,
      }),
      dot(points, { x: 'median', y: 'label', fill: colourOf, r: 4 }),
      text(points, {
        x: 'median',
        y: 'label',
        text: ({ median }: Figure) => digits(median),
        dy: -9,
        fill: ink,
      }),
    ],
  };
}

function drawBatches(document: BenchDocument, { id }: BenchModel): PlotOptions | undefined {
  const points = stepRows(document)
    .filter(({ model }) => model.id === id)
    .flatMap(({ peer, cells }) =>
      [...cells.keys()].flatMap((x) => {
        const figure = figureAt(cells, x);
        return figure === undefined ? [] : [{ peer: peer.id, x, y: figure.median }];
      }),
    );
  if (points.length === 0) return undefined;
  const domain = widened(points.map(({ y }) => y));
  return {
    // Each twice the one before: equally far apart, as on a logarithmic scale.
    x: { type: 'point', label: null, domain: [...new Set(points.map(({ x }) => x))], padding: 0.3 },
    y: { type: 'log', label: null, domain },
    marks: [
      gridY(logTicks(domain), { stroke: grid, strokeOpacity: 1 }),
      axisX({ tickFormat: digits }),
      axisY(logTicks(domain), { text: digits, tickSize: 0 }),
      ...linesOf(points),
    ],
  };
}

/** Errors go down: an accuracy is drawn as the share of wrong answers, and the target is a dashed line. */
function drawCurves(
  { measurements }: BenchDocument,
  { id, metric, target }: BenchModel,
): PlotOptions | undefined {
  const error = (value: number): number => (metric === 'mse' ? value : 1 - value);
  const points = measurements.flatMap(({ peer, round, job, answer }) =>
    job.model === id
      ? (answer?.curve ?? []).map(({ seconds: x, value }) => ({
          peer,
          curve: `${peer} ${round}`,
          x,
          y: error(value),
        }))
      : [],
  );
  if (points.length === 0) return undefined;
  const format = (value: number): string => (metric === 'mse' ? digits(value) : `${digits(100 * value)} %`);
  const seconds = widened(points.map(({ x }) => x));
  const errors = widened([...points.map(({ y }) => y), error(target)]);
  return {
    x: { type: 'log', label: null, domain: seconds },
    y: { type: 'log', label: null, domain: errors },
    marks: [
      gridY(logTicks(errors), { stroke: grid, strokeOpacity: 1 }),
      axisX(logTicks(seconds), { text: digits }),
      axisY(logTicks(errors), { text: format, tickSize: 0 }),
      ruleY([error(target)], { stroke: ink, strokeDasharray: '3 4' }),
      ...linesOf(points),
    ],
  };
}

function linesOf(points: readonly Point[]) {
  return [
    line(points, { x: 'x', y: 'y', z: curveOf, stroke: colourOf, strokeWidth: 2 }),
    dot(points, { x: 'x', y: 'y', fill: colourOf, r: 2.5 }),
  ];
}

function curveOf({ peer, curve = peer }: Point): string {
  return curve;
}

function colourOf({ peer }: { peer: string }): string {
  return colours[peer];
}

function figureAt(cells: ReadonlyMap<number, Cell>, key: number): Figure | undefined {
  const cell = cells.get(key);
  return cell !== undefined && 'median' in cell ? cell : undefined;
}

function trainingPeers({ measurements }: BenchDocument): { id: string; label: string }[] {
  return peers.flatMap(({ id, label }) =>
    label !== undefined && measurements.some(({ peer, answer }) => peer === id && answer?.steps !== undefined)
      ? [{ id, label }]
      : [],
  );
}

/** A range with a tenth of a decade around what it holds. */
function widened(values: readonly number[]): [number, number] {
  const margin = 10 ** 0.1;
  return [Math.min(...values) / margin, Math.max(...values) * margin];
}

/** Ones, twos and fives of each decade in a range, or ones alone where those would be too many. */
export function logTicks([least, most]: readonly [number, number]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
    // By way of its text, since 10 ** -3 * 2 isn't 0.002.
    ticks.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  }
  const inside = ticks.filter((tick) => tick >= least && tick <= most);
  const ones = inside.filter((tick) => tick.toExponential().startsWith('1e'));
  return inside.length <= 6 || ones.length < 2 ? inside : ones;
}
