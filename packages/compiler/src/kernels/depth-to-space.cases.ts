import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';

const noGradient = { check: 'none', because: 'tfjs has no gradient of depthToSpace' } as const;

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
];
