import type { ModelNames } from './train-options.ts';
import { describeEpochs } from './describe-epochs.ts';
import { familyOf, presetSettings, trainPresets, type Preset } from './train-presets.ts';
import { formatNumber, trainOptionList } from './train-schema.ts';
import type { OptionDescription } from './train-schema.ts';

/** Widest line of the help, in characters. */
const width = 100;
const textColumn = 24;

const examples: readonly (readonly [command: string, purpose: string])[] = [
  ['npx nx run trainer:train', 'the whole study, into runs/study'],
  ['npx nx run trainer:train -- --preset=quick', 'a first look, into runs/quick'],
  [
    'npx nx run trainer:train -- --models=basic-16-h256,pca-16 --epochs=20 --out=runs/narrow',
    'a study of your own',
  ],
  ['npx nx run trainer:train -- --config=mine.yaml --resume', 'go on after Ctrl-C or a power cut'],
];

/** What `train --help` prints: made from the options' schema and the presets, at most 100 columns wide. */
export function trainHelp(models: ModelNames): string {
  const groups = new Set(trainOptionList.map((option) => option.group));
  const options = [...groups].flatMap((group) => [
    '',
    group,
    ...trainOptionList
      .filter((option) => option.group === group)
      .flatMap((option) => entry(flagText(option), optionText(option, models))),
  ]);
  return [
    'Usage: npx nx run trainer:train -- [options]',
    '',
    ...wrap(
      'Trains autoencoders, PCA and a classifier on MNIST, measures what each bottleneck costs, and leaves a run ' +
        'folder with every model as ONNX, all figures and a report.',
      width,
    ),
    ...options,
    '',
    'Command line',
    ...entry(
      '--config FILE',
      'Read options from a YAML or JSON file, spelled as in batchSize: 64. A flag counts before the file, the file ' +
        'before the preset.',
    ),
    ...entry('--help, -h', 'Print this.'),
    '',
    'Presets',
    ...Object.entries(trainPresets).flatMap(([name, preset]) => entry(name, presetText(preset))),
    '',
    'Examples',
    ...examples.flatMap(([command, purpose]) => [`  ${command}`, `      ${purpose}`]),
    '',
    ...wrap(
      'The "--" before the options matters: without it Nx keeps some for itself (--help, and silently --batch-size).',
      width,
    ),
    'Ctrl-C stops after the step at hand and keeps what is done for --resume; twice stops at once.',
    '',
  ].join('\n');
}

/** What a preset stands for, with the epochs of what it trains. */
function presetText(preset: Preset): string {
  const trained = preset.models.filter((id) => familyOf(id) !== 'pca');
  const epochs = describeEpochs(Object.fromEntries(trained.map((id) => [id, presetSettings(preset, id)])));
  return `${preset.description}: ${preset.models.join(', ')}; epochs: ${epochs}`;
}

function flagText({ flag, value }: OptionDescription): string {
  return value === undefined ? `--${flag}` : `--${flag} ${value}`;
}

function optionText(option: OptionDescription, models: ModelNames): string {
  const { key, kind, description, default: value, defaultText } = option;
  const text = key === 'models' ? `${description} A model is ${models.rule}.` : description;
  const shownDefault = typeof value === 'number' ? formatNumber(value) : (defaultText ?? value);
  // A switch is off unless named: saying so of each would only be noise.
  const limits =
    kind === 'boolean'
      ? []
      : [rangeText(option), shownDefault === undefined ? '' : `default ${String(shownDefault)}`];
  const shownLimits = limits.filter((limit) => limit !== '').join('; ');
  return shownLimits === '' ? text : `${text} [${shownLimits}]`;
}

function rangeText({ kind, choices, minimum, maximum, exclusiveMinimum }: OptionDescription): string {
  switch (kind) {
    case 'choice':
      return choices.join(' | ');
    case 'integer':
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
