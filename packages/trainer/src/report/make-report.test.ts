import { wilsonInterval, type RunManifest } from '@narrows/shared';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { syntheticRun, syntheticRunFile } from '../testing/synthetic-run.ts';
import { makeReport, type Report } from './make-report.ts';
import { makeRun, type MadeRunOptions } from './testing/made-run.ts';

const made = (options: MadeRunOptions): Report => {
  const { run, readFile } = makeRun(options);
  return makeReport(run, readFile);
};
const parse = ({ html }: Report): Document => parseHTML(html).document;
const clean = (text: string): string => text.replace(/\s+/g, ' ').trim();
const headings = (report: Report): string[] =>
  [...parse(report).querySelectorAll('h2')].map(({ textContent }) => clean(textContent));

/** The cells of the table with this title, its head first. */
function tableRows(document: Document, title: string): string[][] {
  const table = [...document.querySelectorAll('table')].find((one) =>
    clean(one.querySelector('caption')!.textContent).includes(title),
  )!;
  return [...table.querySelectorAll('tr')].map((row) =>
    [...row.children].map((cell) => clean(cell.textContent)),
  );
}

describe('the report of a whole run', () => {
  let report: Report;
  let document: Document;
  beforeAll(() => {
    report = makeReport(syntheticRun, syntheticRunFile);
    document = parse(report);
  });

  test('has a section for everything', () => {
    expect(headings(report)).toEqual([
      'Results beside the study’s',
      'What the classifier still recognises',
      'Originals and what comes out',
      'Error by class',
      'What is taken for what',
      'Single images',
      'Principal components',
      'Maps of the latent spaces',
      'Training',
      'How it was made, and how to repeat it',
    ]);
  });

  test('answers the question from the figures', () => {
    const answer = [...document.querySelectorAll('header > p')].map(({ textContent }) => clean(textContent));
    expect(answer.slice(1)).toEqual([
      'Of all codecs here, basic autoencoder, latent 32 serves the classifier best on these test images, 1 image ahead of PCA, 2 components. Through basic autoencoder, latent 32, 32 numbers in place of 64 pixel values, the CNN classifier recognises 100.00 % of the 10 test images, against 100.00 % of the originals. It loses 0 images that it knew, and gains 0 that it did not.',
      'Its reconstructions are also the closest, with a mean squared error of 0.005500 (22.6 dB). Most is lost through PCA, 2 components, which leaves 90.00 %, 1 image fewer than the originals.',
    ]);
  });

  test('errors stand beside the study’s, with the difference', () => {
    const [head, basic, pca] = tableRows(document, 'Reconstruction error on the test set');
    expect(head).toEqual([
      'codec',
      'what it is',
      'latent',
      'values per latent',
      'parameters',
      'SSIM',
      'PSNR, dB',
      'MSE',
      'MSE, study',
      'difference',
    ]);
    const { ssim } = syntheticRun.evaluation.codecs[0];
    expect(basic).toEqual([
      'basic-32',
      'basic autoencoder, latent 32',
      '32',
      '2.0×',
      '24,928',
      ssim.toFixed(4),
      '22.60',
      '0.005500',
      '0.009948',
      '−44.7 %',
    ]);
    expect(pca.slice(-3)).toEqual(['0.100000', '–', '–']);
  });

  test('accuracies have their interval and stand beside the study’s', () => {
    const rows = tableRows(document, 'Classification of the test set');
    const percent = (value: number): string => (100 * value).toFixed(2);
    const all = wilsonInterval(10, 10);
    const most = wilsonInterval(9, 10);
    expect(rows[1]).toEqual([
      'originals',
      '100.00 %',
      `${percent(all.low)}–100.00 %`,
      '–',
      '98.89 %',
      '+1.11',
      '0.0200',
      '0.0431',
    ]);
    expect(rows[3]).toEqual([
      'pca-2',
      '90.00 %',
      `${percent(most.low)}–${percent(most.high)} %`,
      '−10.00',
      '–',
      '–',
      '1.5000',
      '–',
    ]);
  });

  test('errors by class stand beside the study’s', () => {
    const rows = tableRows(document, 'Reconstruction error by class');
    expect(rows[0]).toEqual(['class', 'basic-32', 'basic-32, study', 'pca-2']);
    expect(rows[1]).toEqual(['0', '0.001000', '0.009950', '0.100000']);
    expect(rows.at(-1)).toEqual(['all', '0.005500', '0.009948', '0.100000']);
  });

  test('a confusion is drawn and told in numbers', () => {
    const rows = tableRows(document, 'The CNN classifier on pca-2');
    expect(rows[10]).toEqual(['9', '·', '·', '·', '·', '1', '·', '·', '·', '·', '·']);
    const maps = [...document.querySelectorAll('svg.heat')];
    expect(maps.map((map) => map.getAttribute('aria-label'))).toEqual([
      'Confusion matrix of the CNN classifier on originals',
      'Confusion matrix of the CNN classifier on basic-32',
      'Confusion matrix of the CNN classifier on pca-2',
    ]);
    const errors = maps.map((map) => map.querySelectorAll('rect[fill="var(--heat)"]').length);
    expect(errors).toEqual([0, 0, 1]);
  });

  test('an image that is lost on the way is shown with both answers', () => {
    const cards = [...document.querySelectorAll('.cards.pairs li')].map(({ textContent }) =>
      clean(textContent),
    );
    expect(cards).toEqual(['9 → 4 98 % → 90 %']);
    expect(tableRows(document, 'These images, the answer')).toContainEqual([
      'pca-2',
      '9',
      '9 (98.0 %)',
      '4 (90.0 %)',
    ]);
  });

  test('maps show every point, with the quality of each', () => {
    expect(document.querySelectorAll('svg.map')).toHaveLength(4);
    expect(tableRows(document, 'Neighbours in each space')[1]).toEqual([
      'pixels',
      '90.00 %',
      '1.0000',
      '80.00 %',
      '0.9500',
      '70.00 %',
      '0.9250',
    ]);
  });

  test('training tells how it ended and what was kept', () => {
    expect(tableRows(document, 'Training.')[3]).toEqual([
      'cnn',
      '2',
      '1',
      'no more progress',
      '0.1250',
      '150.0',
      '75.00',
      '1.0e-5',
    ]);
    const charts = [...document.querySelectorAll('#training svg[role=img]')].map((svg) =>
      svg.getAttribute('aria-label'),
    );
    expect(charts).toEqual([
      'Loss of basic-32 by epoch',
      'Loss of cnn by epoch',
      'Learning rate of cnn by epoch',
    ]);
  });

  test('training tells weights from an unfinished epoch, and its time counts in no epoch', () => {
    const models = syntheticRun.models.map((model) =>
      model.kind === 'autoencoder' ? { ...model, endedBy: 'time-limit' as const, trainingMs: 26_000 } : model,
    );
    const changed = parse(makeReport({ ...syntheticRun, models }, syntheticRunFile));
    const [, row] = tableRows(changed, 'Training.');
    expect(row.slice(0, 7)).toEqual(['basic-32', '2', 'part of 3', 'time limit', '0.01235', '26.0', '10.00']);
    const rings = (page: Document): number =>
      page.querySelectorAll('#training svg[aria-label="Loss of basic-32 by epoch"] circle[r="5"]').length;
    expect([rings(document), rings(changed)]).toEqual([1, 0]);
  });

  test('figures and tables are numbered without a gap', () => {
    const numbers = (selector: string, kind: string): number[] =>
      [...document.querySelectorAll(selector)].flatMap(({ textContent }) => {
        const found = new RegExp(`^${kind} (\\d+)\\.`).exec(clean(textContent));
        return found === null ? [] : [Number(found[1])];
      });
    const figures = numbers('figcaption', 'Figure');
    expect(figures).toEqual(figures.map((_, i) => i + 1));
    expect(figures.length).toBe(document.querySelectorAll('figure').length);
    const tables = numbers('caption', 'Table');
    expect(tables).toEqual(tables.map((_, i) => i + 1));
    expect(tables.length).toBeGreaterThan(4);
  });

  test('the page refers to nothing outside and runs nothing', () => {
    const attributes = [...report.html.matchAll(/\s(?:src|href|xlink:href|action|srcset)="([^"]*)"/g)].map(
      ([, value]) => value,
    );
    expect(attributes.length).toBeGreaterThan(10);
    for (const value of attributes) expect(value).toMatch(/^(#|data:)/);
    expect(report.html).not.toMatch(/<script|@import|url\(|\son\w+="/);
  });

  test('every picture says what it shows', () => {
    for (const image of document.querySelectorAll('img')) expect(image.getAttribute('alt')).toMatch(/\w/);
    for (const svg of document.querySelectorAll('svg')) {
      if (svg.getAttribute('aria-hidden') !== 'true') expect(svg.getAttribute('aria-label')).toMatch(/\w/);
    }
  });

  test('elements are closed in the order in which they were opened', () => {
    const empty = new Set(['meta', 'link', 'img', 'br']);
    const open: string[] = [];
    const page = report.html.replace(/<style>[^]*?<\/style>/, '');
    for (const [, close, name, rest] of page.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:[^>"]|"[^"]*")*)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (!rest.endsWith('/') && !empty.has(name)) open.push(name);
    }
    expect(open).toEqual([]);
  });

  test('Markdown has the same sections and tables, and the captions of all figures', () => {
    expect([...report.markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(headings(report));
    expect(report.markdown).toContain('| `basic-32` | basic autoencoder, latent 32 | 32 |');
    expect(report.markdown).toContain('| **0.005500** | 0.009948 | −44.7 % |');
    const figures = document.querySelectorAll('figure').length;
    expect([...report.markdown.matchAll(/^\*\*Figure \d+\. /gm)]).toHaveLength(figures);
    expect(report.markdown).not.toContain('<svg');
    for (const block of report.markdown.split('\n\n')) {
      const rows = block.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBeLessThanOrEqual(1);
    }
  });

  test('the same run gives the same bytes, whether or not a report of it is listed already', () => {
    const listed: RunManifest = {
      ...syntheticRun,
      files: [...syntheticRun.files, { path: 'report/index.html', sizeBytes: 1, sha256: 'c'.repeat(64) }],
    };
    expect(makeReport(listed, syntheticRunFile)).toEqual(report);
  });
});

describe('a report of part of a study', () => {
  test('without codecs has nothing about them', () => {
    const report = made({ basic: [] });
    expect(headings(report)).toEqual([
      'Results',
      'What is taken for what',
      'Single images',
      'Training',
      'How it was made, and how to repeat it',
    ]);
    expect(report.markdown).toContain(
      'The model cnn recognises 100.00\u00a0% of the 6 test images as they are',
    );
  });

  test('without a classifier has nothing about recognition', () => {
    const report = made({ classifiers: [], basic: [2, 5] });
    expect(headings(report)).toEqual([
      'Results',
      'Originals and what comes out',
      'Error by class',
      'Training',
      'How it was made, and how to repeat it',
    ]);
    expect(report.markdown).toContain(
      'Of 2 codecs, the closest reconstructions are those of **model basic-5**: 5 numbers in place of 20 pixel values',
    );
    expect(report.markdown).toContain('No classifier was evaluated');
  });

  test('of PCA alone has its components and no curves', () => {
    const report = made({ basic: [], pca: [2], classifiers: [] });
    expect(headings(report)).toContain('Principal components');
    expect(parse(report).querySelector('#training svg')).toBeNull();
    expect(report.markdown).toContain('The codec of this run is **model pca-2**');
  });

  test('of one epoch shows it as a dot', () => {
    const dots = (epochs: number): number =>
      parse(made({ epochs })).querySelectorAll('#training svg [aria-label=dot] circle').length;
    // Of both models: the loss, and the ring around it; with two epochs the ring alone.
    expect(dots(1)).toBe(4);
    expect(dots(2)).toBe(2);
  });

  test('of one epoch has numbers on the axis of losses', () => {
    const axes = parse(made({ epochs: 1 })).querySelectorAll(
      '#training svg [aria-label="y-axis tick label"]',
    );
    expect(axes.length).toBeGreaterThan(0);
    for (const axis of axes) expect(axis.querySelectorAll('text').length).toBeGreaterThanOrEqual(2);
  });

  test('of no models at all is still a page', () => {
    expect(headings(made({ basic: [], classifiers: [] }))).toEqual(['How it was made, and how to repeat it']);
  });
});

describe('any dataset', () => {
  test('has the study’s figures only where they belong', () => {
    expect(made({}).markdown).not.toMatch(/study’s|, study/);
    const { html } = makeReport(
      { ...syntheticRun, dataset: { ...syntheticRun.dataset, name: 'other' } },
      syntheticRunFile,
    );
    expect(html).not.toMatch(/study’s|, study/);
  });

  test('may have classes of any name', () => {
    const classNames = ['<b>bold</b>', 'a|b "c"', '`x`_*y*_'];
    const report = made({ classNames, mapPoints: 9 });
    const document = parse(report);
    expect(document.querySelectorAll('main b b')).toHaveLength(0);
    expect(
      tableRows(document, 'Reconstruction error by class')
        .slice(1, 4)
        .map(([name]) => name),
    ).toEqual(classNames);
    expect(
      [...document.querySelectorAll('svg.map')[0].querySelectorAll('text')].map(
        ({ textContent }) => textContent,
      ),
    ).toEqual(classNames);
    expect(report.html).not.toContain('<b>bold');
    expect(report.markdown).toContain('| a\\|b "c" |');
    expect(report.markdown).not.toMatch(/(?<!\\)<b/);
  });

  test('may be of colour', () => {
    const report = made({ imageShape: [6, 5, 3], pca: [4] });
    const document = parse(report);
    expect(report.html).toContain('class="scale unsigned"');
    expect(document.querySelectorAll('.components img')).toHaveLength(4);
    const [strip] = document.querySelectorAll('.strips img');
    expect([strip.getAttribute('width'), strip.getAttribute('height')]).toEqual([String(2 * 6 - 1), '6']);
  });

  test('with many classes tells the most frequent confusions instead of whole matrices', () => {
    const classNames = Array.from({ length: 30 }, (_, i) => `class ${i}`);
    const report = made({ classNames, mapPoints: 30 });
    const document = parse(report);
    expect(document.querySelectorAll('svg.heat text')).toHaveLength(0);
    expect(document.querySelectorAll('svg.map text')).toHaveLength(0);
    expect(tableRows(document, 'The model cnn on basic-3')).toEqual([
      ['true', 'predicted', 'images'],
      ['class 0', 'class 1', '1'],
    ]);
  });

  test('a classifier that was trained on reconstructions is shown with these', () => {
    const document = parse(made({ basic: [2, 3], classifiers: ['original', 'basic-3'] }));
    const labels = [...document.querySelectorAll('svg.heat')].map((map) => map.getAttribute('aria-label'));
    expect(labels).toEqual([
      'Confusion matrix of the model cnn on originals',
      'Confusion matrix of the model cnn on basic-2',
      'Confusion matrix of the model cnn on basic-3',
      'Confusion matrix of the model cnn-on-basic-3 on originals',
      'Confusion matrix of the model cnn-on-basic-3 on basic-3',
    ]);
    expect(tableRows(document, 'Classification of the test set').map(([name]) => name)).toEqual([
      'classifier',
      'cnn',
      'cnn',
      'cnn',
      'cnn-on-basic-3',
      'cnn-on-basic-3',
      'cnn-on-basic-3',
    ]);
  });
});
