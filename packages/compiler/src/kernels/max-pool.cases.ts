import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { roundedAway } from './conv2d.cases.ts';

type Padding = Parameters<typeof tf.maxPool>[3];

interface Pool {
  readonly image?: readonly number[];
  readonly window: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad?: Padding;
  readonly rounding?: 'floor' | 'round' | 'ceil';
  readonly gradient?: GradientCheck;
}

/** Values that test a maximum: ties, zeros of both signs, infinities, and NaN at every place of a window. */
export const extremes: readonly Readonly<Record<string, readonly number[]>>[] = [
  { x: [0] },
  { x: [-1, 0, -0, 1, 1, 0, -1] },
  { x: [Infinity, -3, 1e30, Infinity, -1e30] },
  { x: [1, NaN, 3, -2, NaN, NaN, 7, 0] },
  { x: [-Infinity, NaN, -Infinity, 2, -Infinity, -Infinity, -Infinity, -Infinity, -Infinity] },
  { x: [NaN] },
];

/** A pool and its gradient; besides drawn values on a constant image, and on one with few distinct values. */
function pool(
  name: string,
  { image = [2, 7, 6, 3], window, strides, pad = 'valid', rounding, gradient }: Pool,
): KernelCase {
  return {
    name,
    covers: ['MaxPool', 'MaxPoolGrad'],
    inputs: { x: { shape: image } },
    fn: ({ x }) => tf.maxPool(x as tf.Tensor4D, window, strides, pad, rounding),
    also: extremes,
    ...(gradient === undefined ? {} : { gradient }),
  };
}

const ofNothing: GradientCheck = { check: 'without differences', because: 'the maximum of nothing is -∞' };

const ofTies: GradientCheck = { check: 'without differences', because: 'zeros meet in a window' };

function withArgmax(
  name: string,
  { image = [2, 7, 6, 3], window, strides, pad = 'valid' }: Pool,
): KernelCase[] {
  const options = { window, strides, pad: pad as 'valid' | 'same' | number };
  const outputs = ['result', 'indexes', 'indexes of the whole batch'] as const;
  return outputs.map((output) => ({
    name: `maxPoolWithArgmax, ${name}: ${output}`,
    covers: ['MaxPoolWithArgmax'],
    inputs: { x: { shape: image } },
    fn: ({ x }) => {
      const includeBatch = output === 'indexes of the whole batch';
      const pooled = tf.maxPoolWithArgmax(
        x as tf.Tensor4D,
        options.window,
        options.strides,
        options.pad,
        includeBatch,
      );
      return pooled[output === 'result' ? 'result' : 'indexes'];
    },
    also: extremes,
    gradient: { check: 'none', because: 'tfjs has no gradient of it' },
  }));
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
  pool('a padding as wide as the window', { window: 2, strides: 2, pad: 2, gradient: ofNothing }),
  pool('a padding wider than the window, with strides that leave a rest', {
    window: 2,
    strides: 3,
    pad: 4,
    gradient: ofNothing,
  }),
  pool('a padding by a number around a window of unequal sides', { window: [2, 4], strides: 2, pad: 1 }),
  pool('explicit padding as wide as the window at one side', {
    window: 2,
    strides: 1,
    pad: [
      [0, 0],
      [2, 0],
      [0, 3],
      [0, 0],
    ],
    gradient: ofNothing,
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
  pool('windows that begin behind the image, size rounded up', {
    image: [1, 2, 2, 3],
    window: 1,
    strides: 2,
    pad: 1,
    rounding: 'ceil',
    gradient: roundedAway,
  }),
  pool('no window fits', { image: [2, 2, 5, 3], window: 3, strides: 1 }),
  ...(['int32', 'bool'] as const).map((dtype): KernelCase => ({
    name: `of ${dtype}`,
    covers: ['MaxPool'],
    inputs: { x: { shape: [1, 4, 5, 2], dtype } },
    fn: ({ x }) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same'),
    gradient: notReal,
  })),
  ...withArgmax('2×2 windows side by side', { image: [2, 4, 6, 3], window: 2, strides: 2 }),
  ...withArgmax('3×3 windows that overlap, padded', { window: 3, strides: 2, pad: 'same' }),
  ...withArgmax('1×1 windows', { image: [1, 2, 2, 2], window: 1, strides: 1 }),
  ...withArgmax('an empty batch', { image: [0, 4, 4, 2], window: 2, strides: 2 }),
  pool('a single image without a batch', { image: [4, 4, 2], window: 2, strides: 2 }),
  ...(['valid', 'same'] as const).map((pad): KernelCase => ({
    name: `zeros around the image, which are no padding, ${pad}`,
    covers: ['PadV2', 'MaxPool', 'MaxPoolGrad'],
    inputs: { x: { shape: [1, 3, 4, 2] } },
    fn: ({ x }) => {
      const around = tf.pad(x, [
        [0, 0],
        [1, 1],
        [2, 1],
        [0, 0],
      ]);
      return tf.maxPool(around as tf.Tensor4D, 2, 2, pad);
    },
    also: [{ x: [-1, -2, -3] }],
    gradient: ofTies,
  })),
  pool('an empty batch', { image: [0, 4, 4, 2], window: 2, strides: 2 }),
];
