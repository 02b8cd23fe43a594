import { randomStream } from '@narrows/shared';
import { UMAP } from 'umap-js';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { findNearestNeighbours } from './nearest-neighbours.ts';
import { measureNeighbourAccuracy } from './neighbour-accuracy.ts';
import { drawClusters, drawPoints } from './testing/drawn-points.ts';
import { mapByUmap } from './umap.ts';

const engine = onnxEngine({ device: 'cpu', threads: 2 });

describe('a map of three clusters far apart', async () => {
  const { points, labels } = drawClusters(150);
  const neighbours = await findNearestNeighbours(engine, points, { k: 20 });
  const result = (await mapByUmap(neighbours, { seed: 1 }))!;

  test('keeps them apart', async () => {
    const map = { values: result.coordinates, count: 150 };
    const onMap = await findNearestNeighbours(engine, map, { k: 10 });
    expect(measureNeighbourAccuracy(labels, { neighbours: onMap, k: 10 })).toBe(1);
    expect(result.epochs).toBe(500);
  });

  test('is the same again for the same seed, bit for bit, and another for another', async () => {
    expect(await mapByUmap(neighbours, { seed: 1 })).toEqual(result);
    expect((await mapByUmap(neighbours, { seed: 2 }))!.coordinates).not.toEqual(result.coordinates);
  });

  test('takes the nearest 14 of however many neighbours', async () => {
    const fewer = await findNearestNeighbours(engine, points, { k: 14 });
    expect(await mapByUmap(fewer, { seed: 1 })).toEqual(result);
  });
});

test("it is umap-js's own map when that is given the neighbours that its own search finds", async () => {
  // With hardly more points than neighbours there is nothing approximate about its search.
  const points = drawPoints(16, 3);
  const rows = Array.from({ length: 16 }, (_, i) => [...points.values.subarray(3 * i, 3 * i + 3)]);
  const searching = new UMAP({ nNeighbors: 15, random: randomOf('search') });
  searching.initializeFit(rows);
  const found = searching as unknown as { knnIndices: number[][]; knnDistances: number[][] };
  const reference = new UMAP({ nNeighbors: 15, minDist: 0.1, random: randomOf('umap') });
  reference.setPrecomputedKNN(
    found.knnIndices,
    found.knnDistances.map((distances) => distances.map(Math.fround)),
  );
  const expected = Float32Array.from(reference.fit(rows).flat());
  const neighbours = await findNearestNeighbours(engine, points, { k: 15 });
  expect((await mapByUmap(neighbours, { seed: 1 }))!.coordinates).toEqual(expected);
});

function randomOf(purpose: string): () => number {
  const stream = randomStream(1, purpose);
  return () => stream.nextUniform();
}

test('progress ascends to 1, and timers fire meanwhile', async () => {
  const neighbours = await findNearestNeighbours(engine, drawPoints(40, 3), { k: 14 });
  const seen: number[] = [];
  let fired = 0;
  const timer = setInterval(() => fired++, 1);
  await mapByUmap(neighbours, { seed: 1, onProgress: (fraction) => seen.push(fraction) });
  clearInterval(timer);
  expect(seen).toEqual(Array.from({ length: 500 }, (_, i) => (i + 1) / 500));
  expect(fired).toBeGreaterThan(0);
});

test('it stops when asked to, without a result', async () => {
  const neighbours = await findNearestNeighbours(engine, drawPoints(40, 3), { k: 14 });
  let asked = 0;
  expect(await mapByUmap(neighbours, { seed: 1, shouldStop: () => ++asked === 3 })).toBeUndefined();
  expect(asked).toBe(3);
});

test('too few points are refused', async () => {
  const neighbours = await findNearestNeighbours(engine, drawPoints(15, 3), { k: 14 });
  await expect(mapByUmap(neighbours, { seed: 1 })).rejects.toThrow(
    'Cannot run UMAP on 15 points: there must be more than 15, the size of a neighbourhood: map more points.',
  );
});

test('too few neighbours are refused', async () => {
  const neighbours = await findNearestNeighbours(engine, drawPoints(40, 3), { k: 13 });
  await expect(mapByUmap(neighbours, { seed: 1 })).rejects.toThrow(
    new RangeError('Cannot run UMAP with 13 neighbours of each point: it needs 14.'),
  );
});
