import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s } from './rows.ts';

/** The shape that two shapes, given as vectors of int32, broadcast to. The run fails where they don't, as in tfjs. */
const broadcastArgs: Kernel<readonly [Value, Value]> = {
  name: 'BroadcastArgs',
  inputs: ['s0', 's1'],
  infer: ([s0, s1]) => ({ shape: [Math.max(s0.shape[0], s1.shape[0])], dtype: 'int32' }),
  lower: (builder, [s0, s1], _, [{ shape }]) => {
    const [a, b] = [s0, s1].map((s) => builder.pad(s, [shape[0] - s.shape[0]], [0], 1));
    const one = builder.scalar(1, 'int32');
    const stretched = builder.compare('Equal', a, one);
    const size = builder.where(stretched, b, a);
    const fits = builder.compare('Or', builder.compare('Equal', size, b), builder.compare('Equal', b, one));
    // The one way to fail in a graph: a row that a table of one row does not have.
    const misfit = builder.cast(builder.unary('Not', fits), 'int32');
    const nothing = builder.node(
      'Gather',
      [int32s(builder, [0]), misfit],
      { shape, dtype: 'int32' },
      { axis: 0 },
    );
    return builder.binary('Add', size, nothing);
  },
};

export const broadcastArgsKernels: readonly AnyKernel[] = [broadcastArgs];
