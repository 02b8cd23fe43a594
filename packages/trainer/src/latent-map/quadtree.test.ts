import { describe, expect, test } from 'vitest';
import { randomStream } from '@narrows/shared';
import type { PlaneMap } from './principal-plane.ts';
import { allocateQuadtree, rebuildQuadtree, type Quadtree } from './quadtree.ts';

function drawMap(count: number, draw = (value: number) => value): PlaneMap {
  const random = randomStream(5, 'quadtree');
  const axis = () => Float64Array.from({ length: count }, () => draw(random.nextNormal()));
  return { x: axis(), y: axis() };
}

/** Places of the points of a cell: those of the leaves within it. */
function placesOf(tree: Quadtree, cell: number): number[] {
  const places: number[] = [];
  for (let within = cell; within < tree.after[cell]; within++) {
    if (tree.leafStart[within] < 0) continue;
    for (let i = 0; i < tree.mass[within]; i++) places.push(tree.leafStart[within] + i);
  }
  return places;
}

describe.each<[string, PlaneMap]>([
  ['one point', drawMap(1)],
  ['few points', drawMap(5)],
  ['normal points', drawMap(700)],
  ['points on a grid', drawMap(700, (value) => Math.round(2 * value))],
  ['points of very unequal distances', drawMap(700, (value) => Math.exp(6 * value))],
  ['points that all coincide', drawMap(50, () => 7)],
])('the tree of %s', (_, map) => {
  const count = map.x.length;
  const tree = allocateQuadtree(count);
  rebuildQuadtree(tree, map);
  const cells = Array.from({ length: tree.cells }, (_, cell) => cell);

  test('holds every point once, in an order that it tells', () => {
    expect(Array.from(tree.order).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    tree.order.forEach((point, place) => {
      expect([tree.x[place], tree.y[place]]).toEqual([map.x[point], map.y[point]]);
    });
    expect(placesOf(tree, 0)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test('has for each cell its number of points, their mean and a side that spans them', () => {
    for (const cell of cells) {
      const places = placesOf(tree, cell);
      const [xs, ys] = [places.map((place) => tree.x[place]), places.map((place) => tree.y[place])];
      const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
      const size = Math.max(...map.x.map(Math.abs), ...map.y.map(Math.abs));
      expect(tree.mass[cell]).toBe(places.length);
      expect(Math.abs(tree.centreX[cell] - xs.reduce((a, b) => a + b) / xs.length)).toBeLessThan(
        1e-10 * size,
      );
      expect(Math.abs(tree.centreY[cell] - ys.reduce((a, b) => a + b) / ys.length)).toBeLessThan(
        1e-10 * size,
      );
      expect(Math.sqrt(tree.squaredSide[cell])).toBeGreaterThanOrEqual(extent * (1 - 1e-9));
    }
  });

  test('divides cells into two to four smaller ones, down to a few points or none that differ', () => {
    for (const cell of cells) {
      const parts: number[] = [];
      if (tree.leafStart[cell] < 0) {
        for (let part = cell + 1; part < tree.after[cell]; part = tree.after[part]) parts.push(part);
        expect(parts.length).toBeGreaterThanOrEqual(2);
        expect(parts.length).toBeLessThanOrEqual(4);
      } else {
        expect(tree.after[cell]).toBe(cell + 1);
        const smallest = tree.squaredSide[0] * 4 ** -16 * (1 + 1e-9);
        if (tree.mass[cell] > 4) expect(tree.squaredSide[cell]).toBeLessThanOrEqual(smallest);
      }
      for (const part of parts) {
        expect(tree.squaredSide[part]).toBeLessThanOrEqual(tree.squaredSide[cell] / 4);
      }
    }
  });
});

test('neighbours on the curve are close on the map', () => {
  const map = drawMap(2000);
  const tree = allocateQuadtree(2000);
  rebuildQuadtree(tree, map);
  const meanStep = (x: Float64Array, y: Float64Array) =>
    x.slice(1).reduce((sum, _, i) => sum + Math.hypot(x[i + 1] - x[i], y[i + 1] - y[i]), 0) / 1999;
  expect(meanStep(tree.x, tree.y)).toBeLessThan(meanStep(map.x, map.y) / 8);
});
