import { expect, test } from 'vitest';
import { directions, nearestPoint, nextPoint } from './nearest-point.ts';

//                                0      1      2      3       4
const coordinates = Float32Array.of(0, 0, 3, 0, 3, 1, 0, -2, -50, 60);
const all = new Uint8Array(5).fill(1);

test('the nearest point is found within its reach only', () => {
  expect(nearestPoint(coordinates, [2.5, 0.2], { shown: all, within: 1 })).toBe(1);
  expect(nearestPoint(coordinates, [2.5, 0.2], { shown: all, within: 0.5 })).toBeUndefined();
});

test('a hidden point is not found', () => {
  const shown = Uint8Array.of(1, 0, 1, 1, 1);
  expect(nearestPoint(coordinates, [2.5, 0.2], { shown, within: 10 })).toBe(2);
  expect(nextPoint(coordinates, 0, { direction: directions.ArrowRight, shown })).toBe(2);
});

test('arrow keys step straight ahead, and stay where nothing is', () => {
  const step = (from: number, key: keyof typeof directions) =>
    nextPoint(coordinates, from, { direction: directions[key], shown: all });
  expect(step(0, 'ArrowRight')).toBe(1);
  expect(step(0, 'ArrowDown')).toBe(3);
  expect(step(3, 'ArrowUp')).toBe(0);
  expect(step(1, 'ArrowRight')).toBeUndefined();
  expect(step(0, 'ArrowUp')).toBe(4);
});
