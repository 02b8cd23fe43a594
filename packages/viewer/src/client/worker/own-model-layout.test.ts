import { expect, test } from 'vitest';
import { inputLayouts, outputMeaning, reorderChannels, type Fitting } from './own-model-layout.ts';

const digits: Fitting = { imageShape: [28, 28, 1], classCount: 10 };
const photos: Fitting = { imageShape: [32, 32, 3], classCount: 10 };

test.each([
  [['N', 28, 28, 1], ['nhwc any']],
  [['N', 1, 28, 28], ['nchw any']],
  [[1, 28, 28, 1], ['nhwc 1']],
  [[8, 1, 28, 28], ['nchw 8']],
  [['N', 28, 28], ['nhwc any']],
  [['N', 784], ['nhwc any']],
  [[28, 28], ['nhwc 1']],
  [[784], ['nhwc 1']],
  [[28, 28, 1], ['nhwc 1']],
  [
    ['N', 'C', 'H', 'W'],
    ['nhwc any', 'nchw any'],
  ],
  [[-1, 28, 28, -1], ['nhwc any']],
  [['N', 3, 28, 28], []],
  [['N', 783], []],
  [[], []],
])('%j is understood as %j', (shape, expected) => {
  expect(inputLayouts(shape, digits).map(({ order, batch }) => `${order} ${batch}`)).toEqual(expected);
});

test('colours have an order', () => {
  expect(inputLayouts(['N', 3, 32, 32], photos).map(({ order }) => order)).toEqual(['nchw']);
  expect(inputLayouts(['N', 32, 32, 3], photos).map(({ order }) => order)).toEqual(['nhwc']);
  expect(inputLayouts(['N', 32, 32], photos)).toEqual([]);
});

test.each([
  [[2, 10], { holds: 'scores' }],
  [[20], { holds: 'scores' }],
  [[2, 10, 1, 1], { holds: 'scores' }],
  [[2, 2, 5], { holds: 'neither' }],
  [[2, 28, 28, 1], { holds: 'images', order: 'nhwc' }],
  [[2, 1, 28, 28], { holds: 'images', order: 'nchw' }],
  [[2, 784], { holds: 'images', order: 'nchw' }],
  [[2, 64], { holds: 'neither' }],
])('an output %j for two images is %j', (shape, expected) => {
  expect(outputMeaning(shape, 2, digits, 'nchw')).toEqual(expected);
});

test('channels are moved, and back', () => {
  const nhwc = Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => i);
  const nchw = reorderChannels(nhwc, photos.imageShape, { from: 'nhwc', to: 'nchw' });
  // Second image, second channel, first pixel.
  expect(nchw[(3 + 1) * 1024]).toBe(3 * 1024 + 1);
  expect(reorderChannels(nchw, photos.imageShape, { from: 'nchw', to: 'nhwc' })).toEqual(nhwc);
});
