import { expect, test } from 'vitest';
import { pointsAround, pointsInPolygon, pointsOfClass } from './select-points.ts';

const coordinates = Float32Array.of(0, 0, 1, 1, 2, 2, 5, 5, 1, 0.5);
const all = new Uint8Array(5).fill(1);

test('a lasso holds what is inside of it and shown', () => {
  const polygon = [
    [0.5, -1],
    [3, -1],
    [3, 3],
    [0.5, 3],
  ] as const;
  expect(pointsInPolygon(coordinates, { polygon, shown: all })).toEqual([1, 2, 4]);
  expect(pointsInPolygon(coordinates, { polygon, shown: Uint8Array.of(1, 0, 1, 1, 1) })).toEqual([2, 4]);
  expect(pointsInPolygon(coordinates, { polygon: polygon.slice(0, 2), shown: all })).toEqual([]);
});

test('a lasso that crosses itself holds both of its loops', () => {
  const bow = [
    [-1, -1],
    [1.5, 1.5],
    [1.5, -1],
    [-1, 1.5],
  ] as const;
  expect(
    pointsInPolygon(Float32Array.of(-0.9, 0, 1.4, 0.25, 0.25, 1.4), {
      polygon: bow,
      shown: new Uint8Array(3).fill(1),
    }),
  ).toEqual([0, 1]);
});

test('around a point are itself and the nearest that are shown', () => {
  expect(pointsAround(coordinates, { centre: 1, count: 3, shown: all })).toEqual([0, 1, 4].sort());
  expect(pointsAround(coordinates, { centre: 1, count: 2, shown: Uint8Array.of(1, 1, 1, 1, 0) })).toEqual([
    0, 1,
  ]);
  expect(pointsAround(coordinates, { centre: 0, count: 99, shown: all })).toEqual([0, 1, 2, 3, 4]);
});

test('a class is those of its label that are on the map', () => {
  expect(pointsOfClass(Uint8Array.of(1, 0, 1, 1), { label: 1, points: 3 })).toEqual([0, 2]);
});
