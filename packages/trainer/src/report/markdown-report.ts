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
 * Writes a report as GitHub-flavoured Markdown: all of its text and tables, and of each figure the title, the caption
 * and its numbers.
 */
export function markdownReport(report: ReportDocument): string {
  const numbers = numberBlocks(report);
  const blocks = (list: readonly Block[]): string[] =>
    list.flatMap((block) => blockLines(block, numbers.get(block)!));
  const parts = [
    `# ${markdownText(report.title)}`,
    `*${markdownText(report.subtitle)}*`,
    ...blocks(report.lead),
    ...report.sections.flatMap((section) => [`## ${markdownText(section.title)}`, ...blocks(section.blocks)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Running text as Markdown that shows every character as it is. */
export function markdownText(text: Text): string {
  return typeof text === 'string' ? escapeMarkdown(text) : text.map(inlineText).join('');
}

function blockLines(block: Block, number: number): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [markdownText(block.text)];
    case 'facts':
      return [
        block.facts
          .map(([term, detail]) => `- **${escapeMarkdown(term)}:** ${markdownText(detail)}`)
          .join('\n'),
      ];
    case 'code':
      return [fenced(block.text, block.language)];
    case 'table':
      return [
        `**Table ${number}. ${escapeMarkdown(asSentence(block.title))}** ${markdownText(block.caption)}`,
        table(block.head, block.rows),
      ];
    case 'figure':
      return [
        `**Figure ${number}. ${escapeMarkdown(asSentence(block.title))}** ${markdownText(block.caption)}`,
        ...(block.data ?? []).flatMap((data) => dataLines(data)),
      ];
  }
}

function dataLines({ title, head, rows }: DataTable): string[] {
  return [`${escapeMarkdown(title)}:`, table(head, rows)];
}

function table(head: readonly Column[], rows: readonly (readonly Text[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(({ text }) => escapeMarkdown(text))),
    line(head.map(({ numeric }) => (numeric === true ? '---:' : '---'))),
    ...rows.map((cells) => line(cells.map(markdownText))),
  ].join('\n');
}

function inlineText(part: Inline): string {
  if (typeof part === 'string') return escapeMarkdown(part);
  if ('strong' in part) return `**${escapeMarkdown(part.strong)}**`;
  return codeSpan(part.code);
}

/** A span of code: in a table a bar would end the cell, also within code. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`;
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/^\s*(`+)/gm)].map(([, run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** What Markdown takes for a mark is escaped, line breaks become spaces. */
function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s*[\r\n]+\s*/g, ' ')
      .replace(/[\\`*[\]<>|~&#]/g, '\\$&')
      // Within a word GitHub takes no "_" for a mark.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
  );
}
