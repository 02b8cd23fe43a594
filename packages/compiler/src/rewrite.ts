import { countUses, nextId, type Graph, type Node, type Value } from './graph.ts';
import { OnnxBuilder, valueFactory } from './onnx-builder.ts';
import type { TensorData } from './tensor-type.ts';

/** A pass over a graph: returns one that computes the same outputs from the same inputs. */
export type Pass = (graph: Graph) => Graph;

/** What a rewriting rule may ask about the graph around the node it looks at. */
export interface Surroundings {
  /** Where replacements are emitted. */
  readonly builder: OnnxBuilder;
  /** The node of the new graph that makes a value, if one does. */
  readonly producer: (value: Value | null) => Node | undefined;
  /** Whether a value of the old graph is read exactly once, so that its producer is free to change. */
  readonly usedOnce: (value: Value) => boolean;
  /** Elements of a constant. */
  readonly constant: (value: Value | null) => TensorData | undefined;
}

/**
 * Values to put in the place of the node's outputs, or `undefined` to keep the node. The node's inputs are already those
 * of the new graph.
 */
export type Rule = (node: Node, surroundings: Surroundings) => readonly Value[] | undefined;

/** Applies a rule to every node, front to back, and drops what is no longer used. */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const builder = new OnnxBuilder(valueFactory(nextId(graph)));
  for (const [value, data] of graph.constants) builder.constants.set(value, data);
  const uses = countUses(graph);
  const replaced = new Map<Value, Value>();
  const made = new Map<Value, Node>();
  let indexed = 0;
  const current = (value: Value): Value => replaced.get(value) ?? value;
  const surroundings: Surroundings = {
    builder,
    producer: (value) => {
      for (; indexed < builder.nodes.length; indexed++) {
        const node = builder.nodes[indexed];
        for (const output of node.outputs) made.set(output, node);
      }
      return value === null ? undefined : made.get(value);
    },
    usedOnce: (value) => uses.get(value) === 1,
    constant: (value) => (value === null ? undefined : builder.constants.get(value)),
  };
  for (const node of graph.nodes) {
    builder.layer = node.layer;
    builder.kernel = node.kernel;
    const inputs = node.inputs.map((value) => (value === null ? null : current(value)));
    const renamed = { ...node, inputs };
    const values = rule(renamed, surroundings);
    if (values === undefined) builder.nodes.push(renamed);
    else node.outputs.forEach((output, i) => replaced.set(output, values[i]));
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: current(value) }));
  return removeDead(builder.graph(graph.inputs, outputs));
}

/** Drops nodes and constants that no output depends on. */
export function removeDead(graph: Graph): Graph {
  const live = new Set<Value>(graph.outputs.map(({ value }) => value));
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => live.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) if (input !== null) live.add(input);
  }
  const constants = new Map([...graph.constants].filter(([value]) => live.has(value)));
  return { ...graph, nodes: nodes.reverse(), constants };
}
