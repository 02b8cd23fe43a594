import type { Graph, Node, Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';
import { elementwiseOperators } from './elementwise-operators.ts';

/**
 * Moves transposes towards the outputs until they meet their inverse. Every convolution and pool is lowered between a
 * transpose to NCHW and one back; after this pass a chain of them, with the elementwise operators between, stays in NCHW
 * from its first convolution to its last.
 */
export function cancelTransposes(graph: Graph): Graph {
  return rewrite(graph, (node, surroundings) => {
    if (node.domain !== '') return undefined;
    if (node.op === 'Transpose') return mergeTranspose(node, surroundings);
    if (node.op === 'ReduceSum') return sumBeforeTranspose(node, surroundings);
    if (node.op === 'Slice') return sliceBeforeTranspose(node, surroundings);
    if (node.op === 'Concat') return concatBeforeTranspose(node, surroundings);
    if (elementwiseOperators.has(node.op) && node.outputs.length === 1)
      return computeBeforeTranspose(node, surroundings);
    return undefined;
  });
}

function permutationOf(node: Node | undefined): readonly number[] | undefined {
  return node?.op === 'Transpose' && node.domain === '' ? (node.attributes['perm'] as number[]) : undefined;
}

function mergeTranspose(
  { inputs, outputs, attributes }: Node,
  { builder, producer }: Surroundings,
): Value[] | undefined {
  const input = inputs[0]!;
  const permutation = attributes['perm'] as readonly number[];
  const before = producer(input);
  const inner = permutationOf(before);
  if (inner !== undefined) {
    return [
      builder.transpose(
        before!.inputs[0]!,
        permutation.map((axis) => inner[axis]),
      ),
    ];
  }
  // Where only axes of size 1 change places, no element moves.
  const moved = permutation.filter((axis) => input.shape[axis] !== 1);
  const ordered = moved.every((axis, i) => i === 0 || moved[i - 1] < axis);
  return ordered ? [builder.reshape(input, outputs[0].shape)] : undefined;
}

function sumBeforeTranspose(node: Node, { builder, producer, constant }: Surroundings): Value[] | undefined {
  const before = producer(node.inputs[0]);
  const permutation = permutationOf(before);
  const axes = constant(node.inputs[1] ?? null);
  if (permutation === undefined || axes === undefined || node.attributes['keepdims'] !== 0) return undefined;
  const summed = Array.from(axes as BigInt64Array, (axis) => permutation[Number(axis)]).sort((a, b) => a - b);
  const kept = permutation.filter((axis) => !summed.includes(axis));
  const sum = builder.reduceSum(before!.inputs[0]!, summed, false);
  const order = [...kept].sort((a, b) => a - b);
  return [
    builder.transpose(
      sum,
      kept.map((axis) => order.indexOf(axis)),
    ),
  ];
}

/** A transposed value's shape before the transpose. */
function shapeBefore(shape: readonly number[], permutation: readonly number[]): number[] {
  const before: number[] = [];
  permutation.forEach((axis, position) => {
    before[axis] = shape[position];
  });
  return before;
}

function sliceBeforeTranspose(
  node: Node,
  { builder, producer, constant }: Surroundings,
): Value[] | undefined {
  const before = producer(node.inputs[0]);
  const permutation = permutationOf(before);
  const axes = constant(node.inputs[3] ?? null);
  if (permutation === undefined || axes === undefined) return undefined;
  const moved = builder.int64s(Array.from(axes as BigInt64Array, (axis) => permutation[Number(axis)]));
  const inputs = [before!.inputs[0], ...node.inputs.slice(1, 3), moved, ...node.inputs.slice(4)];
  const { shape, dtype } = node.outputs[0];
  return [
    builder.transpose(
      builder.node('Slice', inputs, { shape: shapeBefore(shape, permutation), dtype }),
      permutation,
    ),
  ];
}

function concatBeforeTranspose(node: Node, { builder, producer }: Surroundings): Value[] | undefined {
  const permutation = permutationOf(producer(node.inputs[0]));
  if (permutation === undefined) return undefined;
  const operands: Value[] = [];
  for (const value of node.inputs) {
    const before = producer(value);
    const own = permutationOf(before);
    if (own?.join() !== permutation.join()) return undefined;
    operands.push(before!.inputs[0]!);
  }
  const axis = permutation[node.attributes['axis'] as number];
  return [builder.transpose(builder.concat(operands, axis), permutation)];
}

function computeBeforeTranspose(node: Node, { builder, producer }: Surroundings): Value[] | undefined {
  const output = node.outputs[0];
  const permutation = node.inputs
    .map((value) => permutationOf(producer(value)))
    .find((found) => found !== undefined);
  if (permutation?.length !== output.shape.length) return undefined;
  const operands: (Value | null)[] = [];
  for (const value of node.inputs) {
    const operand = value === null ? null : untransposed(value, permutation, builder, producer);
    if (operand === undefined) return undefined;
    operands.push(operand);
  }
  const shape = shapeBefore(output.shape, permutation);
  const result = builder.node(node.op, operands, { shape, dtype: output.dtype }, node.attributes);
  return [builder.transpose(result, permutation)];
}

/** An operand as it was before the transpose: the transpose's own input, a single number, or a realigned vector. */
function untransposed(
  value: Value,
  permutation: readonly number[],
  builder: OnnxBuilder,
  producer: Surroundings['producer'],
): Value | undefined {
  const node = producer(value);
  const own = permutationOf(node);
  if (own?.length === permutation.length && own.every((axis, i) => axis === permutation[i])) {
    return node!.inputs[0]!;
  }
  const varying = value.shape.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  if (varying.length === 0) return value.shape.length === 0 ? value : builder.reshape(value, []);
  if (varying.length > 1) return undefined;
  const axis = varying[0] + permutation.length - value.shape.length;
  const aligned = permutation.map((_, i) => (i === permutation[axis] ? value.shape[varying[0]] : 1));
  return builder.reshape(value, aligned);
}
