import { expect, test } from 'vitest';
import { dotMask, fillPixels, stampDots } from './stamp-dots.ts';

function blank(width: number, height: number) {
  const pixels = { data: new Uint8ClampedArray(4 * width * height), width, height };
  fillPixels(pixels, [250, 240, 230]);
  return pixels;
}

const colours = [
  [0, 0, 0],
  [200, 100, 50],
] as const;

function colourAt({ data, width }: ReturnType<typeof blank>, x: number, y: number): number[] {
  return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
}

test('a dot is round, whole inside and softer at its rim', () => {
  const { dx, dy, coverage } = dotMask(1.7);
  const of = (x: number, y: number) => coverage[dx.findIndex((value, i) => value === x && dy[i] === y)];
  expect(of(0, 0)).toBe(1);
  expect(of(1, 0)).toBe(1);
  expect(of(1, 1)).toBeCloseTo(2.2 - Math.SQRT2, 5);
  expect(of(2, 0)).toBeCloseTo(0.2, 5);
  expect(of(2, 2)).toBeUndefined();
  // As much in all as the area of the disc, within what a grid of pixels allows.
  const area = coverage.reduce((sum, value) => sum + value, 0);
  expect(Math.abs(area / (Math.PI * 1.7 ** 2) - 1)).toBeLessThan(0.1);
});

test('dots are at their places, in the colours of their classes, y upwards', () => {
  const pixels = blank(9, 7);
  stampDots(pixels, {
    coordinates: Float32Array.of(1, 1, -1, -1, 0, 0),
    labels: Uint8Array.of(0, 1, 0),
    colours,
    mask: dotMask(0.5),
    left: 4,
    top: 3,
    scale: 2,
    opacity: 1,
    isWanted: (index) => index < 2,
  });
  expect(colourAt(pixels, 6, 1)).toEqual([0, 0, 0, 255]);
  expect(colourAt(pixels, 2, 5)).toEqual([200, 100, 50, 255]);
  expect(colourAt(pixels, 4, 3)).toEqual([250, 240, 230, 255]);
});

test('a faint dot lets the ground through', () => {
  const pixels = blank(3, 3);
  stampDots(pixels, {
    coordinates: Float32Array.of(0, 0),
    labels: Uint8Array.of(0),
    colours,
    mask: dotMask(0.5),
    left: 1,
    top: 1,
    scale: 1,
    opacity: 0.2,
    isWanted: () => true,
  });
  expect(colourAt(pixels, 1, 1)).toEqual([200, 192, 184, 255]);
});

test('a dot across the edge is cut there and comes in nowhere else', () => {
  const pixels = blank(5, 4);
  stampDots(pixels, {
    coordinates: Float32Array.of(0, 0),
    labels: Uint8Array.of(0),
    colours,
    mask: dotMask(1),
    left: 5,
    top: 1,
    scale: 1,
    opacity: 1,
    isWanted: () => true,
  });
  const touched = Array.from({ length: 20 }, (_, i) => i).filter((i) => pixels.data[4 * i] !== 250);
  expect(touched).toEqual([4, 9, 14]);
});
