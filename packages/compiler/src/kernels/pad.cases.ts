import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { moving } from '../testing/moving-case.ts';

const cutOut: GradientCheck = {
  check: 'without differences',
  because: 'tfjs takes the part of dy that lies over x, and leaves out what the mirror images add to it',
};

export const padCases: readonly KernelCase[] = [
  ...moving('PadV2', ['PadV2'], [2, 3], (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      1,
    ),
  ),
  ...moving('PadV2 of an empty tensor', ['PadV2'], [0, 3], (x) =>
    tf.pad(x, [
      [1, 1],
      [0, 2],
    ]),
  ),
  ...moving('PadV2 by nothing', ['PadV2'], [2], (x) => tf.pad(x, [[0, 0]])),
  {
    name: 'PadV2 with infinity',
    covers: ['PadV2'],
    inputs: { x: { shape: [3] } },
    fn: ({ x }) => tf.pad(x, [[1, 2]], -Infinity),
    tolerance: 'exact',
    gradient: { check: 'without differences', because: 'infinity less infinity is NaN' },
  },
  ...(['reflect', 'symmetric'] as const).flatMap((mode) => [
    ...moving(
      `MirrorPad, ${mode}`,
      ['MirrorPad'],
      [3, 2, 4],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [2, 1],
            [0, 0],
            [0, 3],
          ],
          mode,
        ),
      cutOut,
    ),
    ...moving(`MirrorPad by nothing, ${mode}`, ['MirrorPad'], [2, 1], (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [0, 0],
        ],
        mode,
      ),
    ),
  ]),
  ...moving(
    'MirrorPad by the whole axis, symmetric',
    ['MirrorPad'],
    [2],
    (x) => tf.mirrorPad(x, [[2, 2]], 'symmetric'),
    cutOut,
  ),
];
