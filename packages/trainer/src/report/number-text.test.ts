import { expect, test } from 'vitest';
import {
  countText,
  countedText,
  errorText,
  listText,
  percentText,
  signedText,
  sizeText,
  timeText,
} from './number-text.ts';

test('numbers read as in a paper', () => {
  expect(countText(1_100_112)).toBe('1,100,112');
  expect([countedText(1, 'image'), countedText(1200, 'image')]).toEqual(['1 image', '1,200 images']);
  expect([percentText(0.98266), percentText(1, 0)]).toEqual(['98.27\u00a0%', '100\u00a0%']);
  expect(errorText(0.0099478)).toBe('0.009948');
  expect([timeText(12.34), timeText(1234)]).toEqual(['12.3 ms', '1.2 s']);
});

test('a sign is a true minus, and nothing has none', () => {
  expect([signedText(-1.5, 2), signedText(0.204, 2)]).toEqual(['−1.50', '+0.20']);
  expect([signedText(-0.004, 2), signedText(0, 1)]).toEqual(['0.00', '0.0']);
});

test('sizes take the unit that keeps them short', () => {
  expect([0, 999, 1000, 999_949, 999_950, 1_688_089].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '999.9 kB',
    '1.00 MB',
    '1.69 MB',
  ]);
});

test('names are listed as a person lists them', () => {
  expect([listText([]), listText(['a']), listText(['a', 'b']), listText(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
