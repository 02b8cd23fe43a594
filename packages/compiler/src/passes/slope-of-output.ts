import type { Graph, Value } from '../graph.ts';
import { rewrite } from '../rewrite.ts';

/**
 * Takes the slope of a ReLU from its output instead of its input: `step(x) = (relu(x) > 0)`. The input is then needed by
 * the ReLU alone, so that a runtime can fuse the two into the product before, and the test is a single comparison.
 * Where x is NaN the slope is 0 and not NaN; the activation is NaN there, and so is the loss.
 *
 * Works on a graph of tfjs kernels, before lowering.
 */
export function slopeOfOutput(graph: Graph): Graph {
  const reluOf = new Map<Value, Value>();
  return rewrite(graph, ({ op, inputs, outputs, attributes }, { builder }) => {
    const x = inputs[0];
    if (!x) return undefined;
    if (op === 'Relu') reluOf.set(x, outputs[0]);
    const y = op === 'Step' && attributes['alpha'] === 0 ? reluOf.get(x) : undefined;
    if (y?.dtype !== 'float32') return undefined;
    const zero = builder.scalar(0, 'float32');
    const [positive] = builder.nodeWithOutputs(
      'Greater',
      [y, zero],
      [{ shape: y.shape, dtype: 'bool' }],
      {},
      'tfjs',
    );
    return builder.nodeWithOutputs('Cast', [positive], [y], { dtype: 'float32' }, 'tfjs');
  });
}
