import type { Html } from './html.ts';

/** A stretch of running text. */
export type Inline = string | { readonly code: string } | { readonly strong: string };

/** Running text. */
export type Text = string | readonly Inline[];

/** A table of text. */
export interface Table {
  readonly kind: 'table';
  readonly title: string;
  /** What to see in it. */
  readonly caption: Text;
  readonly head: readonly Column[];
  /** Cells by row; the first of each names its row. As many as `head` has. */
  readonly rows: readonly (readonly Text[])[];
}

/** A column of a table. */
export interface Column {
  readonly text: string;
  /** Numbers are set to the end, so that their digits stand below each other. */
  readonly numeric?: boolean;
}

/** A picture: a chart, images or a heat map. */
export interface Figure {
  readonly kind: 'figure';
  readonly title: string;
  /** What to see in it. */
  readonly caption: Text;
  readonly picture: Html;
  /** The same as numbers, for those who can't see the picture and for Markdown. */
  readonly data?: readonly DataTable[];
}

/** The numbers of a figure: a table without a number of its own. */
export type DataTable = Omit<Table, 'kind' | 'caption'>;

/** A paragraph. */
export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Text;
}

/** Terms, each with what there is to say of it. */
export interface Facts {
  readonly kind: 'facts';
  readonly facts: readonly (readonly [term: string, detail: Text])[];
}

/** Lines to be read or copied as they are. */
export interface CodeBlock {
  readonly kind: 'code';
  readonly language: string;
  readonly text: string;
}

export type Block = Table | Figure | Paragraph | Facts | CodeBlock;

/** A part of a report under a heading of its own. */
export interface Section {
  /** Its name in links within the page, lowercase letters and `-`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/**
 * A report before it is written as a page or as Markdown: both say the same, for both are made of this.
 *
 * Figures and tables are numbered from 1 in the order they stand in.
 */
export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  /** The answer, before all sections. */
  readonly lead: readonly Block[];
  readonly sections: readonly Section[];
}

/** A block with its number among the figures or the tables; other blocks have 0. */
export function numberBlocks({
  lead,
  sections,
}: Pick<ReportDocument, 'lead' | 'sections'>): ReadonlyMap<Block, number> {
  const numbers = new Map<Block, number>();
  const last = { table: 0, figure: 0 };
  for (const block of [...lead, ...sections.flatMap(({ blocks }) => blocks)]) {
    numbers.set(block, block.kind === 'table' || block.kind === 'figure' ? ++last[block.kind] : 0);
  }
  return numbers;
}

/** A title with a full stop, unless it ends a sentence already. */
export function asSentence(title: string): string {
  return /[.?!]$/.test(title) ? title : `${title}.`;
}
