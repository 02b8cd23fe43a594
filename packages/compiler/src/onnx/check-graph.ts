import type { Graph, Value } from '../graph.ts';
import { formatType, sizeOf } from '../tensor-type.ts';

/**
 * Checks what ONNX demands of a graph's structure, so that a fault of a pass is found where it arises and not as a
 * message of a runtime: every value is defined once and before its use, names of ports are unique and not empty, and
 * constants have as many elements as their shape. The same holds of the body of a loop, which may read what was defined
 * around it.
 * @throws Error that names the node or port at fault.
 */
export function checkGraph(graph: Graph, stage: string): void {
  checkIn(graph, stage, new Set());
}

/** @param around values that were defined before the graph, around it. */
function checkIn(graph: Graph, stage: string, around: ReadonlySet<Value>): void {
  const fail = (what: string): never => {
    throw new Error(
      `Cannot use the graph after "${stage}": ${what}. This is a fault of that stage, please report it.`,
    );
  };
  const defined = new Set<Value>(around);
  const define = (value: Value, by: string): void => {
    if (defined.has(value)) fail(`${by} defines a value that was defined before`);
    defined.add(value);
  };
  for (const { name, value } of graph.inputs) define(value, `input "${name}"`);
  for (const [value, data] of graph.constants) {
    define(value, 'a constant');
    if (data.length !== sizeOf(value.shape))
      fail(`a constant of ${formatType(value)} has ${data.length} elements`);
  }
  graph.nodes.forEach((node, i) => {
    const label = `node ${i} (${node.op}${node.layer === '' ? '' : ` of layer "${node.layer}"`})`;
    node.inputs.forEach((value, position) => {
      if (value !== null && !defined.has(value))
        fail(`${label} reads input ${position} before it is defined`);
    });
    if (node.body !== undefined) checkIn(node.body, stage, defined);
    for (const output of node.outputs) define(output, label);
  });
  const names = new Set<string>();
  for (const { name, value } of [...graph.inputs, ...graph.outputs]) {
    if (name === '' || names.has(name)) fail(`"${name}" is not a unique name of an input or output`);
    names.add(name);
    if (!defined.has(value)) fail(`output "${name}" is never defined`);
  }
}
