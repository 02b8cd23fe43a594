import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';
import { moving } from '../testing/moving-case.ts';

export const reverseCases: readonly KernelCase[] = [
  ...moving('Reverse along one axis, counted from the end', ['Reverse'], [2, 3, 4], (x) => tf.reverse(x, -2)),
  ...moving('Reverse along several axes', ['Reverse'], [2, 3, 4], (x) => tf.reverse(x, [2, 0])),
  ...moving('Reverse along all axes', ['Reverse'], [3, 5], (x) => tf.reverse(x)),
  ...moving('Reverse along no axes', ['Reverse'], [3, 2], (x) => tf.reverse(x, [])),
  ...moving('Reverse of a scalar', ['Reverse'], [], (x) => tf.reverse(x)),
  ...moving('Reverse of an empty tensor', ['Reverse'], [0, 3], (x) => tf.reverse(x)),
  ...moving('Reverse of axes of size 1', ['Reverse'], [1, 4, 1], (x) => tf.reverse(x)),
  ...moving('Reverse of six axes', ['Reverse'], [2, 1, 2, 1, 2, 3], (x) => tf.reverse(x, [0, 5])),
  {
    name: 'FlipLeftRight',
    covers: ['FlipLeftRight'],
    inputs: { x: { shape: [2, 3, 5, 2] } },
    fn: ({ x }) => tf.image.flipLeftRight(x as tf.Tensor4D),
    tolerance: 'exact',
    gradient: { check: 'none', because: 'tfjs has no gradient of flipLeftRight' },
  },
];
