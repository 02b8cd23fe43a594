import { describe, expect, test } from 'vitest';
import type { NearestNeighbours } from './nearest-neighbours.ts';
import { drawPoints, nearestOf, squaredDistancesFrom } from './testing/drawn-points.ts';
import { affinityNeighbours, conditionalProbabilities, symmetricAffinities } from './tsne-affinities.ts';

/** The `k` nearest others of drawn points, from the definition. */
function drawNeighbours(count: number, k: number, scale = 1): NearestNeighbours {
  const points = drawPoints(count, 4);
  const indices: number[] = [];
  const distances: number[] = [];
  for (let point = 0; point < count; point++) {
    const squared = squaredDistancesFrom(points, point);
    const nearest = nearestOf(squared, { point, k });
    indices.push(...nearest);
    distances.push(...nearest.map((index) => scale * Math.sqrt(squared[index])));
  }
  return { count, k, indices: Int32Array.from(indices), distances: Float32Array.from(distances) };
}

function perplexityOf(row: Float64Array): number {
  return Math.exp(-row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0));
}

describe('conditionalProbabilities', () => {
  test.each([
    [1.5, 1],
    [5, 1],
    [12.4, 1],
    [30, 1],
    [30, 1e-6],
    [30, 1e6],
  ])('have the perplexity %d and are Gaussian, with distances times %d', (perplexity, scale) => {
    const neighbours = drawNeighbours(150, 95, scale);
    const width = affinityNeighbours(perplexity);
    const probabilities = conditionalProbabilities(neighbours, perplexity);
    expect(probabilities).toHaveLength(150 * width);
    for (let point = 0; point < 150; point++) {
      const row = probabilities.subarray(point * width, (point + 1) * width);
      expect(row.reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
      expect(Math.abs(Math.log(perplexityOf(row) / perplexity))).toBeLessThan(2e-5);
      // log p falls in proportion to the squared distance: the same β from any two of a point's neighbours.
      const squared = Array.from(
        neighbours.distances.subarray(point * 95, point * 95 + width),
        (d) => (d / scale) ** 2,
      );
      const beta = (rank: number) => Math.log(row[0] / row[rank]) / (squared[rank] - squared[0]);
      const last = row.findLastIndex((p) => p > 1e-200);
      expect(beta(last) / beta(last >> 1)).toBeCloseTo(1, 5);
    }
  });

  test('are shared equally where all neighbours are equally near', () => {
    const neighbours = { ...drawNeighbours(30, 9), distances: new Float32Array(30 * 9).fill(2) };
    for (const p of conditionalProbabilities(neighbours, 3)) expect(p).toBeCloseTo(1 / 9, 12);
  });

  test('go to those that coincide with the point when they are more than the perplexity', () => {
    const row = [0, 0, 0, 0, 0, 1, 1, 1, 1];
    const neighbours = { ...drawNeighbours(30, 9), distances: Float32Array.from(Array(30).fill(row).flat()) };
    conditionalProbabilities(neighbours, 3).forEach((p, i) => {
      expect(p).toBeCloseTo(i % 9 < 5 ? 1 / 5 : 0, 12);
    });
  });

  test.each([
    [0.9, 9],
    [NaN, 9],
    [4, 9],
    [3.4, 9],
  ])('refuse the perplexity %d with %d neighbours', (perplexity, k) => {
    const attempt = () => conditionalProbabilities(drawNeighbours(30, k), perplexity);
    // Ten neighbours are ⌊3 · 3.4⌋.
    expect(attempt).toThrow(
      new RangeError(
        `Cannot compute affinities of perplexity ${perplexity}: it must be at least 1, and takes ⌊3·perplexity⌋ ` +
          `neighbours of each point; there are ${k}.`,
      ),
    );
  });
});

describe('symmetricAffinities', () => {
  test('are half the sum of both directions over the number of points, each pair once', () => {
    const [count, perplexity] = [80, 6];
    const neighbours = drawNeighbours(count, 25);
    const width = affinityNeighbours(perplexity);
    const probabilities = conditionalProbabilities(neighbours, perplexity);
    const expected = new Map<string, number>();
    for (let point = 0; point < count; point++) {
      for (let rank = 0; rank < width; rank++) {
        const other = neighbours.indices[point * 25 + rank];
        const pair = [Math.min(point, other), Math.max(point, other)].join();
        expected.set(pair, (expected.get(pair) ?? 0) + probabilities[point * width + rank] / (2 * count));
      }
    }
    const { starts, partners, weights, ...rest } = symmetricAffinities(neighbours, probabilities);
    expect(rest).toEqual({ count });
    expect(starts[0]).toBe(0);
    expect(starts[count]).toBe(partners.length);
    expect(partners).toHaveLength(expected.size);
    expect(weights).toHaveLength(expected.size);
    for (let point = 0; point < count; point++) {
      for (let pair = starts[point]; pair < starts[point + 1]; pair++) {
        expect(partners[pair]).toBeGreaterThan(point);
        expect(weights[pair]).toBeCloseTo(expected.get([point, partners[pair]].join())!, 15);
      }
    }
    expect(2 * weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
  });

  test('leave out what vanished', () => {
    // Of two pairs far from each other, none sees another: the exponential of the other distances is 0.
    const neighbours = {
      count: 4,
      k: 3,
      indices: Int32Array.from([1, 2, 3, 0, 2, 3, 3, 0, 1, 2, 0, 1]),
      distances: new Float32Array(12),
    };
    const probabilities = Float64Array.from([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect(symmetricAffinities(neighbours, probabilities)).toEqual({
      count: 4,
      starts: Int32Array.of(0, 1, 1, 2, 2),
      partners: Int32Array.of(1, 3),
      weights: Float64Array.of(0.25, 0.25),
    });
  });
});
