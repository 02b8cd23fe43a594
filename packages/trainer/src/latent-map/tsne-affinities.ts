import type { NearestNeighbours } from './nearest-neighbours.ts';

/**
 * The joint probabilities P of t-SNE, those above 0 and each pair once: `weights[e]` is p_ij = p_ji for the pair of point
 * i, the one with `starts[i]` ≤ e < `starts[i + 1]`, and point j = `partners[e]`. Over all i ≠ j, so each pair counted
 * twice, they sum to 1.
 */
export interface Affinities {
  /** Number of points. */
  readonly count: number;
  /** `[count + 1]`, ascending. */
  readonly starts: Int32Array;
  /** `[pairs]` */
  readonly partners: Int32Array;
  /** `[pairs]`, above 0. */
  readonly weights: Float64Array;
}

/** Largest difference of a distribution's entropy, in nats, from the logarithm of the perplexity. */
const entropyTolerance = 1e-5;
const largestBisections = 200;

/** How many neighbours of each point t-SNE looks at: ⌊3·perplexity⌋, beyond which probabilities are next to nothing. */
export function affinityNeighbours(perplexity: number): number {
  return Math.floor(3 * perplexity);
}

/**
 * The conditional probabilities p_j|i ∝ exp(−β_i·d_ij²) of each point's neighbours, where β_i is found by bisection such
 * that the distribution's perplexity, e to its entropy in nats, is as asked for. Where too many neighbours are equally
 * near for that, they share the probability equally.
 *
 * Source: L. van der Maaten, G. Hinton, "Visualizing data using t-SNE", JMLR 9, 2008, section 2.
 *
 * @param perplexity effective number of neighbours, at least 1.
 * @returns `[count, affinityNeighbours(perplexity)]`, each row of sum 1.
 * @throws RangeError when the perplexity is below 1 or fewer neighbours are given than it needs.
 */
export function conditionalProbabilities(neighbours: NearestNeighbours, perplexity: number): Float64Array {
  const width = affinityNeighbours(perplexity);
  if (!(perplexity >= 1) || width > neighbours.k) {
    throw new RangeError(
      `Cannot compute affinities of perplexity ${perplexity}: it must be at least 1, and takes ⌊3·perplexity⌋ ` +
        `neighbours of each point; there are ${neighbours.k}.`,
    );
  }
  const probabilities = new Float64Array(neighbours.count * width);
  for (let point = 0; point < neighbours.count; point++) {
    const distances = neighbours.distances.subarray(point * neighbours.k, point * neighbours.k + width);
    distribute(distances, Math.log(perplexity), probabilities.subarray(point * width, (point + 1) * width));
  }
  return probabilities;
}

/** Fills `row` with the distribution over ascending `distances` whose entropy is `entropy`, in nats. */
function distribute(distances: Float32Array, entropy: number, row: Float64Array): void {
  // Less the smallest, which changes nothing but keeps the exponentials from vanishing all at once.
  const excesses = Float64Array.from(distances, (distance) => distance ** 2 - distances[0] ** 2);
  const mean = excesses.reduce((sum, excess) => sum + excess, 0) / excesses.length;
  let beta = mean > 0 ? 1 / mean : 1;
  let lowest = 0;
  let highest = Infinity;
  for (let bisection = 0; ; bisection++) {
    let sum = 0;
    let weighted = 0;
    for (let i = 0; i < row.length; i++) {
      row[i] = Math.exp(-beta * excesses[i]);
      sum += row[i];
      weighted += row[i] * excesses[i];
    }
    const difference = Math.log(sum) + (beta * weighted) / sum - entropy;
    if (Math.abs(difference) <= entropyTolerance || bisection === largestBisections) {
      for (let i = 0; i < row.length; i++) row[i] /= sum;
      return;
    }
    if (difference > 0) lowest = beta;
    else highest = beta;
    beta = highest === Infinity ? 2 * beta : (lowest + highest) / 2;
  }
}

/**
 * The joint probabilities p_ij = (p_j|i + p_i|j) / 2n of n points.
 *
 * @param probabilities `[count, width]` of each point's `width` nearest neighbours, as `conditionalProbabilities` gives.
 */
export function symmetricAffinities(neighbours: NearestNeighbours, probabilities: Float64Array): Affinities {
  const { count, k, indices } = neighbours;
  const width = probabilities.length / count;
  // Every conditional probability goes to the lower of its two points.
  const ends = new Int32Array(count + 1);
  for (let point = 0; point < count; point++) {
    for (let rank = 0; rank < width; rank++) ends[Math.min(point, indices[point * k + rank]) + 1]++;
  }
  for (let point = 0; point < count; point++) ends[point + 1] += ends[point];
  const places = ends.slice(0, count);
  const higher = new Int32Array(count * width);
  const shares = new Float64Array(count * width);
  for (let point = 0; point < count; point++) {
    for (let rank = 0; rank < width; rank++) {
      const other = indices[point * k + rank];
      const place = places[Math.min(point, other)]++;
      higher[place] = Math.max(point, other);
      shares[place] = probabilities[point * width + rank] / (2 * count);
    }
  }
  // There the two of a pair meet and become one, if each point is among the other's neighbours.
  const starts = new Int32Array(count + 1);
  const pairOf = new Int32Array(count).fill(-1);
  let pairs = 0;
  for (let point = 0; point < count; point++) {
    starts[point] = pairs;
    for (let place = ends[point]; place < ends[point + 1]; place++) {
      const share = shares[place];
      // What vanished in the exponential is no pair: 0·log 0 counts as 0 in the divergence.
      if (share === 0) continue;
      const other = higher[place];
      if (pairOf[other] >= starts[point]) {
        shares[pairOf[other]] += share;
      } else {
        pairOf[other] = pairs;
        higher[pairs] = other;
        shares[pairs] = share;
        pairs++;
      }
    }
  }
  starts[count] = pairs;
  return { count, starts, partners: higher.slice(0, pairs), weights: shares.slice(0, pairs) };
}
