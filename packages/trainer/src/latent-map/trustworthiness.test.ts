import { expect, test } from 'vitest';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { findNearestNeighbours } from './nearest-neighbours.ts';
import type { Points } from './points.ts';
import { drawPoints, isNearer, nearestOf, squaredDistancesFrom } from './testing/drawn-points.ts';
import { measureTrustworthiness } from './trustworthiness.ts';

const engine = onnxEngine({ device: 'cpu', threads: 2 });

async function measure(space: Points, map: Points, k: number): Promise<number> {
  const neighbours = await findNearestNeighbours(engine, map, { k });
  return measureTrustworthiness(engine, space, { neighbours, k });
}

/** The definition, with each rank counted one by one. */
function expectedTrustworthiness(space: Points, map: Points, k: number): number {
  const { count } = space;
  let penalty = 0;
  for (let point = 0; point < count; point++) {
    const inSpace = squaredDistancesFrom(space, point);
    for (const other of nearestOf(squaredDistancesFrom(map, point), { point, k })) {
      let rank = 1;
      for (let i = 0; i < count; i++) if (i !== point && isNearer(inSpace, i, other)) rank++;
      penalty += Math.max(0, rank - k);
    }
  }
  return 1 - (2 / (count * k * (2 * count - 3 * k - 1))) * penalty;
}

test('a map that swaps the first and the last of five points on a line, by hand', async () => {
  const space = { values: Float32Array.of(0, 1, 2.1, 3.3, 4.6), count: 5 };
  const map = { values: Float32Array.of(4.6, 1, 2.1, 3.3, 0), count: 5 };
  const neighbours = await findNearestNeighbours(engine, map, { k: 1 });
  // On the map, 3 is the nearest to 0, 4 to 1, 1 to 2, 2 to 3 and 1 to 4.
  expect([...neighbours.indices]).toEqual([3, 4, 1, 2, 1]);
  // In the space these are the third nearest to 0, the fourth to 1, the first to 2 and to 3, and the third to 4. So
  // the ranks exceed 1 by 2 + 3 + 0 + 0 + 2 = 7, which counts 2 / (5·1·(10 − 3 − 1)) = 1/15 each.
  expect(await measureTrustworthiness(engine, space, { neighbours, k: 1 })).toBeCloseTo(1 - 7 / 15, 12);
});

const grid = (count: number, seed: number): Points => ({
  values: drawPoints(count, 2, seed).values.map((value) => Math.round(2 * value)),
  count,
});

// 2,100 points are two blocks.
test.each<[string, Points, Points, number]>([
  ['unrelated to the space', drawPoints(300, 4, 1), drawPoints(300, 2, 2), 10],
  [
    'a projection of it',
    drawPoints(300, 2, 1),
    { values: drawPoints(300, 2, 1).values.map((v, i) => (i % 2 ? v : 0)), count: 300 },
    7,
  ],
  ['of more than one block', drawPoints(2100, 3, 1), drawPoints(2100, 2, 2), 2],
  ['with ties, of a space with ties', grid(300, 1), grid(300, 2), 10],
  ['of coinciding points', { values: new Float32Array(60), count: 30 }, drawPoints(30, 2), 5],
  ['of the largest neighbourhoods', drawPoints(21, 3, 1), drawPoints(21, 2, 2), 10],
])('of a map %s is that of the definition', async (_, space, map, k) => {
  const expected = expectedTrustworthiness(space, map, k);
  expect(await measure(space, map, k)).toBeCloseTo(expected, 12);
  expect(expected).toBeLessThan(1);
});

test('is 1 for a map that is the space, whatever its scale', async () => {
  const space = drawPoints(100, 2);
  expect(await measure(space, { values: space.values.map((value) => 8 * value), count: 100 }, 10)).toBe(1);
});

test('counts only the first neighbours where more were found', async () => {
  const [space, map] = [drawPoints(100, 4, 1), drawPoints(100, 2, 2)];
  const neighbours = await findNearestNeighbours(engine, map, { k: 30 });
  expect(await measureTrustworthiness(engine, space, { neighbours, k: 6 })).toBe(
    await measure(space, map, 6),
  );
});

test.each([0, 5, 6, 1.5])('%d neighbours of 10 points are refused', async (k) => {
  const neighbours = await findNearestNeighbours(engine, drawPoints(10, 2), { k: 5 });
  await expect(measureTrustworthiness(engine, drawPoints(10, 2), { neighbours, k })).rejects.toThrow(
    /must be at least 1, at most 5, as many as were found, and less than half of 10, the number of points\.$/,
  );
});

test('a map of other points is refused', async () => {
  const neighbours = await findNearestNeighbours(engine, drawPoints(10, 2), { k: 3 });
  await expect(measureTrustworthiness(engine, drawPoints(11, 2), { neighbours, k: 3 })).rejects.toThrow(
    'the map must have as many points as the space, and has 10 for 11.',
  );
});
