import { describe, expect, test } from 'vitest';
import {
  classColours,
  parseColour,
  seriesOnDark,
  seriesOnLight,
  seriesStyle,
  tenColours,
  type Rgb,
} from './palette.ts';
import { contrast, linearLight } from './contrast.ts';

const [lightGround, darkGround] = ['#fdfdfb', '#15171b'];

/** Machado, Oliveira & Fernandes 2009, severity 1, on linear light. */
const visions: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** https://bottosson.github.io/posts/oklab/ */
function oklab([red, green, blue]: readonly number[]): number[] {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function smallestDistance(colours: readonly string[], vision: string): number {
  const seen = colours.map((colour) => {
    const light = linearLight(colour);
    return oklab(
      visions[vision].map((row) =>
        Math.min(
          1,
          Math.max(
            0,
            row.reduce((sum, part, i) => sum + part * light[i], 0),
          ),
        ),
      ),
    );
  });
  return Math.min(
    ...seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    ),
  );
}

describe('ten colours', () => {
  test.each([
    ['full', 0.13],
    ['protanopia', 0.08],
    ['deuteranopia', 0.08],
    ['tritanopia', 0.08],
  ])('stay apart for %s vision', (vision, distance) => {
    expect(smallestDistance(tenColours, vision)).toBeGreaterThan(distance);
  });

  test('show on both grounds', () => {
    for (const colour of tenColours) {
      expect(contrast(colour, lightGround)).toBeGreaterThan(2);
      expect(contrast(colour, darkGround)).toBeGreaterThan(2);
    }
  });

  test('as series have the contrast that WCAG asks of graphics', () => {
    for (const colour of seriesOnLight) expect(contrast(colour, lightGround)).toBeGreaterThanOrEqual(3);
    for (const colour of seriesOnDark) expect(contrast(colour, darkGround)).toBeGreaterThanOrEqual(3);
  });
});

test('every class has a colour of its own, however many there are', () => {
  expect(classColours(3)).toEqual(tenColours.slice(0, 3));
  const many = classColours(100);
  expect(new Set(many).size).toBe(100);
  expect(many[0]).toBe('#d22d2d');
});

test('a colour is read as its bytes', () => {
  expect(parseColour('#0180ff')).toEqual<Rgb>([1, 128, 255]);
});

test('series come round at different places for colour and symbol, so that forty look different', () => {
  const looks = Array.from({ length: 40 }, (_, i) => JSON.stringify(seriesStyle(i)));
  expect(new Set(looks).size).toBe(40);
});
