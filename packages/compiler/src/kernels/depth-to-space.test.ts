import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { findMismatch } from '../testing/mismatch.ts';
import { describeCases } from '../testing/run-case.ts';
import { runModel, type HostTensor } from '../testing/run-onnx.ts';
import { tolerances } from '../testing/tolerances.ts';
import type { NamedTensors } from '../trace.ts';
import { depthToSpaceCases } from './depth-to-space.cases.ts';

describeCases('depthToSpace', depthToSpaceCases);

describe('depthToSpace in NCHW', () => {
  it.each(['float32', 'int32'] as const)('of %s is that of NHWC in another layout', async (dtype) => {
    const blocks = (x: tf.Tensor, dataFormat: 'NHWC' | 'NCHW'): tf.Tensor =>
      tf.engine().runKernel('DepthToSpace', { x }, { blockSize: 2, dataFormat });
    const data = Array.from({ length: 96 }, (_, i) => i);
    const x: HostTensor = {
      shape: [2, 8, 2, 3],
      dtype,
      data: dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data),
    };
    const run = (fn: (tensors: NamedTensors) => tf.Tensor): Promise<Record<string, HostTensor>> =>
      runModel(
        compile((tensors) => ({ y: fn(tensors) }), { x: { shape: x.shape, dtype } }, { name: 'blocks' })
          .bytes,
        { x },
      );
    const actual = await run((tensors) => blocks(tensors['x'], 'NCHW'));
    const expected = await run((tensors) =>
      tf.transpose(blocks(tf.transpose(tensors['x'], [0, 2, 3, 1]), 'NHWC'), [0, 3, 1, 2]),
    );
    expect(findMismatch(actual['y'], expected['y'], tolerances.exact)).toBeUndefined();
  });
});
