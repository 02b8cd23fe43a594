import { expect, test } from 'vitest';
import { sweepCsv } from './sweep-csv.ts';
import { syntheticTrial } from './testing/synthetic-sweep.ts';

test('a line for each trial after one of names, numbers in full, nothing for what there is none of', () => {
  const fitted = syntheticTrial(
    { family: 'pca-L', latent: 2, seed: null },
    { mse: 0.01, accuracy: 1 / 3, bits: 12.5 },
  );
  const [names, line, last] = sweepCsv([fitted]).split('\n');
  const cells = line.split(',');
  const cell = (name: string): string => cells[names.split(',').indexOf(name)];
  expect(cells).toHaveLength(names.split(',').length);
  expect(last).toBe('');
  expect(
    ['id', 'latent', 'seed', 'bits', 'accuracy', 'codedBits', 'trainLoss', 'classifierMs'].map(cell),
  ).toStrictEqual(['pca-2', '2', '', '64', '0.3333333333333333', '12.5', '', '']);
  expect(Number(cell('psnrDb'))).toBeCloseTo(20, 10);
});

test('an error of nothing has no PSNR', () => {
  const perfect = syntheticTrial({ family: 'pca-L', latent: 2, seed: null }, { mse: 0 });
  expect(sweepCsv([perfect])).not.toMatch(/Infinity|NaN/);
});
