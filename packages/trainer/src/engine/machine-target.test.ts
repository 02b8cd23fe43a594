import { compile } from '@narrows/compiler';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { machineTarget } from './machine-target.ts';
import { openOnnxSession } from './onnx-session.ts';

test('a graph compiled for this machine computes here what the portable one does', async () => {
  const target = await machineTarget();
  const specs = {
    x: { shape: [3, 5, 4, 16], dtype: 'float32' },
    w: { shape: [3, 3, 16, 32], dtype: 'float32' },
  } as const;
  const data = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i * i));
  const results: Float32Array[] = [];
  for (const passes of [{}, { target }]) {
    const { bytes } = compile(
      ({ x, w }) => ({ y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same') }),
      specs,
      { name: 'convolution', ...passes },
    );
    const session = await openOnnxSession(bytes, { device: 'cpu', threads: 1 });
    const { y } = await session.run({
      x: { ...specs.x, data: data(960) },
      w: { ...specs.w, data: data(4608) },
    });
    results.push(y.data as Float32Array);
    await session.close();
  }
  const [portable, fast] = results;
  expect(fast).toHaveLength(portable.length);
  for (const [i, value] of fast.entries()) expect(value).toBeCloseTo(portable[i], 4);
});

test('the machine is looked at once', async () => {
  expect(await machineTarget()).toBe(await machineTarget());
});
