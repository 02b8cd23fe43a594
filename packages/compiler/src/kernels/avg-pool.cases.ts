import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { roundedAway } from './conv2d.cases.ts';

type Padding = Parameters<typeof tf.avgPool>[3];

interface Pool {
  readonly image?: readonly number[];
  readonly window: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad?: Padding;
  readonly rounding?: 'floor' | 'round' | 'ceil';
  readonly gradient?: GradientCheck;
}

/** tfjs's gradient divides by the size of the window where the mean is over the part inside of the image. */
export const partialWindows: GradientCheck = {
  check: 'without differences',
  because: 'tfjs divides the gradient of a window at the edge by the size of the whole window',
};

function pool(
  name: string,
  { image = [2, 7, 6, 3], window, strides, pad = 'valid', rounding, gradient }: Pool,
): KernelCase {
  return {
    name,
    covers: ['AvgPool', 'AvgPoolGrad'],
    inputs: { x: { shape: image } },
    fn: ({ x }) => tf.avgPool(x as tf.Tensor4D, window, strides, pad, rounding),
    also: [{ x: [1, NaN, 3, -2, 5, 1, 7, 0, 0] }, { x: [1, 2, 3, Infinity, 5, -Infinity, 7] }],
    tolerance: 'sum',
    ...(gradient === undefined ? {} : { gradient }),
  };
}

export const avgPoolCases: readonly KernelCase[] = [
  pool('2×2 windows side by side', { image: [2, 6, 8, 3], window: 2, strides: 2 }),
  pool('2×2 windows side by side, batch 1, one channel', { image: [1, 4, 4, 1], window: 2, strides: 2 }),
  pool('2×2 windows on odd sizes, valid', { window: 2, strides: 2 }),
  pool('2×2 windows on odd sizes, same', { window: 2, strides: 2, pad: 'same', gradient: partialWindows }),
  pool('3×3 windows that overlap', { window: 3, strides: 2 }),
  pool('3×3 windows that overlap, same, padded by one side only', {
    image: [2, 6, 8, 2],
    window: 3,
    strides: 2,
    pad: 'same',
    gradient: partialWindows,
  }),
  pool('3×3 windows at every place', { window: 3, strides: 1, pad: 'same', gradient: partialWindows }),
  pool('2×3 windows with strides 1 and 2', {
    window: [2, 3],
    strides: [1, 2],
    pad: 'same',
    gradient: partialWindows,
  }),
  pool('3×1 windows with strides 2 and 3', { window: [3, 1], strides: [2, 3] }),
  pool('2×2 windows with gaps', { window: 2, strides: 3 }),
  pool('2×2 windows with gaps, padded', { window: 2, strides: 3, pad: 1, gradient: partialWindows }),
  pool('1×1 windows with gaps', { window: 1, strides: 2 }),
  pool('1×1 windows', { window: 1, strides: 1 }),
  pool('explicit padding', {
    window: 3,
    strides: 2,
    pad: [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
    gradient: partialWindows,
  }),
  pool('a padding as wide as the window', { window: 2, strides: 2, pad: 2, gradient: partialWindows }),
  pool('a padding wider than the window', { window: 3, strides: 2, pad: 4, gradient: partialWindows }),
  pool('a padding by a number around a window of unequal sides', {
    window: [2, 4],
    strides: 2,
    pad: 1,
    gradient: partialWindows,
  }),
  ...(['floor', 'round', 'ceil'] as const).map((rounding) =>
    pool(`2×2 windows with stride 3, size rounded by ${rounding}`, {
      image: [2, 6, 7, 2],
      window: 2,
      strides: 3,
      pad: 0,
      rounding,
      ...(rounding === 'floor' ? {} : { gradient: roundedAway }),
    }),
  ),
  pool('a window as large as the image', { window: [7, 6], strides: 1 }),
  pool('no window fits', { image: [2, 2, 5, 3], window: 3, strides: 1 }),
  pool('a single image without a batch', { image: [4, 4, 2], window: 2, strides: 2 }),
  ...(['valid', 'same'] as const).map((pad): KernelCase => ({
    name: `zeros around the image, which are no padding, ${pad}`,
    covers: ['PadV2', 'AvgPool', 'AvgPoolGrad'],
    inputs: { x: { shape: [1, 3, 4, 2] } },
    fn: ({ x }) => {
      const around = tf.pad(x, [
        [0, 0],
        [1, 1],
        [2, 1],
        [0, 0],
      ]);
      return tf.avgPool(around as tf.Tensor4D, 2, 2, pad);
    },
    also: [{ x: [-1, -2, -3] }],
    tolerance: 'sum',
    gradient: partialWindows,
  })),
  pool('an empty batch', { image: [0, 4, 4, 2], window: 2, strides: 2 }),
  pool('an empty batch, windows that overlap', { image: [0, 4, 4, 2], window: 3, strides: 1 }),
];
