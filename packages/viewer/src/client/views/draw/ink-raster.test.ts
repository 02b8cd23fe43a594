import { expect, test } from 'vitest';
import { emptyDrawing, type Drawing } from './drawing.ts';
import { inkRaster } from './ink-raster.ts';

const inked = (drawing: Drawing, side = 28): Float32Array => inkRaster(drawing, side).values;
const total = (raster: Float32Array): number => raster.reduce((sum, value) => sum + value, 0);

test('a dot covers the area of its circle', () => {
  const raster = inked({ ...emptyDrawing, strokes: [[{ x: 0.5, y: 0.5, width: 0.25 }]] });
  expect(raster).toHaveLength(112 * 112);
  expect(Math.abs(total(raster) - Math.PI * 14 ** 2)).toBeLessThan(8);
  expect(raster[56 * 112 + 56]).toBe(1);
  expect(raster[0]).toBe(0);
});

test('a line covers its length times its width, and two round ends', () => {
  const line = [
    { x: 0.25, y: 0.5, width: 0.1 },
    { x: 0.75, y: 0.5, width: 0.1 },
  ];
  const radius = 5.6;
  const raster = inked({ ...emptyDrawing, strokes: [line] });
  expect(Math.abs(total(raster) - (56 * 2 * radius + Math.PI * radius ** 2))).toBeLessThan(8);
});

test('a stroke is wider where the pen was pressed', () => {
  const line = [
    { x: 0.2, y: 0.5, width: 0.02 },
    { x: 0.5, y: 0.5, width: 0.02 },
    { x: 0.8, y: 0.5, width: 0.3 },
  ];
  const raster = inked({ ...emptyDrawing, strokes: [line] });
  const inkIn = (column: number): number =>
    Array.from({ length: 112 }, (_, y) => raster[y * 112 + column]).reduce((sum, value) => sum + value, 0);
  expect(inkIn(80)).toBeGreaterThan(3 * inkIn(30));
});

test('crossing strokes are no darker than one, and ink beyond the pad is cut off', () => {
  const line = [
    { x: -0.5, y: 0.5, width: 0.1 },
    { x: 1.5, y: 0.5, width: 0.1 },
  ];
  const once = inked({ ...emptyDrawing, strokes: [line] });
  expect(inked({ ...emptyDrawing, strokes: [line, line] })).toEqual(once);
  expect(Math.max(...once)).toBe(1);
});

test('a ground image fills the raster, four by four', () => {
  const image = new Float32Array(4);
  image[3] = 0.6;
  const raster = inked({ ground: { kind: 'drawn', image }, strokes: [] }, 2);
  expect(total(raster)).toBeCloseTo(0.6 * 16, 4);
  expect(raster[63]).toBeCloseTo(0.6, 6);
});
