import { expect, test } from 'vitest';
import { findClassAnchors } from './class-anchors.ts';
import { boundsOf } from './map-view.ts';

/** So many points close to a place. */
function cluster(x: number, y: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => [x + (i % 5) / 50, y + (i % 3) / 50]).flat();
}

test('a class in two clusters is named at the larger one, not between them', () => {
  const coordinates = Float32Array.from([...cluster(0, 0, 30), ...cluster(10, 10, 20), ...cluster(5, 5, 40)]);
  const labels = Uint8Array.from([...Array<number>(50).fill(0), ...Array<number>(40).fill(1)]);
  const anchors = findClassAnchors(coordinates, { labels, classCount: 3, bounds: boundsOf(coordinates) });
  expect(anchors.map(({ label }) => label)).toEqual([0, 1]);
  expect(anchors[0].x).toBeCloseTo(0.04, 1);
  expect(anchors[0].y).toBeCloseTo(0.02, 1);
  expect(anchors[1].x).toBeCloseTo(5.04, 1);
});

test('a crowd of others is avoided for fewer points of its own', () => {
  const coordinates = Float32Array.from([
    ...cluster(0, 0, 30),
    ...cluster(0, 0, 300),
    ...cluster(10, 10, 20),
  ]);
  const labels = Uint8Array.from([
    ...Array<number>(30).fill(0),
    ...Array<number>(300).fill(1),
    ...Array<number>(20).fill(0),
  ]);
  const [first] = findClassAnchors(coordinates, { labels, classCount: 2, bounds: boundsOf(coordinates) });
  expect(first.x).toBeGreaterThan(9);
});
