import { expect, test } from 'vitest';
import { autoencoderFamilies, hasWidths, widestWithin, widthFamilies } from './width-families.ts';

test('ids are grouped by what is left of them without their width, narrowest first', () => {
  expect(widthFamilies(['basic-64', 'basic-4-linear', 'basic-8', 'basic-16-h256', 'cnn', 'pca-9'])).toEqual([
    {
      form: 'basic-L',
      codecs: [
        { width: 8, id: 'basic-8' },
        { width: 64, id: 'basic-64' },
      ],
    },
    { form: 'basic-L-linear', codecs: [{ width: 4, id: 'basic-4-linear' }] },
    { form: 'basic-L-h256', codecs: [{ width: 16, id: 'basic-16-h256' }] },
    { form: 'pca-L', codecs: [{ width: 9, id: 'pca-9' }] },
  ]);
});

test('the autoencoder of the most widths comes first, and neither PCA nor classifier among them', () => {
  expect(
    autoencoderFamilies(['pca-1', 'pca-2', 'pca-3', 'deeper-8', 'basic-4', 'basic-8', 'cnn']).map(
      ({ form }) => form,
    ),
  ).toEqual(['basic-L', 'deeper-L']);
});

test.each([
  [['basic-1', 'basic-2', 'basic-4', 'pca-128', 'cnn'], true],
  [['basic-1', 'basic-2', 'basic-4-linear', 'pca-128'], false],
  [['basic-1', 'basic-2', 'basic-4'], false],
  [['pca-1', 'pca-2', 'pca-4'], false],
  [[], false],
])('%j shows what narrowing does: %s', (ids, expected) => {
  expect(hasWidths(ids)).toBe(expected);
});

test.each([
  [1, undefined],
  [2, 2],
  [7, 2],
  [8, 8],
  [500, 8],
])('of 2 and 8 the widest within %d is %s', (width, expected) => {
  expect(widestWithin([{ width: 2 }, { width: 8 }], width)?.width).toBe(expected);
});
