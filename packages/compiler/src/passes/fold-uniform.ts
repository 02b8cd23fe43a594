import type { Graph, Value } from '../graph.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';
import { sameShape } from '../tensor-type.ts';

/**
 * Computes with tensors whose elements are all equal at compile time. Gradients in tfjs start from such tensors (`ones`
 * of the loss's shape, divided by the count, …), which would otherwise be stored element by element and multiplied at
 * every step.
 */
export function foldUniform(graph: Graph): Graph {
  return rewrite(graph, ({ op, inputs, outputs, domain }, surroundings) => {
    if (domain !== '' || outputs.length !== 1) return undefined;
    const { builder } = surroundings;
    const output = outputs[0];
    const numbers = inputs.map((value) => uniformValue(value, surroundings));
    const spread = (value: number): Value[] => [
      builder.expand(builder.scalar(value, output.dtype), output.shape),
    ];
    const [number, low = -Infinity, high = Infinity] = numbers;
    if (number !== undefined) {
      if (op === 'Reshape' || op === 'Transpose') return spread(number);
      if (op === 'Neg') return spread(-number);
      if (op === 'Clip') return spread(Math.min(Math.max(number, low), high));
      // What becomes of NaN and the infinities as integers is the runtime's to say.
      if (op === 'Cast' && (output.dtype === 'float32' || output.dtype === 'bool')) return spread(number);
      if (op === 'Cast' && Number.isFinite(number)) return spread(Math.trunc(number));
    }
    const compute = arithmetic[op];
    if (compute === undefined) return undefined;
    const [a, b] = numbers;
    if (a !== undefined && b !== undefined) return spread(rounded(compute(a, b), output));
    const [left, right] = inputs as [Value, Value];
    if (b !== undefined && b === neutralRight[op] && sameShape(left.shape, output.shape)) return [left];
    if (a === 1 && op === 'Mul' && sameShape(right.shape, output.shape)) return [right];
    // One operand is a number after all: say so, unless it is what gives the result its shape.
    if (a !== undefined && left.shape.length > 0 && sameShape(right.shape, output.shape)) {
      return [builder.binary(op, builder.scalar(a, left.dtype), right)];
    }
    if (b !== undefined && right.shape.length > 0 && sameShape(left.shape, output.shape)) {
      return [builder.binary(op, left, builder.scalar(b, right.dtype))];
    }
    return undefined;
  });
}

const arithmetic: Readonly<Partial<Record<string, (a: number, b: number) => number>>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

/** Right operands that change nothing, not even a signed zero. */
const neutralRight: Readonly<Record<string, number>> = { Sub: 0, Mul: 1, Div: 1 };

function rounded(value: number, { dtype }: Value): number {
  return dtype === 'float32' ? Math.fround(value) : Math.trunc(value);
}

const seen = new WeakMap<object, number | undefined>();

/** The number that every element of `value` equals, if there is one. */
function uniformValue(value: Value | null, { constant, producer }: Surroundings): number | undefined {
  const node = producer(value);
  if (node?.op === 'Expand') return uniformValue(node.inputs[0], { constant, producer } as Surroundings);
  const data = constant(value);
  if (data === undefined || data.length === 0 || value!.dtype === 'bool') return undefined;
  if (!seen.has(data)) {
    const first = data[0];
    const uniform = data.every((element) => Object.is(element, first));
    seen.set(data, uniform ? Number(first) : undefined);
  }
  return seen.get(data);
}
