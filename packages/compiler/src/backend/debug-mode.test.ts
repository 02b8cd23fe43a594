import * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import './node.ts';

// In a file of its own: tfjs looks at the flag when it measures for the first time, and never again.
it('tf.enableDebugMode() names the kernel whose result is not a number, and no other', async () => {
  const warnings = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const table = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await tf.setBackend('onnx');
  tf.enableDebugMode();
  const x = tf.tensor1d([1, 4]);
  const difference = tf.sub(x, 4);
  const root = tf.sqrt(difference);
  const compared = tf.greater(root, 0);
  expect(await compared.data()).toEqual(Uint8Array.of(0, 0));
  await vi.waitFor(() => {
    expect(table.mock.calls.map(([line]) => /%c(\w+)/.exec(String(line))![1])).toEqual([
      'Sub',
      'Sqrt',
      'Greater',
    ]);
  });
  const found = warnings.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('Found'));
  expect(found).toEqual(["Found NaN in the result of 'Sqrt'"]);
});
