import { randomStream } from '@narrows/shared';
import { describe, expect, it, test } from 'vitest';
import { principalAxes, projectOnAxes } from './principal-axes.ts';

const random = randomStream(4, 'principal-axes-test');

/** Points spread by 5 along one direction, by 2 along another at right angles, by 0.1 along all others. */
function cloud(count: number, width: number) {
  const first = new Float64Array(width);
  const second = new Float64Array(width);
  [first[0], first[1], second[0], second[1]] = [0.6, -0.8, 0.8, 0.6];
  const points = new Float32Array(count * width);
  for (let point = 0; point < count; point++) {
    const [a, b] = [5 * random.nextNormal(), 2 * random.nextNormal()];
    for (let i = 0; i < width; i++) {
      points[point * width + i] = 10 + a * first[i] + b * second[i] + 0.1 * random.nextNormal();
    }
  }
  return points;
}

const dot = (a: Float64Array, b: readonly number[]) => b.reduce((sum, value, i) => sum + value * a[i], 0);

describe('principalAxes', () => {
  test.each([2, 16, 200])('finds the two directions in %d dimensions', (width) => {
    const { axes } = principalAxes(cloud(2500, width), width);
    // The largest entry of each is positive.
    expect(dot(axes[0], [-0.6, 0.8])).toBeGreaterThan(0.999);
    expect(dot(axes[1], [0.8, 0.6])).toBeGreaterThan(0.999);
    expect(dot(axes[0], [...axes[1]])).toBeCloseTo(0, 6);
  });

  it('lays points out with the most variance that two axes can have', () => {
    const width = 16;
    const points = cloud(1000, width);
    const coordinates = projectOnAxes(points, principalAxes(points, width));
    const deviation = (axis: number) => {
      const values = coordinates.filter((_, i) => i % 2 === axis);
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    };
    expect(deviation(0)).toBeCloseTo(5, 0);
    expect(deviation(1)).toBeCloseTo(2, 0);
  });

  it('has one axis for points on a line, and none for points that are all the same', () => {
    const line = principalAxes(Float32Array.of(1, 3, 5), 1);
    expect(projectOnAxes(Float32Array.of(1, 3, 5), line)).toEqual(Float32Array.of(-2, 0, 0, 0, 2, 0));
    const same = new Float32Array(8).fill(7);
    expect(projectOnAxes(same, principalAxes(same, 2))).toEqual(new Float32Array(8));
  });
});
