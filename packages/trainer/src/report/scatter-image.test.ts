import { expect, test } from 'vitest';
import { parseColour } from '@narrows/shared';
import { scatterImage } from './scatter-image.ts';

const colours = ['#ff0000', '#0000ff', '#00ff00'];

function draw(points: readonly (readonly [x: number, y: number])[], labels: readonly number[]) {
  const result = scatterImage(Float32Array.from(points.flat()), {
    labels: Uint8Array.from(labels),
    colours,
    size: 100,
    radius: 5,
  });
  const at = (x: number, y: number): number[] => [
    ...result.image.rgba.subarray(4 * (100 * y + x), 4 * (100 * y + x) + 4),
  ];
  return { ...result, at };
}

test('y goes upwards, both axes have one scale, and the larger extent fills the image but for a margin', () => {
  // Twice as wide as high: the height takes half of the 80 px within the margins.
  const { at, centres } = draw(
    [
      [-2, -1],
      [2, 1],
    ],
    [0, 1],
  );
  expect(at(10, 70).slice(0, 3)).toEqual(
    [...parseColour('#ff0000')].map((c) => Math.min(255, Math.round(c / 4) * 4)),
  );
  expect(at(89, 30)[2]).toBeGreaterThan(250);
  expect(at(50, 50)).toEqual([0, 0, 0, 0]);
  expect(centres[0]).toEqual([0.1, 0.7]);
  expect(centres[1]).toEqual([0.9, 0.3]);
  expect(centres[2]).toBeUndefined();
});

test('a dot is round, with an edge of less opacity', () => {
  const { image } = draw(
    [
      [0, 0],
      [1, 0],
    ],
    [0, 0],
  );
  const opacities = Array.from(
    { length: 100 * 50 },
    (_, i) => image.rgba[4 * ((i % 50) + 100 * Math.floor(i / 50)) + 3],
  );
  const covered = opacities.reduce((sum, opacity) => sum + opacity / 255, 0) / 0.75;
  expect(covered).toBeGreaterThan(0.95 * Math.PI * 25);
  expect(covered).toBeLessThan(1.08 * Math.PI * 25);
  expect(opacities.some((opacity) => opacity > 0 && opacity < 150)).toBe(true);
});

test('later dots lie above earlier ones, which show through', () => {
  const { at } = draw(
    [
      [0, 0],
      [1, 0],
      [1, 0],
    ],
    [0, 0, 1],
  );
  const [red, , blue, opacity] = at(89, 50);
  expect(blue).toBeGreaterThan(2 * red);
  expect(red).toBeGreaterThan(0);
  expect(opacity).toBeGreaterThan(0.9 * 255);
});

test('a class stands at the median of its points, so that one far off does not move it', () => {
  const { centres } = draw(
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [10, 10],
    ],
    [0, 0, 0, 0],
  );
  expect(centres[0]).toEqual([0.1, 0.9]);
});

test('points in one place are drawn in the middle', () => {
  const { centres } = draw(
    [
      [3, 3],
      [3, 3],
    ],
    [1, 1],
  );
  expect(centres[1]).toEqual([0.5, 0.5]);
});
