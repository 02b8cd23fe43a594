import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { onnxEngine } from '../engine/onnx-engine.ts';
import type { Points } from './points.ts';
import { layOnPrincipalPlane } from './principal-plane.ts';
import { drawPoints } from './testing/drawn-points.ts';

const engine = onnxEngine({ device: 'cpu', threads: 2 });
const options = { spread: 1e-4, seed: 1 };

/** Points whose coordinates vary the less the later they come, around a mean far from 0. */
function stretchedPoints(count: number, width: number): Points {
  const { values } = drawPoints(count, width);
  return { values: values.map((value, i) => 5 + value * 0.8 ** (i % width)), count };
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

test.each([
  [300, 2],
  [300, 3],
  [400, 20],
  [400, 40],
  [30, 60],
])('of %d points of %d coordinates it is that of the full eigendecomposition', async (count, width) => {
  const points = stretchedPoints(count, width);
  const x = Matrix.from1DArray(count, width, points.values);
  const centred = x.subRowVector(x.mean('column'));
  const covariance = centred.transpose().mmul(centred).div(count);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const map = await layOnPrincipalPlane(engine, points, options);
  for (const [rank, axis] of [map.x, map.y].entries()) {
    const direction = eigenvectorMatrix.getColumn(order[rank]);
    const peak = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const factor = (Math.sign(peak) * options.spread) / Math.sqrt(realEigenvalues[order[0]]);
    const expected = centred.mmul(Matrix.columnVector(direction)).to1DArray();
    const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value * factor - axis[i])), 0);
    expect(worst / options.spread).toBeLessThan(0.02);
  }
  expect(standardDeviation(map.x)).toBeCloseTo(options.spread, 8);
  expect(standardDeviation(map.y)).toBeLessThan(options.spread);
});

test.each<[string, Points]>([
  ['of one coordinate', drawPoints(500, 1)],
  [
    'on a line in space',
    { values: Float32Array.from({ length: 1500 }, (_, i) => Math.floor(i / 3) * (1 + (i % 3))), count: 500 },
  ],
])('points %s are spread at random in the second direction', async (_, points) => {
  const map = await layOnPrincipalPlane(engine, points, options);
  expect(standardDeviation(map.x)).toBeCloseTo(options.spread, 8);
  expect(standardDeviation(map.y) / options.spread).toBeGreaterThan(0.8);
  expect(standardDeviation(map.y) / options.spread).toBeLessThan(1.2);
  expect(await layOnPrincipalPlane(engine, points, options)).toEqual(map);
  expect((await layOnPrincipalPlane(engine, points, { ...options, seed: 2 })).y).not.toEqual(map.y);
});

test('points that all coincide are spread at random in both', async () => {
  const points = { values: new Float32Array(900).fill(4), count: 300 };
  const { x, y } = await layOnPrincipalPlane(engine, points, options);
  for (const axis of [x, y]) expect(standardDeviation(axis) / options.spread).toBeGreaterThan(0.8);
  expect(x).not.toEqual(y);
});
