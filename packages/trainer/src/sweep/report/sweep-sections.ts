import { axisY, gridY } from '@observablehq/plot';
import { psnr, type SweepResult } from '@narrows/shared';
import { responsiveChart } from '../../report/chart.ts';
import { html } from '../../report/html.ts';
import { linearTicks } from '../../report/linear-ticks.ts';
import { logTicks } from '../../report/log-ticks.ts';
import { countText } from '../../report/number-text.ts';
import type { Figure, Section } from '../../report/report-document.ts';
import { spreadText } from './spread-text.ts';
import { curveChart, curveLegend, familyCurves, seedsCaption, widthAxis } from './sweep-curves.ts';
import { familyTable, rateTable, thresholdTable } from './sweep-tables.ts';

const ringCaption =
  'Rings mark the Pareto front on these test images: no other point is better in one of the two and no worse in the other.';

/** Mean squared error over width, both logarithmic, with PSNR as a second reading. */
export function errorSection(result: SweepResult): Section {
  const curves = familyCurves(result);
  const values = curves.flatMap(({ points }) =>
    points.flatMap(({ plain }) => [plain.mse.min, plain.mse.max]),
  );
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // Widths that lose nothing have no place on a logarithmic axis.
  const logarithmic = low > 0;
  const errors = logarithmic ? logTicks(low / 1.15, high * 1.15) : [];
  const decibels = logarithmic ? linearTicks(psnr(high * 1.15), psnr(low / 1.15), { count: 6 }) : [];
  const figure: Figure = {
    kind: 'figure',
    title: 'Reconstruction error against width',
    caption:
      `Mean squared error over all pixels of ${countText(result.testCount)} test images, pixels in [0, 1]; on the right ` +
      `the same as PSNR. ${seedsCaption(result)}${logarithmic ? 'Both axes are logarithmic. ' : ''}${ringCaption}`,
    picture: html`${curveLegend(curves)}${responsiveChart((width) =>
      curveChart(width, {
        ariaLabel: 'Mean squared error against number of latent values, a line for each family of codecs',
        curves,
        x: ({ latent }) => latent,
        y: ({ plain }) => plain.mse,
        front: result.fronts.latentMse,
        marginRight: 46,
        axes: {
          x: widthAxis(result.grid.latents, width),
          y: logarithmic
            ? { type: 'log', domain: [low / 1.15, high * 1.15], axis: null }
            : { axis: 'left', grid: true, zero: true, label: 'mean squared error', labelArrow: 'none' },
        },
        extra: logarithmic
          ? [
              gridY(errors),
              axisY(errors, {
                label: 'mean squared error',
                labelArrow: 'none',
                tickFormat: '~g',
              }),
              axisY(
                decibels.map((value) => 10 ** (-value / 10)),
                {
                  anchor: 'right',
                  label: 'PSNR, dB',
                  labelArrow: 'none',
                  tickFormat: (mse: number) => psnr(mse).toFixed(decibels.every(Number.isInteger) ? 0 : 1),
                },
              ),
            ]
          : [],
      }),
    )}`,
    data: [
      familyTable(result, 'Mean squared error', ({ plain, trials }) =>
        spreadText(plain.mse, { digits: 5, trials }),
      ),
    ],
  };
  return { id: 'error', title: 'How close the reconstructions come', blocks: [figure] };
}

/** Accuracy over width, whole and near the originals', with where each family falls. */
export function recognitionSection(result: SweepResult): Section {
  const curves = familyCurves(result);
  const originals = 100 * result.classifier.accuracy;
  const draw = (domain: readonly [number, number], ariaLabel: string) =>
    html`${curveLegend(curves)}${responsiveChart((width) =>
      curveChart(width, {
        ariaLabel,
        curves,
        x: ({ latent }) => latent,
        y: ({ plain }) => plain.accuracy,
        scale: 100,
        front: result.fronts.latentAccuracy,
        rule: { at: originals, name: 'originals' },
        axes: {
          x: widthAxis(result.grid.latents, width),
          y: { domain: [...domain], grid: true, label: 'accuracy, %', labelArrow: 'none', ticks: 6 },
        },
      }),
    )}`;
  const lowest = Math.min(
    originals,
    ...curves.flatMap(({ points }) => points.map(({ plain }) => 100 * plain.accuracy.min)),
  );
  const highest = Math.max(
    originals,
    ...curves.flatMap(({ points }) => points.map(({ plain }) => 100 * plain.accuracy.max)),
  );
  const isNear = lowest > originals - 2 * nearPoints;
  const judge =
    result.classifier.mode === 'fixed'
      ? 'one classifier, trained on originals,'
      : 'classifiers, each trained on the reconstructions of one codec,';
  const whole: Figure = {
    kind: 'figure',
    title: 'Accuracy against width',
    caption:
      `Share of the reconstructed test images that ${judge} recognises; the dashed line is the classifier that was trained ` +
      `on originals, on the originals. ${seedsCaption(result)}${ringCaption}`,
    picture: draw(
      [Math.max(0, lowest - 3), Math.min(100, Math.max(highest, originals) + 3)],
      'Accuracy on reconstructions against number of latent values, a line for each family of codecs',
    ),
    data: [
      familyTable(result, 'Accuracy, %', ({ plain, trials }) =>
        spreadText(plain.accuracy, { digits: 2, trials, scale: 100 }),
      ),
    ],
  };
  const near: Figure = {
    kind: 'figure',
    title: `The same within ${nearPoints} points of the originals`,
    caption: `The top of the figure above. What lies further down is cut off.`,
    picture: draw(
      [originals - nearPoints, Math.min(100, Math.max(highest, originals) + 0.6)],
      `Accuracy on reconstructions within ${nearPoints} percentage points of that on originals`,
    ),
  };
  return {
    id: 'recognition',
    title: 'What the classifier still recognises',
    blocks: [whole, ...(isNear ? [] : [near]), thresholdTable(result)],
  };
}

/** Points below the originals that are shown once more, larger. */
const nearPoints = 8;

/** Accuracy over bits of the quantised code. */
export function rateSection(result: SweepResult): Section {
  const curves = familyCurves(result).map((curve) => ({
    ...curve,
    // A code that says nothing has no place on a logarithmic axis.
    points: curve.points.filter(({ coded }) => coded.bits.mean > 0),
  }));
  const bits = curves.flatMap(({ points }) => points.map(({ coded }) => coded.bits.mean));
  const accuracies = curves.flatMap(({ points }) =>
    points.flatMap(({ coded }) => [100 * coded.accuracy.min, 100 * coded.accuracy.max]),
  );
  const originals = 100 * result.classifier.accuracy;
  const figure: Figure = {
    kind: 'figure',
    title: 'Accuracy against the bits of the code',
    caption:
      'Each latent value rounded to one of 256 levels over its range on training images; bits are the entropies of the ' +
      `levels on the test images, summed over the values. Accuracy is that on what is decoded from the levels. ` +
      `${seedsCaption(result)}${ringCaption}`,
    picture: html`${curveLegend(curves)}${responsiveChart((width) =>
      curveChart(width, {
        ariaLabel:
          'Accuracy on reconstructions from quantised codes against bits per image, a line for each family',
        curves,
        x: ({ coded }) => coded.bits.mean,
        y: ({ coded }) => coded.accuracy,
        scale: 100,
        front: result.fronts.bitsAccuracy,
        rule: { at: originals, name: 'originals' },
        axes: {
          x: {
            type: 'log',
            base: 2,
            domain: [Math.min(...bits) / 1.15, Math.max(...bits) * 1.15],
            label: 'bits per image',
            labelArrow: 'none',
            labelAnchor: 'center',
            ticks: bits.length === 0 ? [] : bitTicks(Math.min(...bits) / 1.15, Math.max(...bits) * 1.15),
            tickFormat: (value: number) => countText(value),
          },
          y: {
            domain: [
              Math.max(0, Math.min(originals, ...accuracies) - 3),
              Math.min(100, Math.max(originals, ...accuracies) + 3),
            ],
            grid: true,
            label: 'accuracy, %',
            labelArrow: 'none',
            ticks: 6,
          },
        },
      }),
    )}`,
    data: [
      familyTable(result, 'Bits per image', ({ coded, trials }) =>
        spreadText(coded.bits, { digits: 1, trials }),
      ),
      familyTable(result, 'Accuracy from the quantised code, %', ({ coded, trials }) =>
        spreadText(coded.accuracy, { digits: 2, trials, scale: 100 }),
      ),
    ],
  };
  return {
    id: 'bits',
    title: 'What it costs in bits',
    blocks: [
      figure,
      {
        kind: 'paragraph',
        text:
          'The bits are what an ideal coder with a fixed table for each latent value would need. They leave out the tables, ' +
          'what could be saved because the values depend on each other, and that values of little variance would do with ' +
          'fewer levels. As it is, a latent vector takes 32 bits for each value.',
      },
      rateTable(result),
    ],
  };
}

/** Powers of two within a range, or closer ticks where these are too few. */
function bitTicks(low: number, high: number): number[] {
  const from = Math.ceil(Math.log2(low));
  const powers = Array.from(
    { length: Math.max(0, Math.floor(Math.log2(high)) - from + 1) },
    (_, i) => 2 ** (from + i),
  );
  return powers.length < 2 ? logTicks(low, high) : powers;
}
