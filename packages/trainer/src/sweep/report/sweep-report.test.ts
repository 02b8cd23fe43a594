import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { syntheticSweep, syntheticTrial } from '../testing/synthetic-sweep.ts';
import { seedsCaption } from './sweep-curves.ts';
import { sweepReport } from './sweep-report.ts';

const { html, markdown } = sweepReport(syntheticSweep());
const { document } = parseHTML(html);
const textOf = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent.replace(/\s+/g, ' ').trim());

test('the page needs nothing from elsewhere and runs no scripts', () => {
  expect(document.querySelectorAll('script, link:not([rel=icon]), img:not([src^="data:"])')).toHaveLength(0);
  expect(html).not.toMatch(/(?:src|href)="https?:|url\(http|@import/);
});

test('every figure has a number, a title, a caption, a name for those who cannot see it, and units on its axes', () => {
  expect(textOf('figcaption b')).toStrictEqual([
    'Figure 1. Accuracy against width.',
    'Figure 2. The same within 8 points of the originals.',
    'Figure 3. Reconstruction error against width.',
    'Figure 4. Accuracy against the bits of the code.',
  ]);
  for (const figure of document.querySelectorAll('figure')) {
    const charts = [...figure.querySelectorAll('.when-wide svg.chart, .when-narrow svg.chart')];
    expect(charts).toHaveLength(2);
    for (const chart of charts) {
      expect(chart.getAttribute('aria-label')).toMatch(/ against | within /);
      const labels = [...chart.querySelectorAll('[aria-label$="axis label"]')].map(
        (label) => label.textContent,
      );
      expect(labels.length).toBeGreaterThanOrEqual(2);
    }
  }
});

test('every drawn number is finite', () => {
  expect(html).not.toMatch(/NaN|Infinity|undefined/);
});

test('bands are there for families with several seeds alone, and say what they are', () => {
  const [figure] = document.querySelectorAll('figure');
  const bands = figure.querySelectorAll('.when-wide [aria-label="area"] path');
  const filled = [...bands].map((band) => band.getAttribute('d'));
  expect(filled.length).toBeGreaterThan(0);
  expect(figure.textContent).toContain(
    'bands reach from the least to the greatest value; pca-L has one trial a width',
  );
});

test('the answer is in sentences made from the thresholds', () => {
  const [first, second, third] = textOf('header > p:not(.run)');
  expect(first).toBe(
    '32 latent values are enough to stay within one percentage point of the 96.00 % that the classifier recognises of ' +
      'the originals, with pca-L.',
  );
  expect(third).toBe(
    'All of it describes these 2,000 test images, thresholds and Pareto fronts too: for others like them, the accuracy on ' +
      // Wilson's interval for 1920 of 2000 reaches from 95.05 to 96.78 %.
      'originals is known to ±0.86 percentage points (95 % Wilson interval).',
  );
  expect(second).toBe(
    'pca-L stays within one point at 32, its widest, and loses more than five below; basic-L-linear stays within five ' +
      'points from 8 values on, and never within one.',
  );
});

test('figures stand in tables with their spread, in the page as in Markdown', () => {
  expect(markdown).toContain('| 8 | 73.00 | 92.50 ± 0.71 |');
  expect(markdown).toContain('| `basic-L-linear` | – | 8 |');
  expect(markdown).toContain('| `basic-L-linear` | 8 | 8,000 | 0.02550 ± 0.00071 | 15.93 | 92.50 ± 0.71 |');
  const rows = [...document.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent.trim()),
  );
  expect(rows).toContainEqual([
    'basic-L-linear',
    '8',
    '8,000',
    '0.02550 ± 0.00071',
    '15.93',
    '92.50 ± 0.71',
    '0.500 ± 0.000',
  ]);
});

test('what was typed stands in it as the command that makes it again', () => {
  expect(textOf('pre')[0]).toContain(
    '--families=pca-L,basic-L-linear \\ --latents=2,8,32 \\ --seeds=1,2 \\ --epochs=4',
  );
  expect(textOf('pre')[0]).toContain('--train-limit=12000 \\ --test-limit=2000');
});

describe('what is missing', () => {
  test('failed trials are named, and a point without trials is a dash', () => {
    const whole = syntheticSweep();
    const sweep = syntheticSweep(whole.trials.filter(({ model }) => model !== 'basic-8-linear'));
    const report = sweepReport({
      ...sweep,
      failures: [{ id: 'basic-8-linear-s1', reason: 'its <loss> | is NaN' }],
    });
    expect(report.markdown).toContain('| `basic-8-linear-s1` | its \\<loss\\> \\| is NaN |');
    expect(report.html).toContain('its &lt;loss&gt; | is NaN');
    expect(report.markdown).toContain('| 8 | 73.00 | – |');
  });

  test('families that lost a trial are not said to have one a width, and means are over up to so many seeds', () => {
    const whole = syntheticSweep();
    const trials = whole.trials.filter(({ id }) => id !== 'basic-8-linear-s1');
    const failures = [{ id: 'basic-8-linear-s1', reason: 'its loss is NaN' }];
    const caption = (all: typeof trials): string =>
      seedsCaption({ ...syntheticSweep(all), failures: all === trials ? failures : [] });
    expect(caption(trials)).toBe(
      'Lines join the means over up to 2 seeds, bands reach from the least to the greatest value; pca-L has one trial a ' +
        'width, without a band. ',
    );
    const single = whole.trials.filter(({ seed }) => seed !== 2);
    expect(caption(single)).toBe(
      'Lines join the means over 2 seeds, bands reach from the least to the greatest value; pca-L and basic-L-linear have ' +
        'one trial a width, without a band. ',
    );
  });

  test('one trial of one family, without error and bits, still makes a report', () => {
    const perfect = syntheticTrial(
      { family: 'pca-L', latent: 2, seed: null },
      { mse: 0, accuracy: 1, bits: 0 },
    );
    const sweep = syntheticSweep([perfect]);
    const grid = { families: ['pca-L'], latents: [2], seeds: [1] };
    const report = sweepReport({ ...sweep, grid });
    expect(report.html).not.toMatch(/NaN|Infinity|undefined/);
    expect(report.markdown).toContain('Each point is one trial.');
  });
});

describe('a sweep of few widths', () => {
  const sweepOf = (widths: Readonly<Record<number, number>>): Document => {
    const trials = Object.entries(widths).map(([latent, accuracy]) =>
      syntheticTrial({ family: 'pca-L', latent: Number(latent), seed: null }, { accuracy, mse: 0.0117 }),
    );
    const grid = { families: ['pca-L'], latents: Object.keys(widths).map(Number), seeds: [1] };
    return parseHTML(sweepReport({ ...syntheticSweep(trials), grid }).html).document;
  };
  const answers = (widths: Readonly<Record<number, number>>): (string | undefined)[] =>
    [...sweepOf(widths).querySelectorAll('header > p:not(.run)')]
      .slice(0, 2)
      .map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());

  test('says nothing of widths below those that were swept', () => {
    expect(answers({ 2: 0.955, 8: 0.957 })[1]).toBe('pca-L stays within one point at every width.');
    expect(answers({ 2: 0.93, 8: 0.957 })[1]).toBe(
      'pca-L stays within one point at 8, its widest, and within five at every width.',
    );
    expect(answers({ 4: 0.95 })[1]).toBe('pca-L stays within one point at 4, its only width.');
    expect(answers({ 2: 0.3, 8: 0.957, 32: 0.96 })[1]).toBe(
      'pca-L stays within one point from 8 values on, and loses more than five below.',
    );
  });

  test('counts one value as one', () => {
    expect(answers({ 1: 0.955 })[0]).toMatch(/^1 latent value is enough to stay/);
  });

  test('has numbers on every axis of a single point', () => {
    const figures = [...sweepOf({ 4: 0.955 }).querySelectorAll('figure')];
    expect(figures).toHaveLength(3);
    for (const axis of figures.flatMap((figure) => [
      ...figure.querySelectorAll('[aria-label="y-axis tick label"]'),
    ])) {
      expect(axis.querySelectorAll('text').length).toBeGreaterThanOrEqual(2);
    }
    const rate = figures[2].querySelectorAll('[aria-label="x-axis tick label"]');
    expect(rate).toHaveLength(2);
    for (const axis of rate) expect(axis.querySelectorAll('text').length).toBeGreaterThanOrEqual(2);
    const error = figures[1].querySelectorAll('.when-wide [aria-label="y-axis tick label"]');
    // Squared error on the left, PSNR on the right.
    expect(error).toHaveLength(2);
  });
});
