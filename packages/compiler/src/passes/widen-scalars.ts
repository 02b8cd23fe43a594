import type { Graph, Value } from '../graph.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';
import { sizeOf } from '../tensor-type.ts';

/** Operators that broadcast all their operands against each other. */
const broadcasting = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow', 'Max', 'Min', 'Where', 'PRelu'],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or'],
]);

/**
 * Gives a lone number enough axes of length 1 to reach an axis that is longer in the result. onnxruntime pairs axes from
 * the last one on and takes them in runs. Where the last axis is 1, as that of images of one channel, and the number has
 * no axis beside the next, the first run is that one element, and so are all: `[64,28,28,1] · []` takes ten times as long
 * as `[64,28,28,1] · [1,1]` (onnxruntime 1.30).
 */
export function widenScalars(graph: Graph): Graph {
  return rewrite(graph, ({ op, domain, inputs, outputs, attributes }, surroundings) => {
    if (domain !== '' || !broadcasting.has(op)) return undefined;
    const { shape } = outputs[0];
    const longer = shape.findLastIndex((size) => size !== 1);
    if (longer === -1 || longer === shape.length - 1) return undefined;
    const rank = shape.length - longer;
    const isNarrow = (value: Value): boolean => sizeOf(value.shape) === 1 && value.shape.length < rank;
    const operands = inputs as readonly Value[];
    if (!operands.some(isNarrow)) return undefined;
    const wide = operands.map((value) => (isNarrow(value) ? widened(value, rank, surroundings) : value));
    return surroundings.builder.nodeWithOutputs(op, wide, outputs, attributes);
  });
}

/** The number with `rank` axes. */
function widened(value: Value, rank: number, { builder, constant }: Surroundings): Value {
  const shape = Array<number>(rank).fill(1);
  const data = constant(value);
  return data === undefined
    ? builder.reshape(value, shape)
    : builder.constant(data, { shape, dtype: value.dtype });
}
