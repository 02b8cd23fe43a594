import { attributesKey, type Attributes, type Graph, type Node, type Port, type Value } from '../graph.ts';
import type { AnyKernel } from '../kernels/kernel.ts';
import { valueFactory } from '../onnx-builder.ts';
import type { TensorData, TensorType } from '../tensor-type.ts';
import { pendingValue, sizeOfValue, type LazyValue } from './lazy-value.ts';
import { readingNumbers, splitAttributes } from './varying-attributes.ts';

/** A kernel that was called and has not run. */
export interface PendingNode {
  readonly kernel: AnyKernel;
  readonly inputs: readonly (LazyValue | null)[];
  readonly outputs: readonly LazyValue[];
  readonly attributes: Attributes;
  /** Numbers among the attributes that programs change from call to call. */
  readonly numbers: readonly LazyValue[];
  /** Kernel and other attributes as text: equal for nodes that compute the same function of inputs and numbers. */
  readonly signature: string;
  /** Place in the order of recording. */
  readonly order: number;
}

/** Records one call of a kernel. */
export function pendingNode(
  kernel: AnyKernel,
  inputs: readonly (LazyValue | null)[],
  attributes: Attributes,
  types: readonly TensorType[],
): PendingNode {
  const outputs: LazyValue[] = [];
  const { fixed, numbers } = splitAttributes(kernel.name, inputs, attributes);
  const signature = `${kernel.name}${attributesKey(fixed)}`;
  const node: PendingNode = { kernel, inputs, outputs, attributes, numbers, signature, order: recorded++ };
  for (const type of types) outputs.push(pendingValue(type, node));
  for (const input of inputs) if (input !== null) input.readers++;
  return node;
}

let recorded = 0;

/** A part of what is recorded, cut out to run: everything that some outputs depend on. */
export interface Cut {
  /** In an order in which each value is made before it is read. */
  readonly nodes: readonly PendingNode[];
  /** Values that the nodes read and that are there already, in order of first use. */
  readonly inputs: readonly LazyValue[];
  readonly outputs: readonly LazyValue[];
  /** Equal for cuts that differ in the elements of their inputs only. */
  readonly structure: string;
}

/**
 * The nodes that it takes to make some values, in the order of recording.
 * @param nodes recorded nodes in their order.
 */
export function neededFor(outputs: readonly LazyValue[], nodes: readonly PendingNode[]): PendingNode[] {
  const wanted = new Set<LazyValue>(outputs);
  const needed: PendingNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    needed.push(node);
    for (const input of node.inputs) if (input?.producer !== undefined) wanted.add(input);
  }
  return needed.reverse();
}

/**
 * Cuts nodes out to run.
 * @param nodes all that it takes to make `outputs`, in the order of recording.
 */
export function cutOf(nodes: readonly PendingNode[], outputs: readonly LazyValue[]): Cut {
  const numbers = new Map<LazyValue, number>();
  const inputs: LazyValue[] = [];
  const parts: string[] = [];
  for (const node of nodes) {
    let part = node.signature;
    const read = node.numbers.length === 0 ? node.inputs : [...node.inputs, ...node.numbers];
    for (const input of read) {
      let number = input === null ? -1 : numbers.get(input);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(input!, number);
        inputs.push(input!);
        part += `:${input!.dtype}[${input!.shape.join()}]`;
      }
      part += `,${number}`;
    }
    for (const output of node.outputs) numbers.set(output, numbers.size);
    parts.push(part);
  }
  parts.push(outputs.map((output) => numbers.get(output)).join());
  return { nodes, inputs, outputs, structure: parts.join('\n') };
}

/**
 * The one number that a value's elements equal, if it is known to be one: it may become a constant of the graph, which
 * passes can reckon with.
 */
export function numberOf(value: LazyValue): number | undefined {
  return sizeOfValue(value) === 1 ? Number(value.data![0]) : value.uniform;
}

/** Names of a cut's ports. */
export const inputName = (position: number): string => `i${position}`;
export const outputName = (position: number): string => `o${position}`;

/**
 * A cut as a graph of tfjs kernels, with values of its own so that it keeps none of the tensors alive.
 * @param constants positions among the cut's inputs whose elements become constants of the graph.
 */
export function graphOf(cut: Cut, constants: ReadonlySet<number>): Graph {
  const factory = valueFactory();
  const values = new Map<LazyValue, Value>();
  const known = new Map<Value, TensorData>();
  const inputs: Port[] = [];
  const nodes: Node[] = [];
  const varying = new Set<LazyValue>();
  const call = (op: string, from: Node['inputs'], made: Value[], attributes: Attributes): Node => {
    return { op, domain: 'tfjs', inputs: from, outputs: made, attributes, layer: '' };
  };
  cut.inputs.forEach((input, position) => {
    const value = factory.value(input);
    const { shape, dtype } = value;
    values.set(input, value);
    if (!constants.has(position)) {
      varying.add(input);
      inputs.push({ name: inputName(position), value });
    } else if (sizeOfValue(input) === 1) known.set(value, input.data!.slice());
    // Said as one number, nothing of it is stored.
    else nodes.push(call('Fill', [], [value], { shape, dtype, value: numberOf(input) }));
  });
  for (const { kernel, inputs: read, outputs, attributes, numbers } of cut.nodes) {
    const made = outputs.map((output) => {
      const value = factory.value(output);
      values.set(output, value);
      return value;
    });
    const from = read.map((input) => (input === null ? null : values.get(input)!));
    const node = call(kernel.name, from, made, attributes);
    if (!numbers.some((number) => varying.has(number))) nodes.push(node);
    else {
      const parts = { factory, constants: known };
      nodes.push(
        ...readingNumbers(
          parts,
          node,
          numbers.map((number) => values.get(number)!),
        ),
      );
    }
  }
  const outputs = cut.outputs.map((output, position) => ({
    name: outputName(position),
    value: values.get(output)!,
  }));
  return { inputs, outputs, nodes, constants: known };
}
