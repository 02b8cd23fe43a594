import { attributesKey, printGraph, type Graph, type Node, type Value } from './graph.ts';
import { openAxis, openConstants } from './open-constants.ts';
import { formatType, type TensorData } from './tensor-type.ts';
import type { Dimension } from './onnx/onnx-model.ts';

/**
 * Makes one graph for every size of a named axis out of two graphs of the same function, traced at two sizes. Where the
 * two agree the graph does not depend on the size; where a shape differs in proportion to it, that axis is the named one
 * (times a whole number); a Reshape whose target differs in one place infers that place; and other shapes, and zeros of
 * such a shape, are computed from the size of an input.
 *
 * This is sounder than guessing which 64 in a graph is the batch: a size that slips into the arithmetic, as in a mean
 * over the batch, shows up as a difference that no axis explains.
 *
 * @param first traced at size `sizes[0]`, and the graph that is returned, with its Reshape targets generalised.
 * @param second traced at size `sizes[1]`.
 * @throws RangeError when the function depends on the size in any other way.
 */
export function unify(
  first: Graph,
  second: Graph,
  name: string,
  sizes: readonly [number, number],
): { graph: Graph; dimensions: Map<Value, Dimension[]> } {
  const dimensions = new Map<Value, Dimension[]>();
  const fail = (what: string): never => {
    throw new RangeError(
      `Cannot leave the size "${name}" open: ${what} depends on it in a way that no axis explains; give a number instead.`,
    );
  };
  const mapDimensions = (a: Value, b: Value, what: string): void => {
    if (a.shape.length !== b.shape.length || a.dtype !== b.dtype) fail(what);
    const mapped = a.shape.map((size, axis): Dimension => {
      const other = b.shape[axis];
      if (size === other) return size;
      const factor = size / sizes[0];
      if (!Number.isInteger(factor) || factor * sizes[1] !== other) fail(what);
      return factor === 1 ? name : `${factor}*${name}`;
    });
    if (mapped.some((size) => typeof size === 'string')) dimensions.set(a, mapped);
  };

  first.inputs.forEach((port, i) => {
    mapDimensions(port.value, second.inputs[i].value, `input "${port.name}"`);
  });
  if (first.nodes.length !== second.nodes.length || first.constants.size !== second.constants.size) {
    fail('the number of nodes or constants');
  }
  const counterpart = new Map<Value, Value>();
  first.inputs.forEach((port, i) => counterpart.set(port.value, second.inputs[i].value));
  const targets = reshapeTargets(first);
  const computed = openConstants(first, sizes, openAxis(first, dimensions, name));
  const constants = new Map(first.constants);
  const secondConstants = [...second.constants];
  [...first.constants].forEach(([value, data], i) => {
    const [other, otherData] = secondConstants[i];
    counterpart.set(value, other);
    if (formatType(value) === formatType(other) && sameData(data, otherData)) return;
    const target = targets.has(value)
      ? generalTarget(data as BigInt64Array, otherData as BigInt64Array)
      : undefined;
    if (target !== undefined) constants.set(value, target);
    else if (computed.compute(value, data, other, otherData)) constants.delete(value);
    else fail(`a constant of ${formatType(value)} used by ${usersOf(first, value)}`);
  });
  first.nodes.forEach((node, i) => {
    const other = second.nodes[i];
    const label = `${node.op} of layer "${node.layer}"`;
    const wired = node.inputs.every(
      (value, k) => value === null || counterpart.get(value) === other.inputs[k],
    );
    if (node.op !== other.op || !wired || !sameAttributes(node, other)) fail(label);
    node.outputs.forEach((output, k) => {
      counterpart.set(output, other.outputs[k]);
      mapDimensions(output, other.outputs[k], label);
    });
  });
  const { builder } = computed;
  const graph = {
    ...first,
    nodes: [...builder.nodes, ...first.nodes],
    constants: new Map([...constants, ...builder.constants]),
  };
  return { graph, dimensions };
}

/** Constants that are used as targets of Reshape and nothing else. */
function reshapeTargets(graph: Graph): Set<Value> {
  const targets = new Set<Value>();
  const others = new Set<Value>(graph.outputs.map(({ value }) => value));
  for (const node of graph.nodes) {
    node.inputs.forEach((value, position) => {
      if (value === null) return;
      (node.op === 'Reshape' && position === 1 ? targets : others).add(value);
    });
  }
  for (const value of others) targets.delete(value);
  return targets;
}

function generalTarget(a: BigInt64Array, b: BigInt64Array): BigInt64Array | undefined {
  if (a.length !== b.length) return undefined;
  const open = [...a.keys()].filter((axis) => a[axis] !== b[axis]);
  if (open.length !== 1) return undefined;
  const target = a.slice();
  target[open[0]] = -1n;
  return target;
}

function sameData(a: TensorData, b: TensorData): boolean {
  return a.length === b.length && (a as Float32Array).every((element, i) => Object.is(element, b[i]));
}

function sameAttributes(a: Node, b: Node): boolean {
  return attributesKey(a.attributes) === attributesKey(b.attributes);
}

function usersOf(graph: Graph, value: Value): string {
  const users = graph.nodes.filter((node) => node.inputs.includes(value));
  return users.length === 0 ? printGraph({ ...graph, nodes: [] }) : users.map(({ op }) => op).join(', ');
}
