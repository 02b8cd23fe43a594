import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import './node.ts';

// In a file of its own: tfjs must not have been on any backend before.
it('the backend opens beside one that tfjs would rather take and that is not ready', async () => {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(main)}/`);
  // Not awaited, as by programs that know the factory to be synchronous.
  const isSet = tf.setBackend('onnx');
  expect(tf.getBackend()).toBe('onnx');
  expect(tf.add([1], [2]).dataSync()).toEqual(Float32Array.of(3));
  expect(await isSet).toBe(true);
  await tf.setBackend('wasm');
  const onWasm = tf.add([1, 2], [3, 4]);
  await tf.setBackend('onnx');
  expect(tf.square(onWasm).dataSync()).toEqual(Float32Array.of(16, 36));
});
