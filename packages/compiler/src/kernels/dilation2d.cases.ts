import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

interface Dilation {
  readonly image?: readonly number[];
  readonly filter?: readonly [height: number, width: number, channels: number];
  readonly strides?: number | [number, number];
  readonly pad?: 'same' | 'valid' | number;
  readonly dilations?: number | [number, number];
}

/** A dilation and both its gradients; besides drawn values where all sums tie, and where some are no numbers. */
function dilation(
  name: string,
  { image = [2, 5, 4, 3], filter = [2, 3, 3], strides = 1, pad = 'same', dilations = 1 }: Dilation = {},
): KernelCase {
  return {
    name,
    covers: ['Dilation2D', 'Dilation2DBackpropInput', 'Dilation2DBackpropFilter'],
    inputs: { x: { shape: image }, filter: { shape: filter } },
    fn: ({ x, filter: shape }) =>
      tf.dilation2d(x as tf.Tensor4D, shape as tf.Tensor3D, strides, pad as 'same', dilations),
    also: [
      { x: [1], filter: [0] },
      { x: [-1, 0, 1, 0, -1], filter: [0, 1] },
      { x: [1, NaN, 3, -2, NaN, NaN, NaN, 7, 0] },
      { x: [NaN], filter: [0] },
      { x: [-Infinity, 1, -Infinity], filter: [1] },
    ],
    tolerance: 'sum',
  };
}

export const dilation2DCases: readonly KernelCase[] = [
  dilation('odd sizes, same'),
  dilation('odd sizes, valid', { pad: 'valid' }),
  dilation('batch 1, one channel', { image: [1, 3, 4, 1], filter: [2, 2, 1] }),
  dilation('window 1×1', { filter: [1, 1, 3] }),
  dilation('unequal strides', { strides: [2, 1] }),
  dilation('stride 2, valid, with a rest', { strides: 2, pad: 'valid' }),
  dilation('stride larger than the window', { filter: [1, 1, 3], strides: 3 }),
  dilation('dilation 2', { dilations: 2 }),
  dilation('dilations 1 and 2, valid', { filter: [2, 2, 3], dilations: [1, 2], pad: 'valid' }),
  dilation('padding by a number', { pad: 1 }),
  dilation('empty batch', { image: [0, 4, 4, 2], filter: [2, 2, 2] }),
  {
    name: 'a single image without a batch',
    covers: ['Dilation2D'],
    inputs: { x: { shape: [4, 3, 2] }, filter: { shape: [2, 2, 2] } },
    fn: ({ x, filter }) => tf.dilation2d(x as tf.Tensor3D, filter as tf.Tensor3D, 1, 'same'),
    tolerance: 'sum',
  },
  {
    name: 'whole numbers',
    covers: ['Dilation2D'],
    inputs: { x: { shape: [1, 4, 4, 2], dtype: 'int32' }, filter: { shape: [2, 2, 2], dtype: 'int32' } },
    fn: ({ x, filter }) => tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, 1, 'same'),
    gradient: notReal,
  },
];
