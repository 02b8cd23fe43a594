import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { computedIn, numericDType } from './stored-as.ts';

/**
 * Where each value `[B, M]` belongs in the sorted row `[B, N]` beside it: before the first element that is equal (`left`),
 * or after the last (`right`). That is how many elements are less, or not greater; compared all with all, which takes
 * `B·M·N` elements of memory.
 */
const searchSorted: Kernel<readonly [Value, Value], tf.SearchSortedAttrs> = {
  name: 'SearchSorted',
  inputs: ['sortedSequence', 'values'],
  infer: ([, values]) => ({ shape: values.shape, dtype: 'int32' }),
  lower: (builder, [sequence, values], { side }) => {
    const row = builder.reshape(sequence, [sequence.shape[0], 1, sequence.shape[1]]);
    const column = builder.reshape(values, [...values.shape, 1]);
    return computedIn(builder, numericDType(sequence, values), [row, column], 'int32', (element, value) => {
      const before = builder.compare(side === 'left' ? 'Less' : 'LessOrEqual', element, value);
      return builder.reduceSum(builder.cast(before, 'int32'), [2], false);
    });
  },
};

export const searchSortedKernels: readonly AnyKernel[] = [searchSorted];
