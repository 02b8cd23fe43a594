import { expect, test } from 'vitest';
import { pickThumbnails, summariseSelection } from './summarise-selection.ts';

const labels = Uint8Array.of(0, 1, 1, 2, 2);
const figures = {
  mse: { narrow: Float32Array.of(0.5, 0.25, 0.75, 1, 0) },
  ssim: {},
  predicted: {
    'cnn/original': Uint8Array.of(0, 1, 1, 2, 0),
    'cnn/narrow': Uint8Array.of(0, 2, 1, 1, 0),
  },
  probability: {},
};

test('counts, accuracies and error are those of the images selected', () => {
  const summary = summariseSelection([1, 2, 3, 4], {
    labels,
    classCount: 4,
    figures,
    classifier: 'cnn',
    codecs: ['narrow'],
  });
  expect(summary).toEqual({
    perClass: [0, 2, 2, 0],
    originals: 0.75,
    codecs: [{ id: 'narrow', mse: 0.5, recognised: 0.25 }],
  });
});

test('without a classifier there is no accuracy, and the error all the same', () => {
  const summary = summariseSelection([0], {
    labels,
    classCount: 3,
    figures,
    classifier: undefined,
    codecs: ['narrow'],
  });
  expect(summary.originals).toBeUndefined();
  expect(summary.codecs).toEqual([{ id: 'narrow', mse: 0.5, recognised: undefined }]);
});

test('those that the codec costs come first; one that was never recognised is not lost by it', () => {
  const { 'cnn/original': originals, 'cnn/narrow': rebuilt } = figures.predicted;
  const options = { labels, judged: { originals, rebuilt } };
  expect(pickThumbnails([0, 1, 2, 3, 4], { ...options, count: 4 })).toEqual([
    { index: 1, isLost: true },
    { index: 3, isLost: true },
    { index: 0, isLost: false },
    { index: 2, isLost: false },
  ]);
  expect(pickThumbnails([0, 1, 2, 3, 4], { ...options, count: 1 })).toEqual([{ index: 1, isLost: true }]);
});
