import { setImmediate } from 'node:timers/promises';
import { randomStream } from '@narrows/shared';
import { UMAP } from 'umap-js';
import { ExpectedError } from '../expected-error.ts';
import type { NearestNeighbours } from './nearest-neighbours.ts';

/** What UMAP is run with; both are the defaults of the reference implementation. */
export const umapConstants = {
  /** Size of each point's neighbourhood, which the point itself belongs to. */
  neighbours: 15,
  /** Least distance of points on the map. */
  minDist: 0.1,
} as const;

export interface UmapOptions {
  /** Seeds the first map and the negative samples. */
  readonly seed: number;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Asked after every epoch; `true` ends it without a result. */
  readonly shouldStop?: () => boolean;
}

export interface UmapResult {
  /** float32 `[count, 2]` in row-major order. */
  readonly coordinates: Float32Array;
  /** How many epochs it took: 500 for up to 2,500 points, down to 200 for more than 7,500. */
  readonly epochs: number;
}

/**
 * Maps points to the plane by UMAP (L. McInnes, J. Healy, J. Melville, https://arxiv.org/abs/1802.03426), as umap-js
 * implements it: from random first positions instead of a spectral layout. It is given the exact neighbours instead of
 * searching approximate ones. The event loop gets a turn after each epoch.
 *
 * @param neighbours of the points, at least 14 each.
 * @returns the map, or `undefined` if it was stopped. The same for the same input and seed, bit for bit.
 * @throws ExpectedError for 15 points or fewer; RangeError for fewer neighbours than 14.
 */
export async function mapByUmap(
  neighbours: NearestNeighbours,
  { seed, onProgress, shouldStop }: UmapOptions,
): Promise<UmapResult | undefined> {
  const { count, k } = neighbours;
  requireUmapPoints(count);
  const others = umapConstants.neighbours - 1;
  if (k < others) {
    throw new RangeError(`Cannot run UMAP with ${k} neighbours of each point: it needs ${others}.`);
  }
  const random = randomStream(seed, 'umap');
  const umap = new UMAP({
    nNeighbors: umapConstants.neighbours,
    minDist: umapConstants.minDist,
    random: () => random.nextUniform(),
  });
  const points = Array.from({ length: count }, (_, point) => point);
  // Its own search finds every point first among its neighbours, at distance 0; what follows relies on that.
  umap.setPrecomputedKNN(
    points.map((point) => [point, ...neighbours.indices.subarray(point * k, point * k + others)]),
    points.map((point) => [0, ...neighbours.distances.subarray(point * k, point * k + others)]),
  );
  // With the neighbours at hand it only counts the points and never reads their coordinates.
  const epochs = umap.initializeFit(points.map(() => []));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    onProgress?.(epoch / epochs);
    await setImmediate();
    if (shouldStop?.()) return undefined;
  }
  return { coordinates: Float32Array.from(umap.getEmbedding().flat()), epochs };
}

/** @throws ExpectedError unless there are more points than UMAP puts into one neighbourhood. */
export function requireUmapPoints(count: number): void {
  if (count > umapConstants.neighbours) return;
  throw new ExpectedError(
    `Cannot run UMAP on ${count} points: there must be more than ${umapConstants.neighbours}, the size of a ` +
      'neighbourhood: map more points.',
    { exitCode: 2 },
  );
}
