import { lineY } from '@observablehq/plot';
import { unfinishedEpoch, type RunModel } from '@narrows/shared';
import { chart } from '../chart.ts';
import { html } from '../html.ts';
import { nothing } from '../number-text.ts';
import type { ReportData } from '../report-data.ts';
import type { Block, Figure, Section, Table, Text } from '../report-document.ts';
import { epochAxis, lossFigure, type TrainedModel } from './loss-figure.ts';

/** How the training went: loss by epoch, the learning rate where it changes, and times. */
export function trainingSection({ run, codecs: evaluated }: ReportData): Section | undefined {
  if (run.models.length === 0) return undefined;
  const colours = new Map(evaluated.map(({ id, style }) => [id, style.colour]));
  const colourOf = ({ id }: TrainedModel): string => colours.get(id) ?? 'currentColor';
  const trained = run.models.filter(
    (model): model is TrainedModel => model.kind !== 'pca' && model.epochs.length > 0,
  );
  const codecs = trained.filter(({ kind }) => kind === 'autoencoder');
  const classifiers = trained.filter(({ kind }) => kind === 'classifier');
  const changing = trained.filter(
    ({ epochs }) => new Set(epochs.map(({ learningRate }) => learningRate)).size > 1,
  );
  const codecLosses = {
    title: 'Loss of the codecs by epoch',
    label: 'loss',
    meaning: 'Each codec’s own loss, which for some has more in it than the reconstruction error.',
    colourOf,
  };
  const classifierLosses = {
    title: 'Loss of the classifiers by epoch',
    label: 'loss, nats',
    meaning: 'Cross-entropy.',
    colourOf,
  };
  const blocks: Block[] = [
    ...(codecs.length === 0 ? [] : [lossFigure(codecs, codecLosses)]),
    ...(classifiers.length === 0 ? [] : [lossFigure(classifiers, classifierLosses)]),
    ...(changing.length === 0 ? [] : [rateFigure(changing, colourOf)]),
    trainingTable(run.models),
  ];
  return { id: 'training', title: 'Training', blocks };
}

function rateFigure(models: readonly TrainedModel[], colourOf: (model: TrainedModel) => string): Figure {
  const panels = models.map((model) => {
    const { id, epochs } = model;
    const picture = chart({
      ariaLabel: `Learning rate of ${id} by epoch`,
      width: 264,
      height: 150,
      marginLeft: 50,
      marginRight: 10,
      marginTop: 24,
      marginBottom: 36,
      x: { label: 'epoch', labelArrow: 'none', labelAnchor: 'center', ...epochAxis(epochs.length) },
      y: { label: 'learning rate', labelArrow: 'none', grid: true, zero: true, ticks: 4, tickFormat: '~g' },
      marks: [lineY(epochs, { x: 'epoch', y: 'learningRate', stroke: colourOf(model), strokeWidth: 2 })],
    });
    return html`<div>
      <h3>${id}</h3>
      ${picture}
    </div>`;
  });
  return {
    kind: 'figure',
    title: 'Learning rate by epoch',
    caption: 'That of each epoch’s last step. Models whose learning rate stays the same are left out.',
    picture: html`<div class="multiples of-three">${panels}</div>`,
  };
}

/** Which epoch the exported weights are of. */
function keptText(model: Exclude<RunModel, { kind: 'pca' }>): string {
  const unfinished = unfinishedEpoch(model);
  return unfinished === undefined ? String(model.keptEpoch) : `part of ${unfinished}`;
}

/** What the files do to the weights that the models were trained to, for the caption. */
function storedText(models: readonly RunModel[]): string {
  const rounded = [...new Set(models.map(({ weights }) => weights))].filter(
    (weights) => weights !== 'float32',
  );
  return rounded.length === 0
    ? ''
    : `; the files store weights rounded to ${rounded.join(' or ')}, and all figures of the test set are those of the files`;
}

function trainingTable(models: readonly RunModel[]): Table {
  const endings = {
    epochs: 'all epochs',
    'early-stop': 'no more progress',
    'time-limit': 'time limit',
  } as const;
  const rows = models.map((model): Text[] => {
    const { id, epochs, trainingMs, exportCheck } = model;
    const last = epochs.at(-1);
    return [
      id,
      last === undefined ? nothing : String(epochs.length),
      model.kind === 'pca' ? nothing : keptText(model),
      model.kind === 'pca' ? 'fitted at once' : endings[model.endedBy],
      last === undefined ? nothing : last.trainLoss.toPrecision(4),
      (trainingMs / 1000).toFixed(1),
      last === undefined
        ? nothing
        : (epochs.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000 / epochs.length).toFixed(2),
      exportCheck.largestDifference === 0 ? '0' : exportCheck.largestDifference.toExponential(1),
    ];
  });
  return {
    kind: 'table',
    title: 'Training',
    caption:
      'The last column is the largest difference of any output of the exported files from the model they were exported ' +
      `from, on ${models[0].exportCheck.images} images${storedText(models)}.`,
    head: [
      { text: 'model' },
      { text: 'epochs', numeric: true },
      { text: 'kept', numeric: true },
      { text: 'ended by' },
      { text: 'last loss', numeric: true },
      { text: 'training, s', numeric: true },
      { text: 's per epoch', numeric: true },
      { text: 'export', numeric: true },
    ],
    rows,
  };
}
