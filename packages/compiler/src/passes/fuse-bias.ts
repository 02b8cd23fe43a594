import type { Graph, Node, Value } from '../graph.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';

/** Operators whose third input is a bias. */
const takesBias = new Set(['Gemm', 'Conv', 'ConvTranspose']);

/** Gives the sum `product + bias` to the Gemm, Conv or ConvTranspose that makes the product, as its bias. */
export function fuseBias(graph: Graph): Graph {
  return rewrite(graph, ({ op, inputs }, surroundings) => {
    if (op !== 'Add') return undefined;
    const [a, b] = inputs as [Value, Value];
    return fused(a, b, surroundings) ?? fused(b, a, surroundings);
  });
}

function fused(
  product: Value,
  bias: Value,
  { builder, producer, usedOnce }: Surroundings,
): Value[] | undefined {
  const node = producer(product);
  if (node?.inputs.length !== 2 || !usedOnce(product)) return undefined;
  if (!takesBias.has(node.op)) return undefined;
  // Axis 1 is the columns of a Gemm and the channels of a convolution.
  const vector = vectorAlong(1, product, bias, producer);
  if (vector === undefined) return undefined;
  // The product is the work, and the sum nothing beside it: profiles are to name who made that.
  builder.layer = node.layer;
  builder.kernel = node.kernel;
  const shaped = vector.shape.length === 1 ? vector : builder.reshape(vector, [product.shape[1]]);
  return [builder.node(node.op, [...node.inputs, shaped], product, node.attributes)];
}

/** `bias` if it varies along that axis of `product` only, without the reshape that aligned it. */
function vectorAlong(
  axis: number,
  product: Value,
  bias: Value,
  producer: (value: Value) => Node | undefined,
): Value | undefined {
  const rank = product.shape.length;
  const lead = rank - bias.shape.length;
  if (bias.shape.length === 0 || lead < 0) return undefined;
  const varies = bias.shape.every((size, i) => size === (lead + i === axis ? product.shape[axis] : 1));
  if (!varies || lead > axis) return undefined;
  const before = producer(bias);
  return before?.op === 'Reshape' && before.inputs[0]!.shape.length === 1 ? before.inputs[0]! : bias;
}
