import { describe, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { sweepHelp } from './sweep-help.ts';
import { parseSweepOptions, type SweepOptions } from './sweep-options.ts';
import { sweepOptionList, sweepPresets } from './sweep-schema.ts';

const context = { models: { imageShape: [28, 28, 1], classes: 10 }, availableThreads: 6 } as const;

function optionsOf(...argv: string[]): SweepOptions {
  const request = parseSweepOptions(argv, context);
  if (request.kind === 'help') throw new Error('It took it for a cry for help.');
  return request.options;
}

function refusalOf(...argv: string[]): string {
  try {
    parseSweepOptions(argv, context);
  } catch (error) {
    if (error instanceof ExpectedError && error.exitCode === 2 && !error.message.includes('\n'))
      return error.message;
    throw error;
  }
  throw new Error('It was not refused.');
}

test('without options it is the default preset, one worker a core', () => {
  const { families, latents, seeds, epochs, classifierEpochs, trainLimit, testLimit } = sweepPresets.default;
  expect(optionsOf()).toStrictEqual({
    configuration: {
      families,
      latents,
      seeds,
      epochs,
      classifier: 'fixed',
      classifierEpochs,
      trainLimit,
      testLimit,
    },
    workers: 6,
    data: undefined,
    out: 'runs/sweep',
    resume: false,
    overwrite: false,
  });
});

test('options count before the preset, in every spelling', () => {
  const { configuration, workers, out, resume } = optionsOf(
    '--preset=quick',
    '--families',
    'deeper, basic-L-linear',
    '--latents=32,4',
    '--seeds=9',
    '--epochs',
    '5',
    '--classifier=retrained',
    '--classifierEpochs=2',
    '--train-limit=640',
    '--workers=3',
    '--out=runs/x',
    '--resume',
  );
  expect(configuration).toStrictEqual({
    families: ['deeper-L', 'basic-L-linear'],
    latents: [4, 32],
    seeds: [9],
    epochs: 5,
    classifier: 'retrained',
    classifierEpochs: 2,
    trainLimit: 640,
    testLimit: sweepPresets.quick.testLimit,
  });
  expect([workers, out, resume]).toStrictEqual([3, 'runs/x', true]);
});

test('a switch can be given a value', () => {
  expect(optionsOf('--resume=false', '--overwrite=true')).toMatchObject({ resume: false, overwrite: true });
});

test('a flag given twice counts the last time, a list adds up', () => {
  const { configuration } = optionsOf('--epochs=2', '--epochs=3', '--seeds=1', '--seeds', '3, 2');
  expect(configuration).toMatchObject({ epochs: 3, seeds: [1, 3, 2] });
});

describe('what it refuses, in one line', () => {
  test.each([
    [
      '--latents=0',
      'Cannot use --latents: it takes whole numbers from 1 to 1,024 with commas between them, not [0]: ' +
        'write for example --latents=2,4,8,16.',
    ],
    ['--latents=4.0', 'not ["4.0"]'],
    ['--latents=', 'no value follows it: write for example --latents=2,4,8,16.'],
    ['--latents=2,,4', 'not [2,"",4]'],
    ['--latents=785', 'a bottleneck is at most as wide as an image has values, 784, not 785: lower it.'],
    ['--latents=2,4,2', 'each width is swept once, 2 is named twice: name it once.'],
    ['--seeds=1,1', 'each seed is swept once, 1 is named twice'],
    [
      '--seeds=-1',
      'it takes whole numbers from 0 to 9,007,199,254,740,991 with commas between them, not [-1]',
    ],
    ['--families=basic,basic-L', 'each family is swept once, "basic-L" is named twice'],
    ['--families=bsic', 'not "bsic": did you mean basic?'],
    ['--families=basic-L-linaer', 'did you mean basic-L-linear?'],
    ['--families=basic-16', 'an id with L for the width, not "basic-16": did you mean basic-L?'],
    ['--families=basic-L-L', 'not "basic-L-L"'],
    ['--families=cnn', 'a family is of codecs, and "cnn" is the classifier that judges them: leave it out.'],
    ['--families=,', 'it takes families of codecs with commas between them, not ["",""]'],
    ['--families=qqqqqq', 'not "qqqqqq": known are basic-L'],
    ['--classifier=retraind', 'not "retraind": did you mean retrained?'],
    ['--epochs=0', 'it takes a whole number from 1 to 1,000, not 0: write for example --epochs=5.'],
    ['--workers=257', 'a whole number from 1 to 256, not 257'],
    ['--resume=maybe', 'true or false, or nothing for true, not "maybe"'],
    ['--latent=2', 'sweep has no such option: did you mean --latents?'],
    ['--config=mine.yaml', 'sweep has no such option'],
    ['quick', 'sweep takes only options, which begin with "--"'],
  ])('%s', (argument, message) => {
    expect(refusalOf(argument)).toContain(message);
  });

  test('a flag where a value should be', () => {
    expect(refusalOf('--epochs', '--resume')).toContain('no value follows it: write for example --epochs=5.');
  });

  test('to go on and start anew at once', () => {
    expect(refusalOf('--resume', '--overwrite')).toContain('leave one out');
  });
});

describe('help', () => {
  test.each(['--help', '-h'])('%s asks for it, whatever else is wrong', (flag) => {
    expect(parseSweepOptions(['--epochs=0', flag], context)).toStrictEqual({ kind: 'help' });
  });

  test('gives options by group, with meaning, range and default', () => {
    expect(sweepHelp(context.models)).toContain(
      [
        'What to sweep',
        '  --preset NAME         What to take where no other option says so: see Presets below. [default |',
        '                        quick; default default]',
      ].join('\n'),
    );
    expect(sweepHelp(context.models)).toContain(
      [
        '  --latents LIST        Widths of the bottleneck, with commas between them. [1 to 1,024; default the',
        "                        preset's]",
      ].join('\n'),
    );
  });

  test('names every option and preset within 100 columns', () => {
    const help = sweepHelp(context.models);
    for (const { flag } of sweepOptionList) expect(help).toContain(`  --${flag}`);
    for (const preset of Object.keys(sweepPresets)) expect(help).toContain(`\n  ${preset} `);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    // Nx drops flags that begin so.
    expect(help).not.toMatch(/--batch-/);
  });
});
