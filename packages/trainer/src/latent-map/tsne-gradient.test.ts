import { expect, test } from 'vitest';
import { randomStream } from '@narrows/shared';
import type { PlaneMap } from './principal-plane.ts';
import type { Affinities } from './tsne-affinities.ts';
import { allocateGradient, computeTsneGradient } from './tsne-gradient.ts';
import { klDivergence } from './tsne.ts';

function drawMap(count: number, spread: number): PlaneMap {
  const random = randomStream(3, 'map');
  const draw = () => Float64Array.from({ length: count }, () => spread * random.nextNormal());
  return { x: draw(), y: draw() };
}

/** Every point with the next three, in random shares. */
function drawAffinities(count: number): Affinities {
  const random = randomStream(4, 'affinities');
  const starts = [0];
  const partners: number[] = [];
  for (let point = 0; point < count; point++) {
    for (let other = point + 1; other <= Math.min(point + 3, count - 1); other++) partners.push(other);
    starts.push(partners.length);
  }
  const shares = partners.map(() => random.nextUniform() + 0.1);
  const sum = 2 * shares.reduce((a, b) => a + b);
  return {
    count,
    starts: Int32Array.from(starts),
    partners: Int32Array.from(partners),
    weights: Float64Array.from(shares, (share) => share / sum),
  };
}

/** The gradient from its formula, over all pairs. */
function exactGradient({ x, y }: PlaneMap, { starts, partners, weights }: Affinities, exaggeration: number) {
  const count = x.length;
  const p = Array.from({ length: count }, () => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    for (let pair = starts[i]; pair < starts[i + 1]; pair++) {
      p[i][partners[pair]] = weights[pair];
      p[partners[pair]][i] = weights[pair];
    }
  }
  const similarity = (i: number, j: number) => 1 / (1 + (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2);
  let normaliser = 0;
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) if (i !== j) normaliser += similarity(i, j);
  const gradient = { x: new Float64Array(count), y: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      if (i === j) continue;
      const t = similarity(i, j);
      const force = 4 * (exaggeration * p[i][j] - t / normaliser) * t;
      gradient.x[i] += force * (x[i] - x[j]);
      gradient.y[i] += force * (y[i] - y[j]);
    }
  }
  return gradient;
}

/** Root of the mean squared difference over that of the expected values. */
function relativeError(actual: { x: Float64Array; y: Float64Array }, expected: typeof actual): number {
  let difference = 0;
  let size = 0;
  for (const axis of ['x', 'y'] as const) {
    expected[axis].forEach((value, i) => {
      difference += (actual[axis][i] - value) ** 2;
      size += value ** 2;
    });
  }
  return Math.sqrt(difference / size);
}

function duplicated({ x, y }: PlaneMap): PlaneMap {
  return { x: x.map((_, i) => x[i >> 4]), y: y.map((_, i) => y[i >> 4]) };
}

const onLine = ({ x }: PlaneMap): PlaneMap => ({ x, y: new Float64Array(x.length) });

function withOutlier({ x, y }: PlaneMap): PlaneMap {
  return { x: x.with(5, 1e7), y };
}

const maps: [string, PlaneMap][] = [
  ['three points', drawMap(3, 1)],
  ['fewer points than a group', drawMap(5, 1)],
  ['a number of points that groups do not divide', drawMap(501, 10)],
  ['points as close as at the start', drawMap(400, 1e-4)],
  ['many points at the same places', duplicated(drawMap(400, 5))],
  ['points on a line', onLine(drawMap(300, 5))],
  ['points too close for the tree to divide beside one far away', withOutlier(drawMap(300, 5))],
];

test.each(maps)('with theta 0 it is the exact gradient: %s', (_, map) => {
  const affinities = drawAffinities(map.x.length);
  const gradient = allocateGradient(map.x.length);
  for (const exaggeration of [12, 1]) {
    computeTsneGradient(gradient, { map, affinities, exaggeration, theta: 0 });
    expect(relativeError(gradient, exactGradient(map, affinities, exaggeration))).toBeLessThan(1e-9);
  }
});

test.each(maps)('with theta 0.5 it is near it: %s', (_, map) => {
  const affinities = drawAffinities(map.x.length);
  const gradient = allocateGradient(map.x.length);
  computeTsneGradient(gradient, { map, affinities, exaggeration: 1, theta: 0.5 });
  expect(relativeError(gradient, exactGradient(map, affinities, 1))).toBeLessThan(0.02);
});

test('theta trades accuracy for terms', () => {
  const map = drawMap(1500, 10);
  const affinities = drawAffinities(1500);
  const exact = exactGradient(map, affinities, 1);
  const errors = [0.7, 0.5, 0.2].map((theta) => {
    const gradient = allocateGradient(1500);
    computeTsneGradient(gradient, { map, affinities, exaggeration: 1, theta });
    return relativeError(gradient, exact);
  });
  expect(errors).toEqual(errors.toSorted((a, b) => b - a));
  // Far cells are summed up indeed, or there would be no error at all.
  expect(errors[2]).toBeGreaterThan(1e-9);
  expect(errors[0]).toBeLessThan(0.05);
});

test('it is the derivative of the divergence, along a random direction', () => {
  const map = drawMap(120, 2);
  const affinities = drawAffinities(120);
  const direction = { ...drawMap(120, 1) };
  const gradient = allocateGradient(120);
  computeTsneGradient(gradient, { map, affinities, exaggeration: 1, theta: 0 });
  const moved = (step: number): PlaneMap => ({
    x: map.x.map((value, i) => value + step * direction.x[i]),
    y: map.y.map((value, i) => value + step * direction.y[i]),
  });
  const step = 1e-5;
  const slope = (klDivergence(moved(step), affinities) - klDivergence(moved(-step), affinities)) / (2 * step);
  let product = 0;
  for (let i = 0; i < 120; i++) product += gradient.x[i] * direction.x[i] + gradient.y[i] * direction.y[i];
  expect(product / slope).toBeCloseTo(1, 6);
});

test('memory that was used before leaves no trace', () => {
  const [map, affinities] = [drawMap(200, 3), drawAffinities(200)];
  const used = allocateGradient(200);
  computeTsneGradient(used, { map: drawMap(200, 1e-3), affinities, exaggeration: 12, theta: 0.1 });
  const fresh = allocateGradient(200);
  for (const gradient of [used, fresh]) {
    computeTsneGradient(gradient, { map, affinities, exaggeration: 1, theta: 0.5 });
  }
  expect([used.x, used.y]).toEqual([fresh.x, fresh.y]);
});
