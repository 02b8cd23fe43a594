import type { PlaneMap } from './principal-plane.ts';
import { allocateQuadtree, rebuildQuadtree, type Quadtree } from './quadtree.ts';
import type { Affinities } from './tsne-affinities.ts';

/** The gradient of t-SNE's loss, and the memory to compute it in again and again. */
export interface TsneGradient {
  /** `[count]`: derivative by each point's x. */
  readonly x: Float64Array;
  /** `[count]`: derivative by each point's y. */
  readonly y: Float64Array;
  readonly tree: Quadtree;
  /** Terms of the sums over far and near points that one group shares. */
  readonly terms: { readonly x: Float64Array; readonly y: Float64Array; readonly mass: Float64Array };
}

/** Neighbours along the curve that walk through the tree together. */
const groupPoints = 8;

export function allocateGradient(count: number): TsneGradient {
  return {
    x: new Float64Array(count),
    y: new Float64Array(count),
    tree: allocateQuadtree(count),
    terms: { x: new Float64Array(count), y: new Float64Array(count), mass: new Float64Array(count) },
  };
}

/**
 * Computes the gradient of the Kullback–Leibler divergence of P from Q by the Barnes–Hut algorithm, in O(n·log n):
 *
 *     ∂KL/∂yᵢ = 4·Σⱼ (e·pᵢⱼ − qᵢⱼ)·tᵢⱼ·(yᵢ − yⱼ),   tᵢⱼ = 1 / (1 + |yᵢ − yⱼ|²),   qᵢⱼ = tᵢⱼ / Z,   Z = Σ over i ≠ j of tᵢⱼ
 *
 * The sum with p is over the pairs of `affinities`, the one with q over cells of a quadtree. A cell counts as if all of
 * its points were at their mean when its side is less than `theta` times the distance to that. Points are taken in groups
 * of neighbours, and it is the least distance from the group's bounding box that decides, so that the error is never
 * above that of deciding for each point, and mostly below it.
 *
 * Source: L. van der Maaten, "Accelerating t-SNE using tree-based algorithms", JMLR 15, 2014, section 4.2.
 *
 * @param exaggeration e, the factor of P.
 * @param theta from 0, which gives the exact gradient, to 0.7: from 1/√2 on a cell could stand for the very point.
 */
export function computeTsneGradient(
  gradient: TsneGradient,
  {
    map,
    affinities,
    exaggeration,
    theta,
  }: {
    map: PlaneMap;
    affinities: Affinities;
    exaggeration: number;
    theta: number;
  },
): void {
  rebuildQuadtree(gradient.tree, map);
  const normaliser = sumRepulsion(gradient, theta);
  const { x, y } = gradient;
  for (let point = 0; point < x.length; point++) {
    x[point] *= -4 / normaliser;
    y[point] *= -4 / normaliser;
  }
  addAttraction(gradient, { map, affinities, factor: 4 * exaggeration });
}

/** Writes Σⱼ tᵢⱼ²·(yᵢ − yⱼ) to the gradient and returns Z. */
function sumRepulsion(gradient: TsneGradient, theta: number): number {
  const { tree, terms } = gradient;
  const { x: termX, y: termY, mass: termMass } = terms;
  let normaliser = 0;
  for (let first = 0; first < tree.order.length; first += groupPoints) {
    const end = Math.min(tree.order.length, first + groupPoints);
    const count = collectTerms(gradient, { first, end, theta });
    for (let place = first; place < end; place++) {
      const x = tree.x[place];
      const y = tree.y[place];
      let sumX = 0;
      let sumY = 0;
      // The point itself is among the terms, adds 1 here and nothing to the others.
      let sum = -1;
      for (let term = 0; term < count; term++) {
        const dx = x - termX[term];
        const dy = y - termY[term];
        const t = 1 / (1 + dx * dx + dy * dy);
        const share = termMass[term] * t;
        sum += share;
        sumX += share * t * dx;
        sumY += share * t * dy;
      }
      const point = tree.order[place];
      gradient.x[point] = sumX;
      gradient.y[point] = sumY;
      normaliser += sum;
    }
  }
  return normaliser;
}

/** Collects the cells and single points that the points from place `first` to before `end` interact with. */
function collectTerms(
  { tree, terms }: TsneGradient,
  { first, end, theta }: { first: number; end: number; theta: number },
): number {
  const { cells, centreX, centreY, mass, squaredSide, after, leafStart } = tree;
  const { x: termX, y: termY, mass: termMass } = terms;
  const squaredTheta = theta * theta;
  let left = Infinity;
  let right = -Infinity;
  let bottom = Infinity;
  let top = -Infinity;
  for (let place = first; place < end; place++) {
    left = Math.min(left, tree.x[place]);
    right = Math.max(right, tree.x[place]);
    bottom = Math.min(bottom, tree.y[place]);
    top = Math.max(top, tree.y[place]);
  }
  const middleX = (left + right) / 2;
  const middleY = (bottom + top) / 2;
  const halfWidth = (right - left) / 2;
  const halfHeight = (top - bottom) / 2;
  let count = 0;
  for (let cell = 0; cell < cells;) {
    const x = centreX[cell];
    const y = centreY[cell];
    const dx = Math.max(0, Math.abs(x - middleX) - halfWidth);
    const dy = Math.max(0, Math.abs(y - middleY) - halfHeight);
    const start = leafStart[cell];
    if (squaredTheta * (dx * dx + dy * dy) > squaredSide[cell]) {
      termX[count] = x;
      termY[count] = y;
      termMass[count++] = mass[cell];
      cell = after[cell];
    } else if (start < 0) {
      cell++;
    } else {
      const leafEnd = start + mass[cell];
      for (let place = start; place < leafEnd; place++) {
        termX[count] = tree.x[place];
        termY[count] = tree.y[place];
        termMass[count++] = 1;
      }
      cell = after[cell];
    }
  }
  return count;
}

/** Adds `factor`·Σⱼ pᵢⱼ·tᵢⱼ·(yᵢ − yⱼ) to the gradient. */
function addAttraction(
  { x: gradientX, y: gradientY }: TsneGradient,
  { map, affinities, factor }: { map: PlaneMap; affinities: Affinities; factor: number },
): void {
  const { starts, partners, weights } = affinities;
  for (let point = 0; point < affinities.count; point++) {
    const x = map.x[point];
    const y = map.y[point];
    let sumX = 0;
    let sumY = 0;
    for (let pair = starts[point]; pair < starts[point + 1]; pair++) {
      const partner = partners[pair];
      const dx = x - map.x[partner];
      const dy = y - map.y[partner];
      const force = (factor * weights[pair]) / (1 + dx * dx + dy * dy);
      sumX += force * dx;
      sumY += force * dy;
      gradientX[partner] -= force * dx;
      gradientY[partner] -= force * dy;
    }
    gradientX[point] += sumX;
    gradientY[point] += sumY;
  }
}
