import { expect, test } from 'vitest';
import {
  boundsOf,
  largestZoom,
  panBy,
  pixelsPerUnit,
  toMap,
  toScreen,
  viewWith,
  wholeMap,
  zoomAt,
} from './map-view.ts';

const bounds = boundsOf(Float32Array.of(-10, 5, 30, -5, 0, 0));
const frame = { bounds, width: 448, height: 248 };
const whole = wholeMap(bounds);

test('the whole map fits, centred, with its margin', () => {
  expect(bounds).toEqual({ left: -10, right: 30, bottom: -5, top: 5 });
  expect(pixelsPerUnit(whole, frame)).toBe(10);
  expect(toScreen(whole, frame, [-10, 5])).toEqual([24, 74]);
  expect(toScreen(whole, frame, [30, -5])).toEqual([424, 174]);
});

test('points that coincide have bounds that are not flat', () => {
  expect(boundsOf(Float32Array.of(2, 3))).toEqual({ left: 1.5, right: 2.5, bottom: 2.5, top: 3.5 });
});

test('zooming holds the place under the pointer, and ends at both limits', () => {
  const at = [100, 130] as const;
  const closer = zoomAt(whole, frame, { factor: 3, at });
  expect(closer.zoom).toBe(3);
  const [before, after] = [toMap(whole, frame, at), toMap(closer, frame, at)];
  expect(after[0]).toBeCloseTo(before[0], 9);
  expect(after[1]).toBeCloseTo(before[1], 9);
  expect(zoomAt(closer, frame, { factor: 1e6, at }).zoom).toBe(largestZoom);
  expect(zoomAt(closer, frame, { factor: 1e-6, at }).zoom).toBe(1);
});

test('a dragged map follows the pointer and keeps its centre within the bounds', () => {
  const view = { zoom: 4, x: 0, y: 0 };
  const [x, y] = toScreen(panBy(view, frame, [40, -20]), frame, [0, 0]);
  expect([x, y]).toEqual([448 / 2 + 40, 248 / 2 - 20]);
  expect(panBy(view, frame, [1e6, 1e6])).toEqual({ zoom: 4, x: -10, y: 5 });
});

test('a view moves to a place that it does not show, and only then', () => {
  const view = { zoom: 8, x: 0, y: 0 };
  expect(viewWith(view, frame, [1, 0.5])).toBe(view);
  expect(viewWith(view, frame, [20, 1])).toEqual({ zoom: 8, x: 20, y: 1 });
});
