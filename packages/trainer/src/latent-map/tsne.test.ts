import { describe, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import { onnxEngine } from '../engine/onnx-engine.ts';
import { findNearestNeighbours, type NearestNeighbours } from './nearest-neighbours.ts';
import { measureNeighbourAccuracy } from './neighbour-accuracy.ts';
import type { Points } from './points.ts';
import { layOnPrincipalPlane, type PlaneMap } from './principal-plane.ts';
import { drawClusters, drawPoints } from './testing/drawn-points.ts';
import { conditionalProbabilities, symmetricAffinities } from './tsne-affinities.ts';
import { allocateGradient, computeTsneGradient } from './tsne-gradient.ts';
import { klDivergence, mapByTsne, tsneLearningRate } from './tsne.ts';

const engine = onnxEngine({ device: 'cpu', threads: 2 });

async function prepare(points: Points, k: number): Promise<[NearestNeighbours, PlaneMap]> {
  return [
    await findNearestNeighbours(engine, points, { k }),
    await layOnPrincipalPlane(engine, points, { spread: 1e-4, seed: 1 }),
  ];
}

describe('a map of three clusters far apart', async () => {
  const { points, labels } = drawClusters(300);
  const [neighbours, initial] = await prepare(points, 45);
  const options = { perplexity: 15, iterations: 500 };
  const result = (await mapByTsne(neighbours, initial, options))!;

  test('keeps them apart', async () => {
    const map = { values: result.coordinates, count: 300 };
    const onMap = await findNearestNeighbours(engine, map, { k: 10 });
    expect(measureNeighbourAccuracy(labels, { neighbours: onMap, k: 10 })).toBe(1);
    const centres = [0, 1, 2].map((label) => {
      const members = [...labels.keys()].filter((point) => labels[point] === label);
      const mean = (axis: number) =>
        members.reduce((sum, point) => sum + result.coordinates[2 * point + axis], 0) / members.length;
      return [mean(0), mean(1)];
    });
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(Math.hypot(centres[a][0] - centres[b][0], centres[a][1] - centres[b][1])).toBeGreaterThan(5);
    }
  });

  test('has the divergence that its coordinates have, well below that of the first map', () => {
    const affinities = symmetricAffinities(neighbours, conditionalProbabilities(neighbours, 15));
    const coordinate = (axis: number) =>
      Float64Array.from({ length: 300 }, (_, i) => result.coordinates[2 * i + axis]);
    const again = klDivergence({ x: coordinate(0), y: coordinate(1) }, affinities);
    expect(result.klDivergence).toBeCloseTo(again, 5);
    expect(result.klDivergence).toBeGreaterThan(0);
    expect(result.klDivergence).toBeLessThan(klDivergence(initial, affinities) / 3);
  });

  test('is the same again, bit for bit, and leaves what it was given as it was', async () => {
    const [, initialAgain] = await prepare(points, 45);
    expect(initial).toEqual(initialAgain);
    expect(await mapByTsne(neighbours, initial, options)).toEqual(result);
  });

  test('comes out the better the longer it takes', async () => {
    const shorter = (await mapByTsne(neighbours, initial, { perplexity: 15, iterations: 200 }))!;
    expect(shorter.klDivergence).toBeGreaterThan(result.klDivergence);
  });
});

test('each step follows the rules of momentum and gains, in both phases', async () => {
  const [neighbours, { x: startX, y: startY }] = await prepare(drawPoints(60, 4), 24);
  const affinities = symmetricAffinities(neighbours, conditionalProbabilities(neighbours, 8));
  // Of 40 iterations ten are the early phase.
  const iterations = 40;
  const position = [...startX, ...startY];
  let step = position.map(() => 0);
  let gain = position.map(() => 1);
  const gradient = allocateGradient(60);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const early = iteration < 10;
    if (iteration === 10) [step, gain] = [position.map(() => 0), position.map(() => 1)];
    const map = { x: Float64Array.from(position.slice(0, 60)), y: Float64Array.from(position.slice(60)) };
    computeTsneGradient(gradient, { map, affinities, exaggeration: early ? 12 : 1, theta: 0.5 });
    [...gradient.x, ...gradient.y].forEach((slope, i) => {
      const keepsItsDirection = step[i] * slope < 0;
      gain[i] = Math.max(0.01, keepsItsDirection ? gain[i] + 0.2 : gain[i] * 0.8);
      step[i] = (early ? 0.5 : 0.8) * step[i] - 50 * gain[i] * slope;
      position[i] += step[i];
    });
  }
  const { coordinates } = (await mapByTsne(
    neighbours,
    { x: startX, y: startY },
    { perplexity: 8, iterations },
  ))!;
  const expected = Float32Array.from({ length: 120 }, (_, i) => position[(i % 2) * 60 + (i >> 1)]);
  expect(coordinates).toEqual(expected);
});

describe('klDivergence', () => {
  test('is that of its definition, by hand', () => {
    // Three points at 0, 1 and 3: t is 1/2, 1/10 and 1/5, Z = 2·0.8, and q therefore 5/16, 1/16 and 2/16.
    const map = { x: Float64Array.of(0, 0, 0), y: Float64Array.of(0, 1, 3) };
    const affinities = {
      count: 3,
      starts: Int32Array.of(0, 1, 2, 2),
      partners: Int32Array.of(1, 2),
      weights: Float64Array.of(0.3, 0.2),
    };
    const expected = 2 * (0.3 * Math.log(0.3 / (5 / 16)) + 0.2 * Math.log(0.2 / (2 / 16)));
    expect(klDivergence(map, affinities)).toBeCloseTo(expected, 12);
  });
});

test.each<[string, Points]>([
  ['of one coordinate', drawPoints(100, 1)],
  ['that all coincide', { values: new Float32Array(200), count: 100 }],
])('points %s are spread over the plane', async (_, points) => {
  const [neighbours, initial] = await prepare(points, 30);
  const { coordinates } = (await mapByTsne(neighbours, initial, { perplexity: 10, iterations: 300 }))!;
  for (const axis of [0, 1]) {
    const values = Array.from({ length: 100 }, (_, i) => coordinates[2 * i + axis]);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(1);
  }
});

test('progress ascends to 1, and timers fire meanwhile', async () => {
  const [neighbours, initial] = await prepare(drawPoints(100, 3), 15);
  const seen: number[] = [];
  let fired = 0;
  const timer = setInterval(() => fired++, 1);
  await mapByTsne(neighbours, initial, {
    perplexity: 5,
    iterations: 100,
    onProgress: (fraction) => seen.push(fraction),
  });
  clearInterval(timer);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => (i + 1) / 100));
  expect(fired).toBeGreaterThan(0);
});

test('it stops when asked to, without a result', async () => {
  const [neighbours, initial] = await prepare(drawPoints(100, 3), 15);
  let asked = 0;
  const shouldStop = () => ++asked === 3;
  const options = { perplexity: 5, iterations: 1_000_000_000, shouldStop };
  expect(await mapByTsne(neighbours, initial, options)).toBeUndefined();
  expect(asked).toBe(3);
});

test.each([
  [10, 30, 'choose a lower perplexity or map more points'],
  [200, 30, 'choose a lower perplexity or map more points'],
  [0.5, 30, 'choose a higher perplexity'],
  [NaN, 30, 'choose a higher perplexity'],
])('the perplexity %d for %d points is refused, with what to do', async (perplexity, count, help) => {
  const [neighbours, initial] = await prepare(drawPoints(count, 3), 29);
  const attempt = mapByTsne(neighbours, initial, { perplexity, iterations: 10 });
  await expect(attempt).rejects.toThrow(
    new ExpectedError(
      `Cannot run t-SNE on ${count} points with perplexity ${perplexity}: it must be at least 1 and less than a third ` +
        `of the number of points: ${help}.`,
      { exitCode: 2 },
    ),
  );
});

test.each([0, -1, 2.5, NaN])('%d iterations are refused', async (iterations) => {
  const [neighbours, initial] = await prepare(drawPoints(30, 3), 15);
  await expect(mapByTsne(neighbours, initial, { perplexity: 5, iterations })).rejects.toThrow(RangeError);
});

test('the learning rate is 50, and from 2,400 points on a 48th of their number', () => {
  expect([100, 2400, 10_000].map(tsneLearningRate)).toEqual([50, 50, 10_000 / 48]);
});
