import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { tfjsEngine } from '../engine/tfjs-engine.ts';
import { distanceBlocks } from './distance-blocks.ts';
import { findNearestNeighbours } from './nearest-neighbours.ts';
import type { Points } from './points.ts';
import { drawPoints, nearestOf, squaredDistancesFrom } from './testing/drawn-points.ts';

const engine = onnxEngine({ device: 'cpu', threads: 2 });

/** The same points a long way off, where float32 has few digits left for their differences. */
function shifted({ values, count }: Points, by: number): Points {
  return { values: values.map((value) => value + by), count };
}

function scaled({ values, count }: Points, by: number): Points {
  return { values: values.map((value) => value * by), count };
}

/** Points on a grid of whole numbers, many at equal distances and some at the same place. */
function gridPoints(count: number): Points {
  return { values: drawPoints(count, 2).values.map((value) => Math.round(2 * value)), count };
}

function withOutlier(points: Points): Points {
  const values = points.values.slice();
  values[0] = 1e6;
  return { values, count: points.count };
}

// 2,100 points are two blocks, the second of them not full.
test.each<[string, Points, number]>([
  ['two points', drawPoints(2, 3), 1],
  ['all others of a few points', drawPoints(9, 4), 8],
  ['one coordinate', drawPoints(300, 1), 5],
  ['as many coordinates as MNIST has pixels', drawPoints(200, 784), 10],
  ['more than one block', drawPoints(2100, 6), 12],
  ['ties', gridPoints(400), 12],
  ['ties over more than one block', gridPoints(2100), 7],
  ['points that all coincide', { values: new Float32Array(60).fill(3), count: 20 }, 6],
  ['points far from 0', shifted(drawPoints(300, 8), 1000), 10],
  ['tiny points', scaled(drawPoints(300, 8), 1e-18), 10],
  ['huge points', scaled(drawPoints(300, 8), 1e18), 10],
  ['one point far from the others', withOutlier(drawPoints(300, 8)), 10],
])('of %s, they are those of a full search in float64', async (_, points, k) => {
  const { indices, distances, ...sizes } = await findNearestNeighbours(engine, points, { k });
  expect(sizes).toEqual({ count: points.count, k });
  for (let point = 0; point < points.count; point++) {
    const squared = squaredDistancesFrom(points, point);
    const expected = nearestOf(squared, { point, k });
    expect([...indices.subarray(point * k, (point + 1) * k)]).toEqual(expected);
    const roots = expected.map((index) => Math.fround(Math.sqrt(squared[index])));
    expect([...distances.subarray(point * k, (point + 1) * k)]).toEqual(roots);
  }
});

test('an engine that computes eagerly finds the same', async () => {
  const eager = tfjsEngine({ backend: 'cpu', device: 'cpu' });
  const points = drawPoints(200, 7);
  expect(await findNearestNeighbours(eager, points, { k: 9 })).toEqual(
    await findNearestNeighbours(engine, points, { k: 9 }),
  );
});

test('progress ascends to 1, a block at a time', async () => {
  const seen: number[] = [];
  const onProgress = (fraction: number) => seen.push(fraction);
  await findNearestNeighbours(engine, drawPoints(2500, 2), { k: 1, onProgress });
  expect(seen).toEqual([Math.ceil(2 ** 22 / 2500) / 2500, 1]);
});

test.each([0, 5, -1, 1.5, NaN])('%d neighbours among 5 points are refused', async (k) => {
  await expect(findNearestNeighbours(engine, drawPoints(5, 2), { k })).rejects.toThrow(
    new RangeError(
      `Cannot find ${k} nearest neighbours among 5 points: their number must be from 1 to 4, the number of other points.`,
    ),
  );
});

test.each([
  [{ values: new Float32Array(7), count: 3 }, /^Cannot read 3 points from 7 values: /],
  [{ values: new Float32Array(3), count: 1 }, /^Cannot read 1 points from 3 values: /],
  [{ values: new Float32Array(0), count: 2 }, /^Cannot read 2 points from 0 values: /],
  [
    { values: Float32Array.of(0, 1, 2, 3, NaN, 5), count: 3 },
    /coordinates must be finite, and coordinate 0 of point 2 is NaN\.$/,
  ],
])('points that are none are refused, case %#', async (points, message) => {
  await expect(findNearestNeighbours(engine, points, { k: 1 })).rejects.toThrow(message);
});

describe('distanceBlocks', () => {
  test.each<[string, Points]>([
    ['normal', drawPoints(150, 784)],
    ['positive', { values: drawPoints(150, 784).values.map(Math.abs), count: 150 }],
    ['far from 0', shifted(drawPoints(150, 20), 100)],
    ['of very unequal norm', withOutlier(drawPoints(150, 20))],
  ])('are within their tolerance of the exact squared distances: points %s', async (_, points) => {
    for await (const { first, rows, squared, scale, tolerance } of distanceBlocks(engine, points)) {
      expect(tolerance).toBeLessThan(1e-3);
      let worst = 0;
      for (let row = 0; row < rows; row++) {
        const exact = squaredDistancesFrom(points, first + row);
        for (let column = 0; column < points.count; column++) {
          const value = squared[row * points.count + column];
          worst = Math.max(worst, Math.abs(value - exact[column] * scale ** 2));
        }
      }
      expect(worst).toBeLessThan(tolerance);
      // A scale that made everything vanish would satisfy that too.
      expect(Math.max(...squared)).toBeGreaterThan(0.2);
    }
  });
});
