import { dot, lineY } from '@observablehq/plot';
import { unfinishedEpoch, type RunModel } from '@narrows/shared';
import { chart } from '../chart.ts';
import { html, type Html } from '../html.ts';
import { logTicks } from '../log-ticks.ts';
import { nothing } from '../number-text.ts';
import type { Figure, Text } from '../report-document.ts';

/** A model that was trained in epochs. */
export type TrainedModel = Exclude<RunModel, { kind: 'pca' }>;

/** How the losses of some models are shown. */
export interface LossFigureOptions {
  readonly title: string;
  /** What the axis of losses is called, with its unit. */
  readonly label: string;
  /** What the loss is, as a sentence. */
  readonly meaning: string;
  readonly colourOf: (model: TrainedModel) => string;
}

interface LossPoint {
  readonly epoch: number;
  readonly loss: number;
}

interface LossCurves {
  readonly model: TrainedModel;
  readonly train: readonly LossPoint[];
  readonly validation: readonly LossPoint[];
}

/** The axis of losses that all models of a figure share. */
interface LossAxis {
  readonly low: number;
  readonly high: number;
  readonly logarithmic: boolean;
}

/** A small chart of the loss by epoch for each model, all with the same axis of losses. */
export function lossFigure(models: readonly TrainedModel[], options: LossFigureOptions): Figure {
  const curves = models.map(lossCurves);
  const validated = curves.some(({ validation }) => validation.length > 0);
  const axis = lossAxis(curves);
  const panels = curves.map(
    (curve) =>
      html`<div>
        <h3>${curve.model.id} <span>${curve.train.at(-1)!.loss.toPrecision(3)} at the end</span></h3>
        ${lossChart(curve, axis, options)}
      </div>`,
  );
  return {
    kind: 'figure',
    title: options.title,
    caption: [
      options.meaning,
      `Training loss is the mean over an epoch, as the model was while it saw the images${validated ? '; validation loss is that after it' : ''}.`,
      'The ring is the epoch whose weights were kept.',
      ...(models.some((model) => unfinishedEpoch(model) !== undefined)
        ? ['Weights from part-way through an unfinished epoch have none.']
        : []),
      `The axis of losses is ${axis.logarithmic ? 'logarithmic' : 'linear'}${models.length > 1 ? ', and the same for all' : ''}.`,
    ].join(' '),
    picture: html`${lossLegend(validated)}
      <div class="multiples of-three">${panels}</div>`,
    data: [
      {
        title: 'Last epoch',
        head: [
          { text: 'model' },
          { text: 'epochs', numeric: true },
          { text: 'training', numeric: true },
          ...(validated ? [{ text: 'validation', numeric: true }] : []),
        ],
        rows: curves.map(({ model, train, validation }): Text[] => [
          model.id,
          String(train.length),
          train.at(-1)!.loss.toPrecision(4),
          ...(validated ? [validation.at(-1)?.loss.toPrecision(4) ?? nothing] : []),
        ]),
      },
    ],
  };
}

function lossCurves(model: TrainedModel): LossCurves {
  return {
    model,
    train: model.epochs.map(({ epoch, trainLoss }) => ({ epoch, loss: trainLoss })),
    validation: model.epochs.flatMap(({ epoch, validationLoss }) =>
      validationLoss === undefined ? [] : [{ epoch, loss: validationLoss }],
    ),
  };
}

/** With a little room at both ends, and logarithmic unless a loss is zero or below. */
function lossAxis(curves: readonly LossCurves[]): LossAxis {
  const losses = curves.flatMap(({ train, validation }) => [...train, ...validation].map(({ loss }) => loss));
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  if (low > 0) return { low: low / 1.15, high: high * 1.15, logarithmic: true };
  const room = 0.05 * (high - low) || 1;
  return { low: low - room, high: high + room, logarithmic: false };
}

function lossChart(
  { model, train, validation }: LossCurves,
  { low, high, logarithmic }: LossAxis,
  { label, colourOf }: LossFigureOptions,
): Html {
  const keptEpoch = unfinishedEpoch(model) === undefined ? model.keptEpoch : undefined;
  const kept = (validation.length > 0 ? validation : train).filter(({ epoch }) => epoch === keptEpoch);
  const at = { x: 'epoch', y: 'loss' } as const;
  // A line through one point can't be seen.
  const alone = (points: readonly LossPoint[]): LossPoint[] => (points.length === 1 ? [...points] : []);
  return chart({
    ariaLabel: `Loss of ${model.id} by epoch`,
    width: 264,
    height: 190,
    marginLeft: 50,
    marginRight: 10,
    marginTop: 24,
    marginBottom: 36,
    x: { label: 'epoch', labelArrow: 'none', labelAnchor: 'center', ...epochAxis(model.epochs.length) },
    y: {
      label,
      labelArrow: 'none',
      grid: true,
      domain: [low, high],
      ...(logarithmic ? { type: 'log', ticks: logTicks(low, high), tickFormat: '~g' } : { ticks: 4 }),
    },
    marks: [
      lineY(train, { ...at, stroke: colourOf(model), strokeWidth: 2.25 }),
      lineY(validation, { ...at, stroke: 'currentColor', strokeWidth: 1.25, strokeDasharray: '3 2.5' }),
      dot(alone(train), { ...at, fill: colourOf(model), r: 3.5 }),
      dot(alone(validation), { ...at, stroke: 'currentColor', r: 3.5 }),
      dot(kept, { ...at, stroke: 'currentColor', strokeWidth: 1.75, r: 5 }),
    ],
  });
}

/** An axis of epochs, with ticks at whole ones only, the first among them. */
export function epochAxis(epochs: number): { domain: [number, number]; ticks: number[]; tickFormat: string } {
  if (epochs === 1) return { domain: [0.5, 1.5], ticks: [1], tickFormat: 'd' };
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => epochs / size <= 6) ?? Math.ceil(epochs / 6);
  const ticks = Array.from({ length: Math.floor(epochs / step) }, (_, i) => (i + 1) * step);
  return { domain: [1, epochs], ticks: step === 1 ? ticks : [1, ...ticks], tickFormat: 'd' };
}

function lossLegend(validated: boolean): Html {
  const line = (width: number, dashes: string): Html =>
    html`<svg width="24" height="10" aria-hidden="true">
      <path d="M0 5H24" stroke="currentColor" stroke-width="${width}" stroke-dasharray="${dashes}" />
    </svg>`;
  const ring = html`<svg width="14" height="14" aria-hidden="true">
    <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" stroke-width="1.75" />
  </svg>`;
  return html`<ul class="legend">
    <li>${line(2.25, 'none')}training</li>
    ${validated ? html`<li>${line(1.25, '3 2.5')}validation</li>` : html``}
    <li>${ring}weights kept</li>
  </ul>`;
}
