import { html, trustedHtml, type Html } from './html.ts';
import { pageStyle } from './page-style.ts';
import {
  asSentence,
  numberBlocks,
  type Block,
  type Column,
  type DataTable,
  type Inline,
  type ReportDocument,
  type Text,
} from './report-document.ts';

/**
 * Writes a report as one HTML page that needs nothing else: styles and pictures are inside, there are no scripts. It
 * follows the reader's choice of light or dark, fits a phone, and prints.
 */
export function htmlPage(report: ReportDocument): string {
  const numbers = numberBlocks(report);
  const blocks = (list: readonly Block[]): Html[] =>
    list.map((block) => blockHtml(block, numbers.get(block)!));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Narrows" />
        <title>${report.title} · ${report.subtitle}</title>
        <link rel="icon" href="data:," />
        <style>
          ${trustedHtml(pageStyle)}
        </style>
      </head>
      <body>
        <nav aria-label="Contents">
          <p>Contents</p>
          <ol>
            ${report.sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
          </ol>
        </nav>
        <main>
          <header>
            <p class="run">${report.title}</p>
            <h1>${report.subtitle}</h1>
            ${blocks(report.lead)}
          </header>
          ${report.sections.map(
            ({ id, title, blocks: list }) =>
              html`<section id="${id}">
                <h2>${title}</h2>
                ${blocks(list)}
              </section> `,
          )}
        </main>
      </body>
    </html> `.html;
}

/** Running text as HTML. */
export function htmlText(text: Text): Html {
  return typeof text === 'string' ? html`${text}` : html`${text.map(inlineHtml)}`;
}

function blockHtml(block: Block, number: number): Html {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${htmlText(block.text)}</p>`;
    case 'facts':
      return html`<dl class="facts">
        ${block.facts.map(
          ([term, detail]) =>
            html`<div>
              <dt>${term}</dt>
              <dd>${htmlText(detail)}</dd>
            </div>`,
        )}
      </dl>`;
    case 'code':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
    case 'table': {
      const caption = html`<b>Table ${number}. ${asSentence(block.title)}</b> ${htmlText(block.caption)}`;
      return scrolling(`Table ${number}: ${block.title}`, table(caption, block.head, block.rows));
    }
    case 'figure':
      return html`<figure id="figure-${number}">
        ${block.picture}
        <figcaption>
          <b>Figure ${number}. ${asSentence(block.title)}</b> ${htmlText(block.caption)}
        </figcaption>
        ${dataHtml(number, block.data ?? [])}
      </figure>`;
  }
}

/** The numbers of a figure, folded up. */
function dataHtml(figure: number, data: readonly DataTable[]): Html {
  if (data.length === 0) return html``;
  return html`<details>
    <summary>Figure ${figure} in numbers</summary>
    ${data.map(({ title, head, rows }) =>
      scrolling(`Figure ${figure} in numbers: ${title}`, table(html`${title}`, head, rows)),
    )}
  </details>`;
}

/** A table may be wider than a phone: it scrolls alone, by keyboard too. */
function scrolling(label: string, content: Html): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${content}</div>`;
}

function table(caption: Html, head: readonly Column[], rows: readonly (readonly Text[])[]): Html {
  const numeric = head.map((column) => (column.numeric === true ? trustedHtml(' class="number"') : html``));
  return html`<table>
    <caption>
      <span>${caption}</span>
    </caption>
    <thead>
      <tr>
        ${head.map(({ text }, i) => html`<th scope="col" ${numeric[i]}>${text}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, ...cells]) =>
          html`<tr>
            <th scope="row" ${numeric[0]}>${htmlText(name)}</th>
            ${cells.map((cell, i) => html`<td${numeric[i + 1]}>${htmlText(cell)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function inlineHtml(part: Inline): Html {
  if (typeof part === 'string') return html`${part}`;
  return 'strong' in part ? html`<b>${part.strong}</b>` : html`<code>${part.code}</code>`;
}
