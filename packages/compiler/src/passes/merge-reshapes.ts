import type { Graph } from '../graph.ts';
import { rewrite } from '../rewrite.ts';
import { sameShape, type DType } from '../tensor-type.ts';

/** Merges chains of Reshape and of Cast into one, and drops those that change nothing. */
export function mergeReshapes(graph: Graph): Graph {
  return rewrite(graph, ({ op, inputs, outputs }, { builder, producer }) => {
    const [input] = inputs;
    const output = outputs[0];
    if (op === 'Identity') return [input!];
    if (op === 'Reshape') {
      if (sameShape(input!.shape, output.shape)) return [input!];
      const before = producer(input);
      if (before?.op === 'Reshape') return [builder.reshape(before.inputs[0]!, output.shape)];
    }
    if (op === 'Cast') {
      if (input!.dtype === output.dtype) return [input!];
      const before = producer(input);
      if (before?.op === 'Cast' && isLossless(before.inputs[0]!.dtype, input!.dtype)) {
        return [builder.cast(before.inputs[0]!, output.dtype)];
      }
    }
    return undefined;
  });
}

/** Whether every value of `from` is a value of `to`. */
function isLossless(from: DType, to: DType): boolean {
  return (
    from === to ||
    ((from === 'bool' || from === 'uint8') && to !== 'bool') ||
    (from === 'int32' && to === 'int64')
  );
}
