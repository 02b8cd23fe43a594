import { describe, expect, test } from 'vitest';
import { expandGrid, familyForm, modelIdAt } from './expand-grid.ts';

const mnist = { imageShape: [28, 28, 1], classes: 10 } as const;

test('a family is named by its first word or by an id with L for the width', () => {
  expect(['basic', 'basic-L', 'basic-L-h256-linear', 'pca-L-clipped'].map(familyForm)).toStrictEqual([
    'basic-L',
    'basic-L',
    'basic-L-h256-linear',
    'pca-L-clipped',
  ]);
});

test('the width takes the place of the L alone', () => {
  expect(modelIdAt('basic-L-h256-linear', 16)).toBe('basic-16-h256-linear');
});

describe('the grid', () => {
  const grid = { families: ['pca-L', 'basic-L-linear'], latents: [2, 16], seeds: [1, 7] };

  test('has every family at every width from every seed, and PCA once a width', () => {
    const trials = expandGrid({ ...grid, classifier: 'fixed' }, mnist);
    expect(trials.map(({ id }) => id)).toStrictEqual([
      'pca-2',
      'pca-16',
      'basic-2-linear-s1',
      'basic-2-linear-s7',
      'basic-16-linear-s1',
      'basic-16-linear-s7',
    ]);
    expect(trials[1]).toStrictEqual({
      id: 'pca-16',
      family: 'pca-L',
      model: 'pca-16',
      kind: 'pca',
      latent: 16,
      seed: null,
    });
  });

  test('has PCA from every seed where each trial trains a classifier', () => {
    const trials = expandGrid({ ...grid, families: ['pca-L'], classifier: 'retrained' }, mnist);
    expect(trials.map(({ id }) => id)).toStrictEqual([
      'pca-2-s1-retrained',
      'pca-2-s7-retrained',
      'pca-16-s1-retrained',
      'pca-16-s7-retrained',
    ]);
  });

  test('gives a trial the same id whatever else is in it', () => {
    const idsOf = (families: string[], latents: number[], seeds: number[]) =>
      expandGrid({ families, latents, seeds, classifier: 'fixed' }, mnist).map(({ id }) => id);
    expect(idsOf(['deeper-L', 'basic-L'], [4, 8], [1, 2])).toContain(idsOf(['basic-L'], [8], [2])[0]);
  });

  test('refuses a model that is no codec', () => {
    expect(() => expandGrid({ ...grid, families: ['cnn'], classifier: 'fixed' }, mnist)).toThrow(
      'Cannot try "cnn": it must be the id of a codec, and there is none of that name.',
    );
  });
});
