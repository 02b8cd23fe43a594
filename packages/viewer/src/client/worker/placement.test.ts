import { randomStream } from '@narrows/shared';
import { describe, expect, it } from 'vitest';
import { placeOnMap } from './placement.ts';

const random = randomStream(3, 'placement-test');
const [count, width] = [200, 5];
const points = Float32Array.from({ length: count * width }, () => random.nextNormal());
const map = Float32Array.from({ length: count * 2 }, () => random.nextNormal());

describe('placeOnMap', () => {
  it('finds the ten nearest, nearest first', () => {
    const point = Float32Array.from({ length: width }, () => random.nextNormal());
    const all = Array.from({ length: count }, (_, index) => ({
      index,
      distance: Math.hypot(...point.map((value, i) => value - points[index * width + i])),
    })).sort((a, b) => a.distance - b.distance);
    const { neighbours, at } = placeOnMap(point, points, map);
    expect(neighbours.map(({ index }) => index)).toEqual(all.slice(0, 10).map(({ index }) => index));
    neighbours.forEach(({ distance }, i) => {
      expect(distance).toBeCloseTo(all[i].distance, 6);
    });

    const weights = all.slice(0, 10).map(({ distance }) => 1 / distance);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const axis of [0, 1]) {
      const mean = weights.reduce((sum, weight, i) => sum + weight * map[2 * all[i].index + axis], 0) / total;
      expect(at[axis]).toBeCloseTo(mean, 5);
    }
  });

  it('puts a point on the one that it coincides with', () => {
    const { neighbours, at } = placeOnMap(points.slice(7 * width, 8 * width), points, map);
    expect(neighbours[0]).toEqual({ index: 7, distance: 0 });
    expect(at).toEqual([map[14], map[15]]);
  });

  it('compares with bytes at their scale', () => {
    const bytes = Uint8Array.of(0, 255, 255, 255);
    const { neighbours } = placeOnMap(Float32Array.of(0, 0.5), bytes, Float32Array.of(0, 0, 1, 1), {
      scale: 1 / 255,
    });
    expect(neighbours.map(({ index }) => index)).toEqual([0, 1]);
    expect(neighbours[0].distance).toBeCloseTo(0.5, 6);
    expect(neighbours[1].distance).toBeCloseTo(Math.hypot(1, 0.5), 6);
  });

  it('takes the lower index of two that are equally near', () => {
    const twice = Float32Array.from({ length: 20 }, () => 1);
    const { neighbours } = placeOnMap(Float32Array.of(0), twice, new Float32Array(40));
    expect(neighbours.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
