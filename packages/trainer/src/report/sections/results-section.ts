import { psnr, referenceOf } from '@narrows/shared';
import { accuracyOf } from '../accuracy-interval.ts';
import { countText, errorText, nothing, percentText, signedText } from '../number-text.ts';
import type { Answers, ReportData } from '../report-data.ts';
import type { Column, Section, Table, Text } from '../report-document.ts';

/** What every codec and classifier reached on the test set, with the study's figures beside ours where it has them. */
export function resultsSection(data: ReportData): Section | undefined {
  const tables = [
    ...(data.codecs.length === 0 ? [] : [codecTable(data)]),
    ...(data.classifiers.length === 0 ? [] : [classificationTable(data)]),
  ];
  if (tables.length === 0) return undefined;
  const beside = referenceOf(data.run.dataset) === undefined ? 'Results' : 'Results beside the study’s';
  return { id: 'results', title: beside, blocks: tables };
}

function codecTable({ run, codecs }: ReportData): Table {
  const reference = referenceOf(run.dataset);
  const pixels = run.dataset.height * run.dataset.width * run.dataset.channels;
  const lowest = Math.min(...codecs.map(({ result }) => result.mse));
  const head: Column[] = [
    { text: 'codec' },
    { text: 'what it is' },
    { text: 'latent', numeric: true },
    { text: 'values per latent', numeric: true },
    { text: 'parameters', numeric: true },
    { text: 'SSIM', numeric: true },
    { text: 'PSNR, dB', numeric: true },
    { text: 'MSE', numeric: true },
  ];
  if (reference !== undefined) {
    head.push({ text: 'MSE, study', numeric: true }, { text: 'difference', numeric: true });
  }
  const rows = codecs.map(({ id, model, result: { mse, ssim } }) => {
    const row: Text[] = [
      [{ code: id }],
      model.title,
      countText(model.latent),
      ratioText(pixels / model.latent),
      countText(model.parameterCount),
      ssim.toFixed(4),
      mse === 0 ? '∞' : psnr(mse).toFixed(2),
      mse === lowest && codecs.length > 1 ? [{ strong: errorText(mse) }] : errorText(mse),
    ];
    if (reference !== undefined) {
      const theirs = reference.codecs.find((codec) => codec.id === id)?.mse;
      row.push(
        theirs === undefined ? nothing : errorText(theirs),
        theirs === undefined ? nothing : `${signedText(100 * (mse / theirs - 1), 1)} %`,
      );
    }
    return row;
  });
  return {
    kind: 'table',
    title: 'Reconstruction error on the test set',
    caption: [
      `Mean squared error over all pixel values, scaled to [0, 1], of ${countText(run.dataset.testCount)} test images; `,
      'structural similarity (1 is the same image) and peak signal-to-noise ratio say the same in other words.',
      ...(codecs.length > 1 ? [' The lowest error is in bold.'] : []),
    ],
    head,
    rows,
  };
}

function classificationTable({ run, classifiers, codecs }: ReportData): Table {
  const reference = referenceOf(run.dataset);
  const several = classifiers.length > 1;
  const head: Column[] = [
    ...(several ? [{ text: 'classifier' }] : []),
    { text: 'shown' },
    { text: 'accuracy', numeric: true },
    { text: '95\u00a0% interval', numeric: true },
    { text: 'from originals, points', numeric: true },
    ...(reference === undefined
      ? []
      : [
          { text: 'accuracy, study', numeric: true },
          { text: 'difference, points', numeric: true },
        ]),
    { text: 'loss', numeric: true },
    ...(reference === undefined ? [] : [{ text: 'loss, study', numeric: true }]),
  ];
  const rows = classifiers.flatMap(({ id, answers }) =>
    answers.map((entry): Text[] => {
      const { on, result } = entry;
      const { value, low, high } = accuracyOf(entry);
      const baseline = originalAccuracy(answers);
      const theirs = reference?.classifications.find((one) => one.classifier === id && one.on === on);
      const codec = codecs.find((one) => one.id === on);
      const shown: Text = codec === undefined ? 'originals' : [{ code: on }];
      return [
        ...(several ? [[{ code: id }]] : []),
        shown,
        percentText(value),
        `${percentText(low).slice(0, -2)}–${percentText(high)}`,
        codec === undefined || baseline === undefined ? nothing : signedText(100 * (value - baseline), 2),
        ...(reference === undefined
          ? []
          : [
              theirs === undefined ? nothing : percentText(theirs.accuracy),
              theirs === undefined ? nothing : signedText(100 * (value - theirs.accuracy), 2),
            ]),
        result.crossEntropy.toFixed(4),
        ...(reference === undefined ? [] : [theirs === undefined ? nothing : theirs.crossEntropy.toFixed(4)]),
      ];
    }),
  );
  const [{ model }] = classifiers;
  const who = several ? 'Each classifier' : `The ${model.title}`;
  return {
    kind: 'table',
    title: 'Classification of the test set',
    caption: `${who} is shown the test images as they are and as each codec gives them back. Accuracy with its 95\u00a0% Wilson interval; loss is the mean cross-entropy in nats.`,
    head,
    rows,
  };
}

/** How many pixel values a latent one stands for: `12.3×`, and whole from a hundred on. */
function ratioText(ratio: number): string {
  return `${ratio < 100 ? ratio.toFixed(1) : countText(Math.round(ratio))}×`;
}

function originalAccuracy(answers: readonly Answers[]): number | undefined {
  return answers.find(({ on }) => on === 'original')?.result.accuracy;
}
