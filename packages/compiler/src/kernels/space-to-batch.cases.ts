import * as tf from '@tensorflow/tfjs';
import type { KernelCase } from '../testing/kernel-case.ts';
import { moving } from '../testing/moving-case.ts';

export const spaceToBatchCases: readonly KernelCase[] = [
  ...moving('BatchToSpaceND in blocks of 2×2', ['BatchToSpaceND'], [8, 2, 3, 2], (x) =>
    tf.batchToSpaceND(
      x,
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  ),
  ...moving('BatchToSpaceND with crops', ['BatchToSpaceND'], [6, 2, 3, 1], (x) =>
    tf.batchToSpaceND(
      x,
      [3, 2],
      [
        [1, 2],
        [0, 3],
      ],
    ),
  ),
  ...moving('BatchToSpaceND in one axis', ['BatchToSpaceND'], [4, 3], (x) =>
    tf.batchToSpaceND(x, [2], [[1, 0]]),
  ),
  ...moving('SpaceToBatchND in blocks of 2×2', ['SpaceToBatchND'], [2, 4, 6, 3], (x) =>
    tf.spaceToBatchND(
      x,
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  ),
  ...moving('SpaceToBatchND with paddings', ['SpaceToBatchND'], [1, 5, 3, 1], (x) =>
    tf.spaceToBatchND(
      x,
      [2, 3],
      [
        [1, 0],
        [2, 1],
      ],
    ),
  ),
  ...moving('SpaceToBatchND in one axis', ['SpaceToBatchND'], [2, 4], (x) =>
    tf.spaceToBatchND(x, [2], [[1, 1]]),
  ),
];
