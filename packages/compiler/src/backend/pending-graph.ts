import { attributesKey, type Attributes, type Graph, type Node, type Port, type Value } from '../graph.ts';
import type { AnyKernel } from '../kernels/kernel.ts';
import { valueFactory } from '../onnx-builder.ts';
import type { TensorData, TensorType } from '../tensor-type.ts';
import { pendingValue, sizeOfValue, type LazyValue } from './lazy-value.ts';

/** A kernel that was called and has not run. */
export interface PendingNode {
  readonly kernel: AnyKernel;
  readonly inputs: readonly (LazyValue | null)[];
  readonly outputs: readonly LazyValue[];
  readonly attributes: Attributes;
  /** Kernel, attributes and output types as text: equal for nodes that compute the same function. */
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
  const signature = `${kernel.name}${attributesKey(attributes)}`;
  const node: PendingNode = { kernel, inputs, outputs, attributes, signature, order: recorded++ };
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
    for (const input of node.inputs) {
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

/** Whether the elements of an input may become a constant of the graph: a plain number, which passes can reckon with. */
export function isNumber(value: LazyValue): boolean {
  return sizeOfValue(value) === 1;
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
  cut.inputs.forEach((input, position) => {
    const value = factory.value(input);
    values.set(input, value);
    if (constants.has(position)) known.set(value, input.data!.slice());
    else inputs.push({ name: inputName(position), value });
  });
  const nodes = cut.nodes.map(({ kernel, inputs: read, outputs, attributes }): Node => {
    const made = outputs.map((output) => {
      const value = factory.value(output);
      values.set(output, value);
      return value;
    });
    const from = read.map((input) => (input === null ? null : values.get(input)!));
    return { op: kernel.name, domain: 'tfjs', inputs: from, outputs: made, attributes, layer: '' };
  });
  const outputs = cut.outputs.map((output, position) => ({
    name: outputName(position),
    value: values.get(output)!,
  }));
  return { inputs, outputs, nodes, constants: known };
}
