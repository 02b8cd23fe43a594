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
      'How',
      '  --batch-size N        Images in one training step. [1 to 60,000; default 64]',
      "  --learning-rate X     Adam's learning rate. [above 0, up to 1; default 0.001]",
      '  --seed N              Where all random numbers start. The same seed with the same threads gives',
      '                        the same bytes. [from 0; default 1]',
    ].join('\n'),
  );
  expect(help).toContain('A model is basic-L with L from 1\n                        to 1,024, or cnn.');
  expect(help).toContain(
    [
      'Presets',
      '  study                 the whole study: basic-32, basic-64, deeper-64, pca-64, pca-64-clipped, cnn;',
      '                        epochs: basic 10, deeper 20, cnn 10',
    ].join('\n'),
  );
});
