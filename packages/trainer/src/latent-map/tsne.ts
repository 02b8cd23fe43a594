import { setImmediate } from 'node:timers/promises';
import { ExpectedError } from '../expected-error.ts';
import type { NearestNeighbours } from './nearest-neighbours.ts';
import type { PlaneMap } from './principal-plane.ts';
import { conditionalProbabilities, symmetricAffinities, type Affinities } from './tsne-affinities.ts';
import { allocateGradient, computeTsneGradient } from './tsne-gradient.ts';

/** What t-SNE is run with, beyond perplexity and iterations. */
export const tsneConstants = {
  /** Factor of P in the first iterations, which lets clusters form as a whole. */
  earlyExaggeration: 12,
  /** Standard deviation of the first map's first coordinate. */
  initialSpread: 1e-4,
  /** Accuracy of the Barnes–Hut sums, see `computeTsneGradient`. */
  theta: 0.5,
} as const;

export interface TsneOptions {
  /** Effective number of neighbours of each point, from 1 to below a third of the number of points. */
  readonly perplexity: number;
  /** Steps of gradient descent, at least 1. */
  readonly iterations: number;
  /** Told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Asked after every iteration; `true` ends it without a result. */
  readonly shouldStop?: () => boolean;
}

/** A map and how good it is by its own measure. */
export interface TsneResult {
  /** float32 `[count, 2]` in row-major order. */
  readonly coordinates: Float32Array;
  /** Kullback–Leibler divergence of P from Q in nats, with Q over all pairs of points, see `klDivergence`. */
  readonly klDivergence: number;
}

/** Iterations with early exaggeration and little momentum, where there are at least four times as many. */
const earlyIterations = 250;
const earlyMomentum = 0.5;
const momentum = 0.8;
const smallestGain = 0.01;

/**
 * Maps points to the plane by Barnes–Hut t-SNE: the map whose Student-t similarities Q diverge least from the points' own
 * affinities P, by gradient descent with momentum and gains. Factors, rates and phases are the defaults of scikit-learn:
 * P times 12 and momentum 0.5 for the first 250 iterations, or a quarter of all if that is less, then momentum 0.8 and
 * gains afresh; the learning rate is max(n / 48, 50); θ is 0.5. The event loop gets a turn after each iteration.
 *
 * Sources: L. van der Maaten, "Accelerating t-SNE using tree-based algorithms", JMLR 15, 2014; for the learning rate A. C.
 * Belkina et al., "Automated optimized parameters for t-distributed stochastic neighbor embedding", 2019,
 * https://doi.org/10.1038/s41467-019-13055-y.
 *
 * @param neighbours of the points, at least `affinityNeighbours(perplexity)` each.
 * @param initial where the descent starts, such as `layOnPrincipalPlane` with `tsneConstants.initialSpread`.
 * @returns the map, or `undefined` if it was stopped. The same for the same input, bit for bit.
 * @throws ExpectedError when the perplexity is too large for the points; RangeError for fewer neighbours than it needs, or
 *   iterations out of range.
 */
export async function mapByTsne(
  neighbours: NearestNeighbours,
  initial: PlaneMap,
  { perplexity, iterations, onProgress, shouldStop }: TsneOptions,
): Promise<TsneResult | undefined> {
  const { count } = neighbours;
  requirePerplexity(perplexity, count);
  if (!Number.isInteger(iterations) || iterations < 1) {
    throw new RangeError(
      `Cannot run t-SNE for ${iterations} iterations: their number must be an integer of at least 1.`,
    );
  }
  const affinities = symmetricAffinities(neighbours, conditionalProbabilities(neighbours, perplexity));
  const map = { x: initial.x.slice(), y: initial.y.slice() };
  const gradient = allocateGradient(count);
  let descents = { x: startDescent(count), y: startDescent(count) };
  const learningRate = tsneLearningRate(count);
  const early = Math.min(earlyIterations, Math.floor(iterations / 4));
  for (let iteration = 0; iteration < iterations; iteration++) {
    // What was learned about the exaggerated loss is forgotten with it.
    if (iteration === early) descents = { x: startDescent(count), y: startDescent(count) };
    const exaggeration = iteration < early ? tsneConstants.earlyExaggeration : 1;
    computeTsneGradient(gradient, { map, affinities, exaggeration, theta: tsneConstants.theta });
    const rates = { learningRate, momentum: iteration < early ? earlyMomentum : momentum };
    descend(map.x, gradient.x, { ...descents.x, ...rates });
    descend(map.y, gradient.y, { ...descents.y, ...rates });
    onProgress?.((iteration + 1) / iterations);
    await setImmediate();
    if (shouldStop?.()) return undefined;
  }
  const coordinates = Float32Array.from(
    { length: 2 * count },
    (_, i) => (i % 2 === 0 ? map.x : map.y)[i >> 1],
  );
  return { coordinates, klDivergence: klDivergence(map, affinities) };
}

/** @throws ExpectedError unless the perplexity is from 1 to below a third of `count`, the number of points. */
export function requirePerplexity(perplexity: number, count: number): void {
  if (perplexity >= 1 && perplexity < count / 3) return;
  const help =
    perplexity >= 1 ? 'choose a lower perplexity or map more points' : 'choose a higher perplexity';
  throw new ExpectedError(
    `Cannot run t-SNE on ${count} points with perplexity ${perplexity}: it must be at least 1 and less than a third of ` +
      `the number of points: ${help}.`,
    { exitCode: 2 },
  );
}

/** max(n / 12 / 4, 50) for n points, in units of the map per unit of the gradient. */
export function tsneLearningRate(count: number): number {
  return Math.max(count / tsneConstants.earlyExaggeration / 4, 50);
}

/** Steps and gains of one coordinate of all points. */
interface Descent {
  readonly steps: Float64Array;
  readonly gains: Float64Array;
}

function startDescent(count: number): Descent {
  return { steps: new Float64Array(count), gains: new Float64Array(count).fill(1) };
}

/** One step: the rate of a coordinate grows while its gradient keeps its sign and shrinks when that turns (Jacobs 1988). */
function descend(
  coordinates: Float64Array,
  gradient: Float64Array,
  { steps, gains, learningRate, momentum }: Descent & { learningRate: number; momentum: number },
): void {
  for (let i = 0; i < coordinates.length; i++) {
    gains[i] = Math.max(smallestGain, steps[i] * gradient[i] < 0 ? gains[i] + 0.2 : gains[i] * 0.8);
    steps[i] = momentum * steps[i] - learningRate * gains[i] * gradient[i];
    coordinates[i] += steps[i];
  }
}

/**
 * Kullback–Leibler divergence Σ pᵢⱼ·log(pᵢⱼ / qᵢⱼ) over i ≠ j, in nats, where qᵢⱼ is normalised over all pairs exactly:
 * O(n²), unlike the gradient's own sum.
 */
export function klDivergence({ x, y }: PlaneMap, { starts, partners, weights }: Affinities): number {
  let halfNormaliser = 0;
  for (let i = 0; i < x.length; i++) {
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const dx = x[i] - x[j];
      const dy = y[i] - y[j];
      sum += 1 / (1 + dx * dx + dy * dy);
    }
    halfNormaliser += sum;
  }
  const logNormaliser = Math.log(2 * halfNormaliser);
  let divergence = 0;
  for (let i = 0; i < x.length; i++) {
    for (let pair = starts[i]; pair < starts[i + 1]; pair++) {
      const j = partners[pair];
      const squared = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2;
      divergence += 2 * weights[pair] * (Math.log(weights[pair]) + Math.log1p(squared) + logNormaliser);
    }
  }
  return divergence;
}
