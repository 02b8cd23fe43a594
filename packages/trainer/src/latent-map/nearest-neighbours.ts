import type { Engine } from '../engine/engine.ts';
import { distanceBlocks } from './distance-blocks.ts';
import { pointWidth, squaredDistance, type Points } from './points.ts';

/** The nearest others of each point, nearest first. */
export interface NearestNeighbours {
  /** Number of points. */
  readonly count: number;
  /** Number of neighbours of each. */
  readonly k: number;
  /** `[count, k]`: which points they are. */
  readonly indices: Int32Array;
  /** `[count, k]`: their Euclidean distances, ascending. */
  readonly distances: Float32Array;
}

export interface NeighbourOptions {
  /** How many neighbours of each point to find, from 1 to the number of points less 1. */
  readonly k: number;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Finds the `k` nearest others of every point by Euclidean distance, exactly: the order is that of float64 distances,
 * and of two points at the same distance the one of lower index comes first. A point is never its own neighbour, but one
 * that coincides with it can be.
 *
 * The engine's float32 distances tell which points may be among the nearest, allowing for their error; those few are then
 * compared exactly. O(count²·width).
 *
 * @throws RangeError when `k` is out of range, or for points that `pointWidth` refuses.
 */
export async function findNearestNeighbours(
  engine: Engine,
  points: Points,
  { k, onProgress }: NeighbourOptions,
): Promise<NearestNeighbours> {
  pointWidth(points);
  const { count } = points;
  if (!Number.isInteger(k) || k < 1 || k >= count) {
    throw new RangeError(
      `Cannot find ${k} nearest neighbours among ${count} points: their number must be from 1 to ${count - 1}, ` +
        'the number of other points.',
    );
  }
  const indices = new Int32Array(count * k);
  const distances = new Float32Array(count * k);
  const nearest = new Float32Array(k);
  for await (const { first, rows, squared, tolerance } of distanceBlocks(engine, points)) {
    for (let row = 0; row < rows; row++) {
      const point = first + row;
      const approximate = squared.subarray(row * count, (row + 1) * count);
      // Not its own neighbour.
      approximate[point] = Infinity;
      // Off by the tolerance each, the k-th of them and one that belongs before it may seem twice that apart.
      const limit = kthSmallest(approximate, nearest) + 2 * tolerance;
      const candidates: { index: number; squared: number }[] = [];
      for (let index = 0; index < count; index++) {
        if (approximate[index] > limit || index === point) continue;
        candidates.push({ index, squared: squaredDistance(points, point, index) });
      }
      candidates.sort((a, b) => a.squared - b.squared || a.index - b.index);
      for (let rank = 0; rank < k; rank++) {
        indices[point * k + rank] = candidates[rank].index;
        distances[point * k + rank] = Math.sqrt(candidates[rank].squared);
      }
    }
    onProgress?.((first + rows) / count);
  }
  return { count, k, indices, distances };
}

/**
 * The smallest of `values` that `heap.length` of them don't exceed.
 * @param heap room for as many values as are looked for; it becomes a heap of them, the largest first.
 */
function kthSmallest(values: Float32Array, heap: Float32Array): number {
  const size = heap.length;
  heap.set(values.subarray(0, size));
  for (let parent = (size >> 1) - 1; parent >= 0; parent--) sink(heap, parent, heap[parent]);
  for (let i = size; i < values.length; i++) {
    if (values[i] < heap[0]) sink(heap, 0, values[i]);
  }
  return heap[0];
}

/** Puts `value` at `position` of a heap or below, wherever it is no smaller than all that is below. */
function sink(heap: Float32Array, position: number, value: number): void {
  for (;;) {
    let child = 2 * position + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1] > heap[child]) child++;
    if (heap[child] <= value) break;
    heap[position] = heap[child];
    position = child;
  }
  heap[position] = value;
}
