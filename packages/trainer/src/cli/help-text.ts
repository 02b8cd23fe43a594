import { formatNumber, type OptionDescription } from './option-table.ts';

/** Widest line of a help page, in characters. */
export const helpWidth = 100;
const textColumn = 24;

/** The options group by group, each group with an empty line and its name before it. */
export function optionGroups(options: readonly OptionDescription[]): string[] {
  const groups = new Set(options.map(({ group }) => group));
  return [...groups].flatMap((group) => [
    '',
    group,
    ...options.filter((option) => option.group === group).flatMap(optionEntry),
  ]);
}

function optionEntry(option: OptionDescription): string[] {
  const { flag, value, kind, description, default: schemaDefault, defaultText } = option;
  const shownDefault =
    typeof schemaDefault === 'number' ? formatNumber(schemaDefault) : (defaultText ?? schemaDefault);
  // A switch is off unless named: saying so of each would only be noise.
  const limits =
    kind === 'boolean'
      ? []
      : [rangeText(option), shownDefault === undefined ? '' : `default ${String(shownDefault)}`];
  const shownLimits = limits.filter((limit) => limit !== '').join('; ');
  return entry(
    value === undefined ? `--${flag}` : `--${flag} ${value}`,
    shownLimits === '' ? description : `${description} [${shownLimits}]`,
  );
}

function rangeText({ kind, choices, minimum, maximum, exclusiveMinimum }: OptionDescription): string {
  switch (kind) {
    case 'choice':
      return choices.join(' | ');
    case 'integer':
    case 'integers':
      return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
        ? `from ${formatNumber(minimum ?? 0)}`
        : `${formatNumber(minimum ?? 0)} to ${formatNumber(maximum)}`;
    case 'number':
      if (minimum !== undefined) return `${formatNumber(minimum)} to ${formatNumber(maximum ?? Infinity)}`;
      return `above ${formatNumber(exclusiveMinimum ?? 0)}${maximum === undefined ? '' : `, up to ${formatNumber(maximum)}`}`;
    case 'boolean':
    case 'list':
    case 'text':
      return '';
  }
}

/** A name on the left, its text in a column of its own on the right. */
export function entry(name: string, text: string): string[] {
  const lines = wrap(text, helpWidth - textColumn);
  const left = `  ${name}`;
  const indented = lines.map((line) => ' '.repeat(textColumn) + line);
  if (left.length > textColumn - 2) return [left, ...indented];
  return [left.padEnd(textColumn) + lines[0], ...indented.slice(1)];
}

/** Commands, each with what it is for below it. */
export function exampleLines(examples: readonly (readonly [command: string, purpose: string])[]): string[] {
  return examples.flatMap(([command, purpose]) => [`  ${command}`, `      ${purpose}`]);
}

/** Breaks a text at spaces into lines of at most `columns` characters, a help page's width unless told. */
export function wrap(text: string, columns = helpWidth): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
