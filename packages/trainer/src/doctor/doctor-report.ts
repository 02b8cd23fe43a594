import { wrap } from '../cli/help-text.ts';
import { sections, type Finding } from './finding.ts';

const marks = { ok: '✓', absent: '–', broken: '✗' } as const;
const nameColumn = 4;

/** The findings as text, a line for each with its remedy below it, at most 100 columns wide where words allow. */
export function doctorReport(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length)) + 2;
  const indent = ' '.repeat(nameColumn + width);
  const lines = sections.flatMap((section) => {
    const found = findings.filter((finding) => finding.section === section);
    return found.length === 0 ? [] : ['', section, ...found.flatMap((finding) => entry(finding))];
  });
  return [...lines.slice(1), '', ...wrap(verdict(findings)), ''].join('\n');

  function entry({ name, status, text, remedy }: Finding): string[] {
    const [first, ...rest] = wrap(text, 100 - indent.length);
    return [
      `  ${marks[status]} ${name.padEnd(width)}${first}`,
      ...rest.map((line) => indent + line),
      ...(remedy === undefined ? [] : wrap(`→ ${remedy}`, 100 - indent.length).map((line) => indent + line)),
    ];
  }
}

/** Whether this machine can train: one engine is enough. */
export function canTrain(findings: readonly Finding[]): boolean {
  return findings.some(({ section, status }) => section === 'Engines' && status === 'ok');
}

function verdict(findings: readonly Finding[]): string {
  if (!canTrain(findings)) return "No engine works here: this machine can't train.";
  const engines = findings
    .filter(({ section, status }) => section === 'Engines' && status === 'ok')
    .map(({ name }) => name);
  const broken = findings.filter(({ status }) => status === 'broken').length;
  return (
    `This machine can train on ${engines.join(', ')}.` +
    (broken === 0 ? '' : ` ${broken === 1 ? 'One thing is' : `${broken} things are`} broken: see ✗ above.`)
  );
}
