import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';

function row(name: string, shape: readonly number[], rotate: (image: tf.Tensor4D) => tf.Tensor): KernelCase {
  return {
    name: `RotateWithOffset ${name}`,
    covers: ['RotateWithOffset'],
    inputs: { x: { shape } },
    fn: ({ x }) => rotate(x as tf.Tensor4D),
    tolerance: 'exact',
    gradient: { check: 'none', because: 'tfjs has no gradient of rotateWithOffset' },
  };
}

export const rotateCases: readonly KernelCase[] = [
  row('by a right angle', [2, 4, 4, 1], (x) => tf.image.rotateWithOffset(x, Math.PI / 2)),
  row('by any angle', [1, 5, 7, 3], (x) => tf.image.rotateWithOffset(x, 0.7, [1, 2, 3])),
  row('the other way, with opacity', [1, 4, 6, 4], (x) => tf.image.rotateWithOffset(x, -1.1, [1, 2, 3])),
  row('about another point', [1, 5, 5, 2], (x) => tf.image.rotateWithOffset(x, 0.4, 9, [0.25, 0.8])),
  row('by nothing', [1, 3, 2, 1], (x) => tf.image.rotateWithOffset(x, 0)),
  row('of no images', [0, 3, 3, 1], (x) => tf.image.rotateWithOffset(x, 1)),
];
