/** A piece of a line. */
export interface Inline {
  readonly kind: 'text' | 'strong' | 'emphasis' | 'code';
  readonly text: string;
}

/** A block of a text in Markdown. */
export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      /** By column, whether it holds numbers, which stand right. */
      readonly isNumeric: readonly boolean[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

/**
 * Reads the Markdown that Narrows writes into model cards: headings, paragraphs of one line, lists with `-`, fenced code,
 * tables, and in lines `code`, **strong** and *emphasis*, with a backslash before signs that mean nothing. Anything else
 * stays as it is written, so that nothing is lost.
 */
export function parseMarkdown(text: string): readonly MarkdownBlock[] {
  const lines = text.split(/\r?\n/);
  const blocks: MarkdownBlock[] = [];
  for (let at = 0; at < lines.length;) {
    const taken = lines.slice(at).findIndex((line, i) => i > 0 && !continues(lines[at], line));
    const end = taken < 0 ? lines.length : at + taken;
    if (lines[at].startsWith('```')) {
      const close = lines.indexOf('```', at + 1);
      const last = close < 0 ? lines.length : close;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, last).join('\n') });
      at = last + 1;
    } else {
      const block = readBlock(lines.slice(at, end));
      if (block !== undefined) blocks.push(block);
      at = end;
    }
  }
  return blocks;
}

/** Whether a line belongs to the same list or table as the first of it. */
function continues(first: string, line: string): boolean {
  return (first.startsWith('- ') && line.startsWith('- ')) || (first.startsWith('|') && line.startsWith('|'));
}

function readBlock(lines: readonly string[]): MarkdownBlock | undefined {
  const [first] = lines;
  if (first.trim() === '') return undefined;
  const heading = /^(#{1,6}) (.*)$/.exec(first);
  if (heading !== null) {
    return { kind: 'heading', level: heading[1].length, content: parseInline(heading[2]) };
  }
  if (first.startsWith('- ')) return { kind: 'list', items: lines.map((line) => parseInline(line.slice(2))) };
  if (first.startsWith('|') && lines.length >= 2) {
    const [head, rule, ...rows] = lines.map(cellsOf);
    return {
      kind: 'table',
      head: head.map(parseInline),
      isNumeric: rule.map((cell) => cell.endsWith(':')),
      rows: rows.map((row) => row.map(parseInline)),
    };
  }
  return { kind: 'paragraph', content: parseInline(first) };
}

/** The cells of a line of a table; `\|` is a bar within one. */
function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function parseInline(text: string): readonly Inline[] {
  const pieces: Inline[] = [];
  const add = (kind: Inline['kind'], raw: string): void => {
    const content = kind === 'code' ? raw : raw.replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, '$1');
    if (content !== '') pieces.push({ kind, text: content });
  };
  // A sign after a backslash is text, so it is passed over before it can open anything.
  const marks = /(?:\\.)|`([^`]+)`|\*\*((?:\\.|[^*])+)\*\*|\*((?:\\.|[^*])+)\*/g;
  let rest = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, code, strong, emphasis] = match as unknown as [string, ...(string | undefined)[]];
    if (code === undefined && strong === undefined && emphasis === undefined) continue;
    add('text', text.slice(rest, match.index));
    if (code !== undefined) add('code', code);
    else if (strong !== undefined) add('strong', strong);
    else add('emphasis', emphasis!);
    rest = match.index + whole.length;
  }
  add('text', text.slice(rest));
  return pieces;
}
