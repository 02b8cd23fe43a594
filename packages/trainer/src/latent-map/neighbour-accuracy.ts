import type { NearestNeighbours } from './nearest-neighbours.ts';

/**
 * Share of points whose label is the one that most of their `k` nearest others have: the accuracy of a k-nearest-neighbour
 * classifier that each point is left out of in turn. Of labels that equally many have, that of the nearest counts.
 *
 * @param labels `[count]`, the class of each point.
 * @param neighbours nearest neighbours of the points, at least `k` each.
 * @returns in [0, 1].
 * @throws RangeError when there isn't one label for each point, or `k` isn't from 1 to `neighbours.k`.
 */
export function measureNeighbourAccuracy(
  labels: Uint8Array,
  { neighbours, k }: { neighbours: NearestNeighbours; k: number },
): number {
  const { count, indices } = neighbours;
  if (labels.length !== count) {
    throw new RangeError(
      `Cannot compare labels of neighbours: there must be one label for each of ${count} points, not ${labels.length}.`,
    );
  }
  if (!Number.isInteger(k) || k < 1 || k > neighbours.k) {
    throw new RangeError(
      `Cannot compare labels of ${k} neighbours: their number must be from 1 to ${neighbours.k}, as many as were found.`,
    );
  }
  const votes = new Int32Array(256);
  let right = 0;
  for (let point = 0; point < count; point++) {
    votes.fill(0);
    const nearest = indices.subarray(point * neighbours.k, point * neighbours.k + k);
    for (const index of nearest) votes[labels[index]]++;
    let winner = labels[nearest[0]];
    for (const index of nearest) {
      if (votes[labels[index]] > votes[winner]) winner = labels[index];
    }
    if (winner === labels[point]) right++;
  }
  return right / count;
}
