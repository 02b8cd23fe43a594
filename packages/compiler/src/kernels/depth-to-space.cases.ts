import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';

const noGradient = { check: 'none', because: 'tfjs has no gradient of depthToSpace' } as const;

/** What tf.depthToSpace would record if it took other dtypes than float32. */
function ofWholes(dtype: 'int32' | 'bool'): KernelCase {
  return {
    name: `DepthToSpace of ${dtype}`,
    covers: ['DepthToSpace'],
    inputs: { x: { shape: [2, 2, 3, 8], dtype } },
    fn: ({ x }) => tf.engine().runKernel('DepthToSpace', { x }, { blockSize: 2, dataFormat: 'NHWC' }),
    gradient: noGradient,
  };
}

export const depthToSpaceCases: readonly KernelCase[] = [
  {
    name: 'DepthToSpace in blocks of 2',
    covers: ['DepthToSpace'],
    inputs: { x: { shape: [2, 3, 2, 8] } },
    fn: ({ x }) => tf.depthToSpace(x as tf.Tensor4D, 2),
    tolerance: 'exact',
    gradient: noGradient,
  },
  {
    name: 'DepthToSpace in blocks of 3, batch 1',
    covers: ['DepthToSpace'],
    inputs: { x: { shape: [1, 1, 2, 9] } },
    fn: ({ x }) => tf.depthToSpace(x as tf.Tensor4D, 3),
    tolerance: 'exact',
    gradient: noGradient,
  },
  ofWholes('int32'),
  ofWholes('bool'),
];
