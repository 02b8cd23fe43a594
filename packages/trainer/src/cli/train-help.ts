import { describeEpochs } from './describe-epochs.ts';
import { entry, exampleLines, optionGroups, wrap } from './help-text.ts';
import type { ModelNames } from './train-options.ts';
import { familyOf, presetSettings, trainPresets, type Preset } from './train-presets.ts';
import { trainOptionList } from './train-schema.ts';

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
  const options = trainOptionList.map((option) =>
    option.key === 'models'
      ? { ...option, description: `${option.description} A model is ${models.rule}.` }
      : option,
  );
  return [
    'Usage: npx nx run trainer:train -- [options]',
    '',
    ...wrap(
      'Trains autoencoders, PCA and a classifier on MNIST, measures what each bottleneck costs, and leaves a run ' +
        'folder with every model as ONNX, all figures and a report.',
    ),
    ...optionGroups(options),
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
    ...exampleLines(examples),
    '',
    ...wrap(
      'The "--" before the options matters: without it Nx keeps some for itself (--help, and silently --batch-size).',
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
