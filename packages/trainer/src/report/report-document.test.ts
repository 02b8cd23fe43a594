import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { html } from './html.ts';
import { htmlPage } from './html-page.ts';
import { markdownReport, markdownText } from './markdown-report.ts';
import { asSentence, type Figure, type ReportDocument, type Table } from './report-document.ts';

const table = (title: string): Table => ({
  kind: 'table',
  title,
  caption: ['See ', { strong: 'this' }, ' and ', { code: 'a|b' }, '.'],
  head: [{ text: 'name|' }, { text: 'value', numeric: true }],
  rows: [
    ['<b>', '1'],
    [[{ code: 'x' }], '2'],
  ],
});
const figure: Figure = {
  kind: 'figure',
  title: 'Is it so?',
  caption: 'Look.',
  picture: html`<i class="picture"></i>`,
  data: [{ title: 'Its numbers', head: [{ text: 'n' }], rows: [['7']] }],
};
const report: ReportDocument = {
  title: 'run_1 <i>',
  subtitle: 'Why?',
  lead: [
    { kind: 'paragraph', text: 'An *answer*.' },
    { kind: 'facts', facts: [['Term', 'detail']] },
  ],
  sections: [
    { id: 'one', title: 'One & two', blocks: [table('First'), figure] },
    {
      id: 'two',
      title: 'Two',
      blocks: [table('Second'), { kind: 'code', language: 'sh', text: 'a <b> ``` c\n' }, figure],
    },
  ],
};

describe('htmlPage', () => {
  const { document } = parseHTML(
    htmlPage({
      ...report,
      sections: [
        report.sections[0],
        { ...report.sections[1], blocks: [...report.sections[1].blocks.slice(0, 2), { ...figure }] },
      ],
    }),
  );
  const texts = (selector: string): string[] =>
    [...document.querySelectorAll(selector)].map((element) =>
      element.textContent.replace(/\s+/g, ' ').trim(),
    );

  test('tables and figures are numbered each for themselves, through all sections', () => {
    expect(
      texts('.scroll > table > caption b:first-child').filter((text) => text.startsWith('Table')),
    ).toEqual(['Table 1. First.', 'Table 2. Second.']);
    expect(texts('figcaption b')).toEqual(['Figure 1. Is it so?', 'Figure 2. Is it so?']);
  });

  test('the contents link to every section', () => {
    expect(texts('nav a')).toEqual(['One & two', 'Two']);
    for (const link of document.querySelectorAll('nav a')) {
      expect(document.querySelector(link.getAttribute('href')!)!.tagName).toBe('SECTION');
    }
  });

  test('text stays text', () => {
    expect(texts('h1')).toEqual(['Why?']);
    expect(texts('.run')).toEqual(['run_1 <i>']);
    expect(texts('tbody th')).toContain('<b>');
    expect(texts('pre')).toEqual(['a <b> ``` c']);
    expect(texts('header p')).toContain('An *answer*.');
  });

  test('tables have a caption, heads of columns and of rows, and numbers on the right', () => {
    for (const one of document.querySelectorAll('table')) {
      expect(one.querySelector('caption')!.textContent.trim()).not.toBe('');
      for (const head of one.querySelectorAll('thead th')) expect(head.getAttribute('scope')).toBe('col');
      for (const row of one.querySelectorAll('tbody tr')) {
        expect(row.firstElementChild!.getAttribute('scope')).toBe('row');
      }
    }
    expect(texts('td.number')).toEqual(['1', '2', '1', '2']);
  });

  test('a figure has its numbers folded below it', () => {
    expect(texts('figure details summary')).toEqual(['Figure 1 in numbers', 'Figure 2 in numbers']);
    expect(texts('figure details tbody')).toEqual(['7', '7']);
  });
});

describe('markdownReport', () => {
  test('says the same as the page', () => {
    expect(markdownReport({ ...report, sections: report.sections.slice(0, 1) })).toMatchInlineSnapshot(`
      "# run_1 \\<i\\>

      *Why?*

      An \\*answer\\*.

      - **Term:** detail

      ## One \\& two

      **Table 1. First.** See **this** and \`a\\|b\`.

      | name\\| | value |
      | --- | ---: |
      | \\<b\\> | 1 |
      | \`x\` | 2 |

      **Figure 1. Is it so?** Look.

      Its numbers:

      | n |
      | --- |
      | 7 |
      "
    `);
  });

  test('a fence is longer than any in the code', () => {
    expect(markdownReport(report)).toContain('\n```sh\na <b> ``` c\n```\n');
    const fenced = markdownReport({
      ...report,
      lead: [{ kind: 'code', language: '', text: '```\nx\n```' }],
      sections: [],
    });
    expect(fenced).toContain('\n````\n```\nx\n```\n````\n');
  });
});

test('Markdown shows every character as it is', () => {
  expect(markdownText('a*b_c _d_ [x](y) <b> | `e` # ~f~ \\ & g\nh')).toBe(
    'a\\*b_c \\_d\\_ \\[x\\](y) \\<b\\> \\| \\`e\\` \\# \\~f\\~ \\\\ \\& g h',
  );
  expect(markdownText([{ code: 'a`b' }, ' ', { code: '`' }, ' ', { code: 'x|y' }])).toBe(
    '``a`b`` `` ` `` `x\\|y`',
  );
});

test('a title ends as a sentence, once', () => {
  expect(['So', 'So?', 'So.', 'So!'].map(asSentence)).toEqual(['So.', 'So?', 'So.', 'So!']);
});
