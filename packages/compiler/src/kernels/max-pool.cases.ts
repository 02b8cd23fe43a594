import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';

type Padding = Parameters<typeof tf.maxPool>[3];

interface Pool {
  readonly image?: readonly number[];
  readonly window: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad?: Padding;
}

/** A pool and its gradient; besides drawn values on a constant image, and on one with few distinct values. */
function pool(name: string, { image = [2, 7, 6, 3], window, strides, pad = 'valid' }: Pool): KernelCase {
  return {
    name,
    covers: ['MaxPool', 'MaxPoolGrad'],
    inputs: { x: { shape: image } },
    fn: ({ x }) => tf.maxPool(x as tf.Tensor4D, window, strides, pad),
    also: [{ x: [0] }, { x: [-1, 0, -0, 1, 1, 0, -1] }, { x: [Infinity, -3, 1e30, Infinity, -1e30] }],
  };
}

export const maxPoolCases: readonly KernelCase[] = [
  pool('2×2 windows side by side', { image: [2, 6, 8, 3], window: 2, strides: 2 }),
  pool('2×2 windows side by side, batch 1, one channel', { image: [1, 4, 4, 1], window: 2, strides: 2 }),
  pool('3×3 windows side by side', { image: [2, 6, 9, 2], window: 3, strides: 3 }),
  pool('2×2 windows on odd sizes, valid', { window: 2, strides: 2 }),
  pool('2×2 windows on odd sizes, same', { window: 2, strides: 2, pad: 'same' }),
  pool('3×3 windows that overlap', { window: 3, strides: 2 }),
  pool('3×3 windows that overlap, same, padded by one side only', {
    image: [2, 6, 8, 2],
    window: 3,
    strides: 2,
    pad: 'same',
  }),
  pool('3×3 windows at every place', { window: 3, strides: 1, pad: 'same' }),
  pool('2×3 windows with strides 1 and 2', { window: [2, 3], strides: [1, 2], pad: 'same' }),
  pool('2×2 windows with gaps', { window: 2, strides: 3 }),
  pool('1×1 windows with gaps', { window: 1, strides: 2 }),
  pool('1×1 windows', { window: 1, strides: 1 }),
  pool('padding by a number', { window: 3, strides: 2, pad: 1 }),
  pool('explicit padding', {
    window: 3,
    strides: 2,
    pad: [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
  }),
  pool('a window as large as the image', { window: [7, 6], strides: 1 }),
  pool('a single image without a batch', { image: [4, 4, 2], window: 2, strides: 2 }),
  pool('an empty batch', { image: [0, 4, 4, 2], window: 2, strides: 2 }),
];
