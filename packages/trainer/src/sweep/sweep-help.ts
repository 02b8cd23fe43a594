import type { ModelContext } from '@narrows/models';
import { entry, exampleLines, helpWidth, optionGroups, wrap } from '../cli/help-text.ts';
import { formatNumber } from '../cli/option-table.ts';
import { knownFamilies } from './sweep-options.ts';
import { sweepOptionList, sweepPresets, type SweepPreset } from './sweep-schema.ts';

const examples: readonly (readonly [command: string, purpose: string])[] = [
  ['npx nx run trainer:sweep -- --preset=quick', 'a first look, into runs/sweep'],
  [
    'npx nx run trainer:sweep -- --families=pca,conv --latents=4,16,64 --seeds=1,2,3 --out=runs/conv',
    'a sweep of your own',
  ],
  ['npx nx run trainer:sweep -- --resume', 'go on after Ctrl-C or a power cut'],
];

/** What `sweep --help` prints, made from the options' schema and the presets: at most 100 columns wide. */
export function sweepHelp(context: ModelContext): string {
  return [
    'Usage: npx nx run trainer:sweep -- [options]',
    '',
    ...wrap(
      'How narrow can a bottleneck get before a classifier stops recognising what comes out? Trains codecs of several ' +
        'families and widths from several seeds, and leaves error, accuracy and bits over the width as sweep.json, ' +
        'sweep.csv and a report.',
    ),
    ...optionGroups(sweepOptionList),
    '',
    'Command line',
    ...entry('--help, -h', 'Print this.'),
    '',
    'Families',
    ...wrap(knownFamilies(context).join(', '), helpWidth - 2).map((line) => `  ${line}`),
    '',
    'Presets',
    ...Object.entries(sweepPresets).flatMap(([name, preset]) => entry(name, presetText(preset))),
    '',
    'Examples',
    ...exampleLines(examples),
    '',
    ...wrap('The "--" before the options matters: without it Nx keeps some for itself (--help).'),
    'Ctrl-C stops and keeps every finished trial for --resume; trials under way begin again then.',
    '',
    'Exit codes',
    ...entry('0', 'Every trial came to a result.'),
    ...entry(
      '1',
      'It failed, or trials did: those whose processes ended are tried again by --resume, and the sweep is unfinished until ' +
        'then; one whose loss is not finite stays out of a finished sweep, which names it.',
    ),
    ...entry('2', 'The command line asks for the impossible.'),
    ...entry('130, 143', 'Stopped by Ctrl-C (SIGINT), by SIGTERM.'),
    '',
  ].join('\n');
}

/** What a preset stands for. */
function presetText(preset: SweepPreset): string {
  const { description, families, latents, seeds, epochs, classifierEpochs, trainLimit, testLimit } = preset;
  return [
    `${description}: ${families.join(', ')}`,
    `widths ${latents.join(', ')}`,
    `seeds ${seeds.join(', ')}`,
    `${epochs} epochs`,
    `${classifierEpochs} of the classifier`,
    trainLimit === null ? 'all training images' : `first ${formatNumber(trainLimit)} training images`,
    testLimit === null ? 'all test images' : `first ${formatNumber(testLimit)} test images`,
  ].join('; ');
}
