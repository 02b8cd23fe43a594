import type { Graph, Value } from '../graph.ts';
import { OnnxBuilder, valueFactory } from '../onnx-builder.ts';
import { nextId } from '../graph.ts';

/** Size of an axis: a number, or the name of a size that is known when the model runs. */
export type Dimension = number | string;

/** A lowered graph with all that an ONNX file says beyond it. */
export interface OnnxModel {
  /** Name of the graph. */
  readonly name: string;
  readonly description: string;
  readonly producer: { readonly name: string; readonly version: string };
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: Graph;
  /** Name of every value in the file. */
  readonly names: ReadonlyMap<Value, string>;
  /** Shapes with named sizes, for the values that have some. */
  readonly dimensions: ReadonlyMap<Value, readonly Dimension[]>;
}

/** What a model says of itself. */
export interface ModelDescription {
  /** Name of the graph, not empty; `function` unless given. */
  readonly name?: string;
  readonly description?: string;
  /** Key-value pairs for whoever reads the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The standard operator set that every model is written in. */
const opsetVersion = 17;

/**
 * Gives names to the values of a checked graph and states its operator sets.
 * @throws RangeError when the name is empty, which ONNX doesn't allow.
 */
export function onnxModel(
  graph: Graph,
  { name = 'function', description = '', metadata = {} }: ModelDescription,
  dimensions: ReadonlyMap<Value, readonly Dimension[]> = new Map(),
): OnnxModel {
  if (name === '') {
    throw new RangeError(
      'Cannot make a model with the name "": an ONNX graph must have a name, and this is empty; give one, or leave it out.',
    );
  }
  const names = new Map<Value, string>();
  for (const port of [...graph.inputs, ...graph.outputs]) names.set(port.value, port.name);
  const taken = new Set(names.values());
  let counter = 0;
  const nameFreely = (value: Value, prefix: string): void => {
    if (names.has(value)) return;
    let candidate: string;
    do candidate = `${prefix}${counter++}`;
    while (taken.has(candidate));
    names.set(value, candidate);
  };
  const domains = new Set<string>();
  const nameValues = ({ constants, nodes }: Graph): void => {
    for (const value of constants.keys()) nameFreely(value, 'c');
    for (const node of nodes) {
      for (const output of node.outputs) nameFreely(output, 'v');
      domains.add(node.domain);
      if (node.body === undefined) continue;
      // A body's names must differ from those around it, its ports' too, and nobody outside reads them.
      for (const { value } of node.body.inputs) nameFreely(value, 'v');
      nameValues(node.body);
    }
  };
  nameValues(graph);
  domains.delete('');
  return {
    name,
    description,
    producer: { name: 'narrows', version: '0.1.0' },
    opsets: [
      { domain: '', version: opsetVersion },
      ...[...domains].sort().map((domain) => ({ domain, version: 1 })),
    ],
    metadata,
    graph,
    names,
    dimensions,
  };
}

/**
 * Gives every output a value of its own, made by a node, since a value of an ONNX graph has one name only: an output that
 * is also an input, a constant or another output goes through Identity.
 */
export function separateOutputs(graph: Graph): Graph {
  const builder = new OnnxBuilder(valueFactory(nextId(graph)));
  builder.nodes.push(...graph.nodes);
  for (const [value, data] of graph.constants) builder.constants.set(value, data);
  const taken = new Set<Value>([...graph.inputs.map(({ value }) => value), ...graph.constants.keys()]);
  const outputs = graph.outputs.map(({ name, value }) => {
    const own = taken.has(value) ? builder.unary('Identity', value) : value;
    taken.add(own);
    return { name, value: own };
  });
  return builder.graph(graph.inputs, outputs);
}
