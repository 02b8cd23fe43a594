import type { Value } from '../graph.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** `y[i..., i...] = x[i...]` and 0 elsewhere. */
const diag: Kernel<readonly [Value]> = {
  name: 'Diag',
  inputs: ['x'],
  infer: ([x]) => ({ shape: [...x.shape, ...x.shape], dtype: x.dtype }),
  lower: (builder, [x], _, [type]) => {
    const size = sizeOf(x.shape);
    // Followed by `size` zeros, each element comes one place further to the right in its row of `size`.
    const spaced = builder.pad(builder.reshape(x, [size, 1]), [0, 0], [0, size]);
    const flat = builder.reshape(spaced, [size * (size + 1)]);
    return builder.reshape(builder.slice(flat, [0], [0], [size * size]), type.shape);
  },
};

export const diagKernels: readonly AnyKernel[] = [diag];
