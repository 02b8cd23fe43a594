import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

type Triple = [number, number, number];

interface Convolution {
  readonly image?: readonly number[];
  readonly filter?: readonly [depth: number, height: number, width: number, inputs: number, outputs: number];
  readonly strides?: number | Triple;
  readonly pad?: 'same' | 'valid';
  readonly dilations?: number | Triple;
}

const trained = ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'];

function convolution(
  name: string,
  {
    image = [2, 4, 5, 3, 2],
    filter = [2, 3, 2, 2, 3],
    strides = 1,
    pad = 'same',
    dilations = 1,
  }: Convolution = {},
): KernelCase {
  const isDilated = dilations !== 1;
  return {
    name,
    covers: isDilated ? ['Conv3D'] : trained,
    inputs: { x: { shape: image }, filter: { shape: filter } },
    fn: ({ x, filter: weights }) =>
      tf.conv3d(x as tf.Tensor5D, weights as tf.Tensor5D, strides, pad, 'NDHWC', dilations),
    tolerance: 'sum',
    ...(isDilated
      ? { gradient: { check: 'none', because: 'tfjs has a gradient for dilation 1 only' } as const }
      : {}),
  };
}

/** A transposed convolution has no gradient in tfjs 4.22. */
function transposed(
  name: string,
  image: readonly number[],
  filter: readonly number[],
  size: readonly [number, number, number, number, number],
  strides: number | Triple,
  pad: 'same' | 'valid',
): KernelCase {
  return {
    name: `conv3dTranspose, ${name}`,
    covers: ['Conv3DBackpropInputV2'],
    inputs: { x: { shape: image }, filter: { shape: filter } },
    fn: ({ x, filter: weights }) =>
      tf.conv3dTranspose(x as tf.Tensor5D, weights as tf.Tensor5D, [...size], strides, pad),
    tolerance: 'sum',
    gradient: { check: 'none', because: 'tfjs has none of a transposed 3-D convolution' },
  };
}

export const conv3DCases: readonly KernelCase[] = [
  convolution('odd sizes, same'),
  convolution('odd sizes, valid', { pad: 'valid' }),
  convolution('batch 1, one channel in and out', { image: [1, 3, 3, 3, 1], filter: [2, 2, 2, 1, 1] }),
  convolution('empty batch', { image: [0, 3, 3, 3, 1], filter: [2, 2, 2, 1, 2] }),
  convolution('stride 2, same', { strides: 2 }),
  convolution('stride 2, valid, with a rest', { strides: 2, pad: 'valid' }),
  convolution('unequal strides', { strides: [2, 3, 1] }),
  convolution('window 1×1×1', { filter: [1, 1, 1, 2, 3] }),
  convolution('window 1×1×1, stride 2, which begins inside of the image', {
    image: [1, 4, 4, 4, 1],
    filter: [1, 1, 1, 1, 2],
    strides: 2,
  }),
  convolution('stride larger than the window, which begins inside of the image', {
    image: [1, 7, 6, 6, 1],
    filter: [2, 1, 2, 1, 1],
    strides: 3,
  }),
  convolution('no window fits', { image: [1, 1, 3, 3, 1], filter: [2, 2, 2, 1, 2], pad: 'valid' }),
  convolution('dilation 2', { dilations: 2, pad: 'valid', filter: [2, 2, 2, 2, 3] }),
  convolution('dilations 1, 2 and 3, same', { dilations: [1, 2, 3] }),
  {
    name: 'a single image without a batch',
    covers: trained,
    inputs: { x: { shape: [3, 3, 2, 2] }, filter: { shape: [2, 2, 2, 2, 3] } },
    fn: ({ x, filter }) => tf.conv3d(x as tf.Tensor4D, filter as tf.Tensor5D, 1, 'same'),
    tolerance: 'sum',
  },
  {
    name: 'whole numbers',
    covers: ['Conv3D'],
    inputs: {
      x: { shape: [1, 3, 3, 2, 2], dtype: 'int32' },
      filter: { shape: [2, 2, 2, 2, 3], dtype: 'int32' },
    },
    fn: ({ x, filter }) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, 'same'),
    gradient: notReal,
  },
  transposed('stride 1', [2, 3, 2, 3, 4], [2, 2, 2, 3, 4], [2, 3, 2, 3, 3], 1, 'same'),
  transposed('stride 2', [1, 2, 3, 2, 2], [3, 3, 3, 1, 2], [1, 4, 6, 4, 1], 2, 'same'),
  transposed('valid, with a rest', [1, 2, 2, 2, 1], [2, 2, 2, 1, 1], [1, 5, 4, 5, 1], 2, 'valid'),
  transposed(
    'gaps that begin inside of the image',
    [1, 2, 2, 2, 1],
    [1, 1, 1, 2, 1],
    [1, 4, 4, 4, 2],
    2,
    'same',
  ),
];
