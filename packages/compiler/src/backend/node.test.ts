import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { LazyBackend } from './lazy-backend.ts';
import { configureBackend } from './node.ts';

it('configureBackend refuses what is not there, and then takes another device', async () => {
  // So that a machine with a GPU is like one without.
  process.env['CUDA_VISIBLE_DEVICES'] = '';
  await expect(configureBackend({ device: 'cuda' })).rejects.toThrow(
    /^Cannot compute on onnxruntime-node \(cuda\): it must run a graph of one operator, and says: .* It takes an NVIDIA GPU, CUDA 12, cuDNN 9 .*; or take the device cpu\.$/s,
  );
  await expect(configureBackend({ device: 'gpu' as 'cpu' })).rejects.toThrow(
    new RangeError(
      'Cannot compute on device "gpu": onnxruntime-node has the devices cpu, cuda and webgpu; take one of them.',
    ),
  );
  await expect(configureBackend({ treads: 2 } as object)).rejects.toThrow(
    new RangeError(
      'Cannot configure the backend "onnx" with option "treads": there is none of that name; the options are device, threads.',
    ),
  );
  await expect(configureBackend('cuda' as unknown as object)).rejects.toThrow(
    new TypeError(
      'Cannot configure the backend "onnx" with "cuda": options are given by name; give an object with any of device, threads.',
    ),
  );
  for (const threads of [0, 1.5, -2, 'two' as unknown as number]) {
    await expect(configureBackend({ threads })).rejects.toThrow(
      new RangeError(
        `Cannot compute on ${JSON.stringify(threads)} threads: it must be a whole number from 1 on; leave it out for all cores.`,
      ),
    );
  }
  await configureBackend({ threads: 1 });
  expect(await tf.setBackend('onnx')).toBe(true);
  expect((tf.backend() as unknown as LazyBackend).runtime.name).toBe('onnxruntime-node (cpu)');
  expect(tf.square([2, 3]).dataSync()).toEqual(Float32Array.of(4, 9));
  await expect(configureBackend({ threads: 2 })).rejects.toThrow(
    'Cannot configure the backend "onnx": it has been set or configured before; do so once, and before tf.setBackend.',
  );
});
