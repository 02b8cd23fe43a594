import { expect, test } from 'vitest';
import { trainHelp } from './train-help.ts';
import { trainOptionList } from './train-schema.ts';

const help = trainHelp({ isKnown: () => true, examples: [], rule: 'basic-L with L from 1 to 1,024, or cnn' });

test('no line is wider than 100 columns', () => {
  expect(help.split('\n').filter((line) => line.length > 100)).toStrictEqual([]);
});

test('every option of the schema has its entry', () => {
  for (const { flag } of trainOptionList) expect(help).toMatch(new RegExp(`^ {2}--${flag}( |$)`, 'm'));
});

test('entries give meaning, range and default', () => {
  expect(help).toContain(
    [
      'How to train what is trained in epochs, where it shall differ from the preset',
      '  --epochs N            Passes over the training images. [1 to 100,000]',
      '  --batch-size N        Images in one training step. [1 to 60,000]',
      "  --learning-rate X     Adam's learning rate, the highest of its schedule. [above 0, up to 1]",
      '  --schedule NAME       Whether the learning rate stays or falls to 0 along a cosine. [constant |',
      '                        cosine]',
      '  --warmup X            Epochs, or part of one, in which the learning rate rises from 0. [0 to',
      '                        1,000]',
    ].join('\n'),
  );
  expect(help).toContain(
    [
      '  --seed N              Where all random numbers start. The same seed with the same threads gives',
      '                        the same bytes. [from 0; default 1]',
    ].join('\n'),
  );
  expect(help).toContain('A model is basic-L with L from 1\n                        to 1,024, or cnn.');
  expect(help).toContain(
    [
      'Presets',
      '  study                 the whole study, as it was: basic-32, basic-64, deeper-64, pca-64,',
      '                        pca-64-clipped, cnn; epochs: basic 10, deeper 20, cnn 10',
    ].join('\n'),
  );
});
