import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradients of turned images' };

/** The eight numbers of a transform each. */
const transforms: Readonly<Record<string, number[]>> = {
  identity: [1, 0, 0, 0, 1, 0, 0, 0],
  shift: [1, 0, 1.25, 0, 1, -2.125, 0, 0],
  'far shift': [1, 0, -9.25, 0, 1, 13.125, 0, 0],
  affine: [0.5, 0.75, -1.375, -0.25, 1.5, 0.625, 0, 0],
  projection: [1, 0.25, 0, 0.125, 1, 0, 0.0625, 0.5],
  'projection through infinity': [1, 0, 0, 0, 1, 0, -0.5, 0],
};

const modes = ['constant', 'reflect', 'wrap', 'nearest'] as const;

export const transformCases: readonly KernelCase[] = [
  ...(['bilinear', 'nearest'] as const).flatMap((interpolation) =>
    modes.flatMap((mode) =>
      Object.entries(transforms).map(([name, values]): KernelCase => ({
        name: `Transform by ${name}, ${mode}, ${interpolation}`,
        covers: ['Transform'],
        inputs: { x: { shape: [1, 4, 5, 2] } },
        fn: ({ x }) =>
          tf.image.transform(x as tf.Tensor4D, tf.tensor2d(values, [1, 8]), interpolation, mode, 0.5),
        tolerance: 'sum',
        gradient: noGradient,
      })),
    ),
  ),
  {
    name: 'Transform into another size',
    covers: ['Transform'],
    inputs: { x: { shape: [1, 3, 3, 1] } },
    fn: ({ x }) =>
      tf.image.transform(
        x as tf.Tensor4D,
        tf.tensor2d(transforms['affine'], [1, 8]),
        'bilinear',
        'reflect',
        0,
        [5, 2],
      ),
    tolerance: 'sum',
    gradient: noGradient,
  },
  {
    name: 'Transform of a single pixel',
    covers: ['Transform'],
    inputs: { x: { shape: [1, 1, 1, 1] } },
    fn: ({ x }) =>
      tf.image.transform(x as tf.Tensor4D, tf.tensor2d(transforms['shift'], [1, 8]), 'bilinear', 'wrap'),
    tolerance: 'sum',
    gradient: noGradient,
  },
];
