import { describe, expect, test } from 'vitest';
import { parseWidth, positionOf, widthAfterKey, widthAt, widthTicks } from './width-scale.ts';

test('every width from 1 to 1,024 has a place of its own', () => {
  for (let width = 1; width <= 1024; width++) expect(widthAt(positionOf(width))).toBe(width);
});

test.each([
  [null, 128, 16],
  [null, 10, 10],
  ['7', 128, 7],
  ['900', 128, 128],
  ['0', 128, 16],
  ['2.5', 128, 16],
  ['', 128, 16],
  ['many', 128, 16],
])('the address says %j of %d: %d', (text, widest, expected) => {
  expect(parseWidth(text, widest)).toBe(expected);
});

describe('keys', () => {
  const at = (width: number) => ({ width, widest: 100, stops: [1, 4, 16, 64] });
  test.each([
    ['ArrowRight', 16, 17],
    ['ArrowUp', 100, 100],
    ['ArrowLeft', 16, 15],
    ['ArrowDown', 1, 1],
    ['PageUp', 15, 16],
    ['PageUp', 16, 64],
    ['PageUp', 70, 100],
    ['PageDown', 16, 4],
    ['PageDown', 1, 1],
    ['Home', 50, 1],
    ['End', 50, 100],
    ['Tab', 50, undefined],
  ])('%s at %d leads to %s', (key, width, expected) => {
    expect(widthAfterKey(key, at(width))).toBe(expected);
  });
});

test.each([
  [128, [1, 2, 4, 8, 16, 32, 64, 128]],
  [100, [1, 2, 4, 8, 16, 32, 64, 100]],
  [70, [1, 2, 4, 8, 16, 32, 70]],
  [1, [1]],
])('ticks up to %d', (widest, expected) => {
  expect(widthTicks(widest)).toEqual(expected);
});
