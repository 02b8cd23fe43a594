import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';

interface Options {
  readonly sequence?: 'float32' | 'int32';
  readonly values?: 'float32' | 'int32';
}

/** Searches two rows with ties, since tfjs promises an answer for sorted rows only and drawn ones are not. */
function rows(name: string, { sequence = 'float32', values = 'float32' }: Options = {}): KernelCase[] {
  return (['left', 'right'] as const).map((side) => ({
    name: `SearchSorted ${name} to the ${side}`,
    covers: ['SearchSorted'],
    inputs: { values: { shape: [2, 4], dtype: values } },
    fn: (inputs) => {
      const sorted = [-1, 0, 1, 1, 3, -2, 2, 2, 2, 5];
      return tf.searchSorted(tf.tensor2d(sorted, [2, 5], sequence), inputs['values'], side);
    },
    also: [
      { values: [-3, 1, 2, 99, 2, -2, 5, 0] },
      ...(values === 'float32' ? [{ values: [NaN, Infinity, -Infinity, 0.5] }] : []),
    ],
    gradient: notReal,
  }));
}

export const searchSortedCases: readonly KernelCase[] = [
  ...rows('of float32'),
  ...rows('of int32', { sequence: 'int32', values: 'int32' }),
  ...rows('of float32 in int32', { sequence: 'int32' }),
];
