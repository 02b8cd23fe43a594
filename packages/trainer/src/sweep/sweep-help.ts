import type { ModelContext } from '@narrows/models';
import { formatNumber } from '../cli/train-schema.ts';
import { knownFamilies } from './sweep-options.ts';
import { sweepOptionList, sweepPresets, type SweepOptionDescription } from './sweep-schema.ts';

/** Widest line of the help, in characters. */
const width = 100;
const textColumn = 26;

/** What `sweep --help` prints, made from the options' schema and the presets: at most 100 columns wide. */
export function sweepHelp(context: ModelContext): string {
  return [
    'Usage: npx nx run trainer:sweep -- [options]',
    '',
    ...wrap(
      'How narrow can a bottleneck get before a classifier stops recognising what comes out? Trains codecs of several ' +
        'families and widths from several seeds, and leaves error, accuracy and bits over the width as sweep.json, ' +
        'sweep.csv and a report.',
      width,
    ),
    '',
    'Options',
    ...sweepOptionList.flatMap((option) => entry(flagText(option), optionText(option))),
    ...entry('--help, -h', 'Print this.'),
    '',
    'Families',
    ...wrap(knownFamilies(context).join(', '), width - 2).map((line) => `  ${line}`),
    '',
    'Presets',
    ...Object.entries(sweepPresets).flatMap(([name, preset]) => {
      const { description, families, latents, seeds, epochs, classifierEpochs, trainLimit, testLimit } =
        preset;
      return entry(
        name,
        [
          `${description}: ${families.join(', ')}`,
          `widths ${latents.join(', ')}`,
          `seeds ${seeds.join(', ')}`,
          `${epochs} epochs`,
          `${classifierEpochs} of the classifier`,
          trainLimit === null ? 'all training images' : `first ${formatNumber(trainLimit)} training images`,
          testLimit === null ? 'all test images' : `first ${formatNumber(testLimit)} test images`,
        ].join('; '),
      );
    }),
    '',
    'Examples',
    '  npx nx run trainer:sweep -- --preset=quick',
    '      a first look, into runs/sweep',
    '  npx nx run trainer:sweep -- --families=pca,conv --latents=4,16,64 --seeds=1,2,3 --out=runs/conv',
    '      a sweep of your own',
    '  npx nx run trainer:sweep -- --resume',
    '      go on after Ctrl-C or a power cut',
    '',
    ...wrap('The "--" before the options matters: without it Nx keeps some for itself (--help).', width),
    'Ctrl-C stops and keeps every finished trial for --resume; trials under way begin again then.',
    '',
  ].join('\n');
}

function flagText({ flag, value }: SweepOptionDescription): string {
  return value === undefined ? `--${flag}` : `--${flag} ${value}`;
}

function optionText({
  kind,
  description,
  choices,
  default: value,
  defaultText,
}: SweepOptionDescription): string {
  // A switch is off unless named: saying so of each would only be noise.
  if (kind === 'boolean') return description;
  const limits = [choices.join(' | '), `default ${defaultText ?? String(value)}`];
  return `${description} [${limits.filter((limit) => limit !== '').join('; ')}]`;
}

/** A name on the left, its text in a column of its own on the right. */
function entry(name: string, text: string): string[] {
  const lines = wrap(text, width - textColumn);
  const left = `  ${name}`;
  const indented = lines.map((line) => ' '.repeat(textColumn) + line);
  if (left.length > textColumn - 2) return [left, ...indented];
  return [left.padEnd(textColumn) + lines[0], ...indented.slice(1)];
}

/** Breaks a text at spaces into lines of at most `columns` characters. */
function wrap(text: string, columns: number): string[] {
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
