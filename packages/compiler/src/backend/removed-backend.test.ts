import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import './node.ts';

it('gives what is computed after tf.removeBackend, and says of the rest why there is none', async () => {
  await tf.setBackend('onnx');
  const x = tf.tensor1d([1, 2]);
  const computed = tf.add(x, x);
  await computed.data();
  const recorded = tf.neg(computed);
  tf.removeBackend('onnx');
  expect(await computed.data()).toEqual(Float32Array.of(2, 4));
  await expect(recorded.data()).rejects.toThrow(
    'Cannot compute a tensor of float32[2]: its backend has been removed; read what is needed before tf.removeBackend.',
  );
});
