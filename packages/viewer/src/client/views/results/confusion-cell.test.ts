import { expect, test } from 'vitest';
import { cellText, imagesOfCell, mostFrequentMistake, parseCell } from './confusion-cell.ts';

test('a cell comes back from an address; what is no cell of the matrix does not', () => {
  expect(parseCell(cellText({ label: 3, answer: 5 }), 10)).toEqual({ label: 3, answer: 5 });
  for (const text of [null, '', '3', '3-', '10-1', '1-10', '-1-2', '1-2-3', 'a-b']) {
    expect(parseCell(text, 10)).toBeUndefined();
  }
});

test('the most frequent mistake lies beside the diagonal', () => {
  expect(
    mostFrequentMistake([
      [90, 2, 0],
      [1, 80, 7],
      [0, 3, 99],
    ]),
  ).toEqual({ label: 1, answer: 2 });
  expect(
    mostFrequentMistake([
      [4, 0],
      [0, 4],
    ]),
  ).toBeUndefined();
});

test('the images of a cell come with the surest answer first', () => {
  const answers = {
    labels: Uint8Array.of(3, 3, 5, 3, 3),
    predicted: Uint8Array.of(5, 3, 5, 5, 5),
    probability: Float32Array.of(0.4, 0.99, 0.9, 0.8, 0.6),
  };
  expect(imagesOfCell({ label: 3, answer: 5 }, answers)).toEqual([3, 4, 0]);
  expect(imagesOfCell({ label: 5, answer: 3 }, answers)).toEqual([]);
});
