import type { TensorFunction } from '@narrows/compiler';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { onnxEngine } from './onnx-engine.ts';
import { tfjsEngine } from './tfjs-engine.ts';

/** What is asked of every engine; those of devices that a machine may lack are tried by `chooseEngine`. */
const engines: readonly (readonly [string, Engine])[] = [
  ['onnx on cpu', onnxEngine({ device: 'cpu', threads: 1 })],
  ['onnx on cpu with two threads', onnxEngine({ device: 'cpu', threads: 2 })],
  ['tfjs on cpu', tfjsEngine({ backend: 'cpu', device: 'cpu' })],
];

describe.each(engines)('%s', (_, engine) => {
  test('runs a function of several inputs and dtypes, as often as asked', async () => {
    const fn: TensorFunction = ({ pixels, matrix, indices }) => ({
      product: tf.matMul(tf.div(tf.cast(pixels, 'float32'), 255), matrix),
      next: tf.add(indices, tf.scalar(1, 'int32')),
    });
    const prepared = await engine.prepare(fn, {
      pixels: { shape: [2, 2], dtype: 'uint8' },
      matrix: { shape: [2, 1], dtype: 'float32' },
      indices: { shape: [3], dtype: 'int32' },
    });
    for (const factor of [1, 2]) {
      const results = await prepared.run({
        pixels: Uint8Array.of(255, 0, 51, 102),
        matrix: Float32Array.of(10 * factor, 20 * factor),
        indices: Int32Array.of(1, -2, 3),
      });
      expect(Object.keys(results).sort()).toEqual(['next', 'product']);
      expect(results['product']).toBeInstanceOf(Float32Array);
      expect([...results['product']].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([
        10 * factor,
        10 * factor,
      ]);
      expect(results['next']).toEqual(Int32Array.of(2, -1, 4));
    }
    await prepared.close();
  });

  test('what a function gave stays when it runs again', async () => {
    const prepared = await engine.prepare(({ x }) => ({ y: tf.neg(x) }), {
      x: { shape: [2], dtype: 'float32' },
    });
    const { y: first } = await prepared.run({ x: Float32Array.of(1, 2) });
    await prepared.run({ x: Float32Array.of(3, 4) });
    expect([...first]).toEqual([-1, -2]);
    await prepared.close();
  });
});

test('engines tell where they run', () => {
  expect(engines.map(([, { name, device, threads }]) => [name, device, threads])).toEqual([
    ['onnx', 'cpu', 1],
    ['onnx', 'cpu', 2],
    ['tfjs', 'cpu', 1],
  ]);
});
