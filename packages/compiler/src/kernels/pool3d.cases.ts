import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { partialWindows } from './avg-pool.cases.ts';
import { extremes } from './max-pool.cases.ts';

interface Pool {
  readonly image?: readonly number[];
  readonly window: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad?: 'valid' | 'same' | number;
  readonly rounding?: 'floor' | 'round' | 'ceil';
  readonly gradients?: { readonly max?: GradientCheck; readonly avg?: GradientCheck };
}

/** tfjs reads the position of a maximum with the height of the window in place of its width. */
const misplaced: GradientCheck = {
  check: 'none',
  because: 'tfjs 4.22 gives the gradient to a wrong place where height and width of the window differ',
};

function pools(
  name: string,
  { image = [2, 5, 4, 3, 2], window, strides, pad = 'valid', rounding, gradients = {} }: Pool,
): KernelCase[] {
  const { max, avg } = gradients;
  return [
    {
      name: `maximum, ${name}`,
      covers: max?.check === 'none' ? ['MaxPool3D'] : ['MaxPool3D', 'MaxPool3DGrad'],
      inputs: { x: { shape: image } },
      fn: ({ x }) => tf.maxPool3d(x as tf.Tensor5D, window, strides, pad, rounding),
      also: extremes.slice(0, 3),
      ...(max === undefined ? {} : { gradient: max }),
    },
    {
      name: `average, ${name}`,
      covers: ['AvgPool3D', 'AvgPool3DGrad'],
      inputs: { x: { shape: image } },
      fn: ({ x }) => tf.avgPool3d(x as tf.Tensor5D, window, strides, pad, rounding),
      also: [{ x: [1, NaN, 3, -2, 5, 1, 7, 0, 0] }],
      tolerance: 'sum',
      ...(avg === undefined ? {} : { gradient: avg }),
    },
  ];
}

export const pool3DCases: readonly KernelCase[] = [
  ...pools('windows side by side', { image: [2, 4, 4, 2, 3], window: 2, strides: 2 }),
  ...pools('batch 1, one channel, windows that overlap', { image: [1, 3, 3, 3, 1], window: 2, strides: 1 }),
  ...pools('windows that overlap, same', {
    window: 3,
    strides: 2,
    pad: 'same',
    gradients: { avg: partialWindows },
  }),
  ...pools('a rest that no window reaches', { window: 2, strides: 2 }),
  ...pools('windows and strides of unequal sides', {
    window: [1, 2, 3],
    strides: [2, 1, 3],
    gradients: { max: misplaced },
  }),
  ...pools('windows of unequal depth', { window: [3, 2, 2], strides: [1, 2, 1] }),
  ...pools('gaps that begin inside of the image, same', { window: 1, strides: 2, pad: 'same' }),
  ...pools('windows with gaps', { window: 1, strides: [1, 2, 2] }),
  ...pools('padding by a number', { window: 2, strides: 1, pad: 1, gradients: { avg: partialWindows } }),
  ...pools('nothing but padding in some windows', {
    image: [1, 1, 1, 2, 1],
    window: 2,
    strides: 1,
    pad: 2,
    gradients: {
      max: { check: 'without differences', because: 'the maximum of nothing is -∞' },
      avg: partialWindows,
    },
  }),
  ...(['floor', 'ceil'] as const).flatMap((rounding) =>
    pools(`size rounded by ${rounding}`, {
      image: [1, 4, 5, 4, 2],
      window: 2,
      strides: 3,
      pad: 0,
      rounding,
      ...(rounding === 'floor' ? {} : { gradients: { avg: partialWindows } }),
    }),
  ),
  ...pools('1×1×1 windows', { window: 1, strides: 1 }),
  ...pools('no window fits', {
    image: [1, 1, 1, 1, 1],
    window: [1, 1, 3],
    strides: 1,
    gradients: { max: misplaced },
  }),
  ...pools('a single image without a batch', { image: [2, 2, 2, 1], window: 2, strides: 1 }),
  ...pools('an empty batch', { image: [0, 3, 3, 3, 1], window: 2, strides: 1 }),
  {
    name: 'maximum of numbers, NaN and -∞',
    covers: ['MaxPool3D'],
    inputs: { x: { shape: [1, 3, 4, 3, 2] } },
    fn: ({ x }) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, 'same'),
    also: extremes,
    gradient: {
      check: 'drawn values',
      because:
        'where a window has no number, tfjs gives the gradient to the last -∞, or to nothing if all is NaN',
    },
  },
  {
    name: 'maximum of int32, which becomes float32',
    covers: ['MaxPool3D'],
    inputs: { x: { shape: [1, 3, 3, 3, 1], dtype: 'int32' } },
    fn: ({ x }) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, 'valid'),
    gradient: notReal,
  },
];
