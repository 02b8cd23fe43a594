import { psnr, type SweepResult, type SweepSummary } from '@narrows/shared';
import { countText, countedText, nothing, percentText, signedText } from '../../report/number-text.ts';
import type { Column, DataTable, Section, Table, Text } from '../../report/report-document.ts';
import { spreadText } from './spread-text.ts';

const number = (text: string): Column => ({ text, numeric: true });

/** Every point of the grid with the latent vector as it is. */
export function pointSection({ summaries }: SweepResult): Section {
  const table: Table = {
    kind: 'table',
    title: 'Every point of the grid',
    caption: 'Means over the seeds, ± the sample standard deviation where there are several.',
    head: [
      { text: 'family' },
      number('latent'),
      number('parameters'),
      number('MSE'),
      number('PSNR, dB'),
      number('accuracy, %'),
      number('cross-entropy, nats'),
    ],
    rows: summaries.map(({ family, latent, parameterCount, trials, plain }): Text[] => [
      [{ code: family }],
      String(latent),
      countText(parameterCount),
      spreadText(plain.mse, { digits: 5, trials }),
      plain.mse.mean === 0 ? nothing : psnr(plain.mse.mean).toFixed(2),
      spreadText(plain.accuracy, { digits: 2, trials, scale: 100 }),
      spreadText(plain.crossEntropy, { digits: 3, trials }),
    ]),
  };
  return { id: 'points', title: 'All figures', blocks: [table] };
}

/** Bits of every point, and what quantising costs. */
export function rateTable({ summaries }: SweepResult): Table {
  return {
    kind: 'table',
    title: 'What quantising saves and costs',
    caption:
      'Bits per image as float32 and quantised to 256 levels; error and accuracy from the quantised code, and in how far ' +
      'they differ from those of the code as it is, in parts of the error and in percentage points. Means over the seeds.',
    head: [
      { text: 'family' },
      number('latent'),
      number('float32, bits'),
      number('quantised, bits'),
      number('quantised MSE'),
      number('difference'),
      number('quantised accuracy, %'),
      number('difference, points'),
    ],
    rows: summaries.map(({ family, latent, trials, plain, coded }): Text[] => [
      [{ code: family }],
      String(latent),
      countText(32 * latent),
      spreadText(coded.bits, { digits: 1, trials }),
      coded.mse.mean.toFixed(5),
      plain.mse.mean === 0 ? nothing : `${signedText(100 * (coded.mse.mean / plain.mse.mean - 1), 2)} %`,
      (100 * coded.accuracy.mean).toFixed(2),
      signedText(100 * (coded.accuracy.mean - plain.accuracy.mean), 2),
    ]),
  };
}

/** Where each family falls below the originals. */
export function thresholdTable({ grid, thresholds, classifier, summaries, testCount }: SweepResult): Table {
  const limits = [...new Set(thresholds.map(({ points }) => points))];
  const families = grid.families.filter((family) => summaries.some((summary) => summary.family === family));
  return {
    kind: 'table',
    title: 'Where each family falls',
    caption:
      `The narrowest width from which on, up to the widest, the mean accuracy stays within so many percentage points of ` +
      `the originals' ${percentText(classifier.accuracy)}, on these ${countedText(testCount, 'test image')}.`,
    head: [
      { text: 'family' },
      ...limits.map((points): Column => ({
        text: `within ${points} ${points === 1 ? 'point' : 'points'}`,
        numeric: true,
      })),
    ],
    rows: families.map((family): Text[] => [
      [{ code: family }],
      ...limits.map((points) => {
        const latent = thresholds.find((one) => one.family === family && one.points === points)?.latent;
        return latent === null || latent === undefined ? nothing : String(latent);
      }),
    ]),
  };
}

/** One number of every point: a row for each width, a column for each family. */
export function familyTable(
  { grid, summaries }: SweepResult,
  title: string,
  textOf: (summary: SweepSummary) => string,
): DataTable {
  return {
    title,
    head: [{ text: 'latent' }, ...grid.families.map((text): Column => ({ text, numeric: true }))],
    rows: grid.latents.map((latent): Text[] => [
      String(latent),
      ...grid.families.map((family) => {
        const summary = summaries.find((one) => one.family === family && one.latent === latent);
        return summary === undefined ? nothing : textOf(summary);
      }),
    ]),
  };
}
