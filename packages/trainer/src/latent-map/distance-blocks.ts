import * as tf from '@tensorflow/tfjs';
import type { Engine } from '../engine/engine.ts';
import { centrePoints, type Points } from './points.ts';

/** Squared distances from some of the points to all of them, a little off for having been computed in float32. */
export interface DistanceBlock {
  /** The first of the points. */
  readonly first: number;
  /** How many points from the first on. */
  readonly rows: number;
  /** `[rows, count]` or more rows, of which the rest means nothing: squared distances times `scale²`. */
  readonly squared: Float32Array;
  /** What distances were multiplied by before they were squared. */
  readonly scale: number;
  /** No value of `squared` is further than this from the exact one. */
  readonly tolerance: number;
}

/** Distances computed at once: a block of 16 MiB. */
const blockValues = 2 ** 22;
/** Half the distance from 1 to the next float32. */
const roundoff = 2 ** -24;
/** The same for the products of devices that may multiply in TF32, with its 11 bits. */
const shortRoundoff = 2 ** -11;

/**
 * Computes the Euclidean distances between all pairs of points, block by block, as |a|² + |b|² − 2·a·b through the
 * engine's matrix product. That is fast and inexact; who needs exact comparisons settles those within `tolerance` by
 * `squaredDistance`.
 *
 * The tolerance holds for any order of summation (Higham, "Accuracy and stability of numerical algorithms", 2002,
 * section 3.1): with norms of at most 1 and d coordinates, 2·d·u for the product, and some 24·u for the norms, the sums
 * and the centred coordinates, each rounded once, where u is float32's unit roundoff.
 *
 * @throws RangeError for points that `pointWidth` refuses.
 */
export async function* distanceBlocks(engine: Engine, points: Points): AsyncGenerator<DistanceBlock> {
  const { values, count, scale } = centrePoints(points);
  const width = values.length / count;
  const rows = Math.min(count, Math.ceil(blockValues / count));
  const squaredNorms = new Float32Array(count);
  for (let point = 0; point < count; point++) {
    let sum = 0;
    for (let i = point * width; i < (point + 1) * width; i++) sum += values[i] ** 2;
    squaredNorms[point] = sum;
  }
  const tolerance =
    2 * (width + 12) * roundoff * (1 + width * roundoff) + (engine.device === 'cpu' ? 0 : 4 * shortRoundoff);
  const distances = await engine.prepare(
    ({ block, blockNorms, all, norms }) => ({
      squared: tf.add(tf.fused.matMul({ a: block, b: all, transposeB: true, bias: norms }), blockNorms),
    }),
    {
      block: { shape: [rows, width], dtype: 'float32' },
      blockNorms: { shape: [rows, 1], dtype: 'float32' },
      all: { shape: [count, width], dtype: 'float32' },
      norms: { shape: [count], dtype: 'float32' },
    },
  );
  try {
    const block = new Float32Array(rows * width);
    const blockNorms = new Float32Array(rows);
    for (let first = 0; first < count; first += rows) {
      const present = Math.min(rows, count - first);
      for (let i = 0; i < present * width; i++) block[i] = -2 * values[first * width + i];
      blockNorms.set(squaredNorms.subarray(first, first + present));
      const { squared } = await distances.run({ block, blockNorms, all: values, norms: squaredNorms });
      yield { first, rows: present, squared: squared as Float32Array, scale, tolerance };
    }
  } finally {
    await distances.close();
  }
}
