import { attributesKey, printGraph, type Graph, type Node, type Value } from './graph.ts';
import { explainSize, openAxis, openConstants } from './open-constants.ts';
import { formatType, type TensorData } from './tensor-type.ts';
import type { Dimension } from './onnx/onnx-model.ts';

/** A graph of a function at one size of its open axis. */
export interface SizedGraph {
  readonly size: number;
  readonly graph: Graph;
}

/**
 * Makes one graph for every size of a named axis out of graphs of the same function, traced at several sizes. Where all
 * agree the graph is taken not to depend on the size; where shapes differ in proportion to it, that axis is the named one
 * (times a whole number); a Reshape whose targets differ in one place infers that place; and other shapes, and zeros of
 * such a shape, are computed from the size of an input.
 *
 * This is sounder than guessing which 64 in a graph is the batch: a size that slips into the arithmetic, as in a mean
 * over the batch, shows up as a difference that no axis explains. It is as sound as the sizes are far apart: what is the
 * same at all of them, and differs at another, goes unseen.
 *
 * @param traces the first one's graph is returned, with its Reshape targets generalised.
 * @throws RangeError when the function depends on the size in any other way.
 */
export function unify(
  traces: readonly [SizedGraph, ...SizedGraph[]],
  name: string,
): { graph: Graph; dimensions: Map<Value, Dimension[]> } {
  const sizes = traces.map(({ size }) => size);
  const [first, ...others] = traces.map(({ graph }) => graph);
  const dimensions = new Map<Value, Dimension[]>();
  const fail = (what: string, why = ''): never => {
    throw new RangeError(
      `Cannot leave the size "${name}" open: ${what} depends on it in a way that no axis explains${why}; give a number instead.`,
    );
  };
  const mapDimensions = (values: readonly Value[], what: string): void => {
    const [{ shape, dtype }] = values;
    if (values.some((other) => other.shape.length !== shape.length || other.dtype !== dtype)) fail(what);
    const mapped = shape.map((_, axis): Dimension => {
      const found = values.map((value) => value.shape[axis]);
      const size = explainSize(found, sizes);
      if (size === undefined) fail(what, ` (a size is ${found.join(', ')} where it is ${sizes.join(', ')})`);
      if (typeof size !== 'object') return found[0];
      return size.times === 1 ? name : `${size.times}*${name}`;
    });
    if (mapped.some((size) => typeof size === 'string')) dimensions.set(values[0], mapped);
  };
  const namesOf = ({ inputs, outputs }: Graph): string =>
    JSON.stringify([inputs, outputs].map((ports) => ports.map((port) => port.name)));
  if (others.some((other) => namesOf(other) !== namesOf(first))) fail('what goes in or comes out');
  if (
    others.some(
      ({ nodes, constants }) =>
        nodes.length !== first.nodes.length || constants.size !== first.constants.size,
    )
  ) {
    fail('the number of nodes or constants');
  }
  /** What stands in the other graphs for a value of the first. */
  const counterparts = new Map<Value | null, readonly (Value | null)[]>([[null, others.map(() => null)]]);
  const isCounterpart = (value: Value | null, found: readonly (Value | null)[]): boolean =>
    counterparts.get(value)!.every((counterpart, i) => counterpart === found[i]);

  first.inputs.forEach(({ name: input, value }, i) => {
    const values = others.map(({ inputs }) => inputs[i].value);
    counterparts.set(value, values);
    mapDimensions([value, ...values], `input "${input}"`);
  });
  const targets = reshapeTargets(first);
  const computed = openConstants(first, sizes, openAxis(first, dimensions, name));
  const constants = new Map(first.constants);
  const otherConstants = others.map((other) => [...other.constants]);
  [...first.constants].forEach(([value, data], i) => {
    const found = otherConstants.map((list) => list[i]);
    counterparts.set(
      value,
      found.map(([other]) => other),
    );
    if (found.every(([type, other]) => formatType(type) === formatType(value) && sameData(other, data)))
      return;
    const all = [[value, data] as const, ...found];
    const target = targets.has(value)
      ? generalTarget(all.map(([, elements]) => elements as BigInt64Array))
      : undefined;
    if (target !== undefined) constants.set(value, target);
    else if (computed.compute(all)) constants.delete(value);
    else fail(`a constant of ${formatType(value)} used by ${usersOf(first, value)}`);
  });
  first.nodes.forEach((node, i) => {
    const found = others.map(({ nodes }) => nodes[i]);
    const label = `${node.op} of layer "${node.layer}"`;
    const wired = node.inputs.every((value, k) =>
      isCounterpart(
        value,
        found.map(({ inputs }) => inputs[k]),
      ),
    );
    if (!wired || found.some((other) => other.op !== node.op || !sameAttributes(node, other))) fail(label);
    node.outputs.forEach((output, k) => {
      const values = found.map(({ outputs }) => outputs[k]);
      counterparts.set(output, values);
      mapDimensions([output, ...values], label);
    });
  });
  first.outputs.forEach(({ name: output, value }, i) => {
    const found = others.map(({ outputs }) => outputs[i].value);
    if (!isCounterpart(value, found)) fail(`output "${output}"`);
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

/** The target that infers the one place in which targets differ, if it is one. */
function generalTarget([first, ...others]: readonly BigInt64Array[]): BigInt64Array | undefined {
  if (others.some(({ length }) => length !== first.length)) return undefined;
  const open = [...first.keys()].filter((axis) => others.some((other) => other[axis] !== first[axis]));
  if (open.length !== 1) return undefined;
  const target = first.slice();
  target[open[0]] = -1n;
  return target;
}

function sameData(a: TensorData, b: TensorData): boolean {
  // Traces share the weights of a model, which may be millions.
  if (a === b) return true;
  return a.length === b.length && (a as Float32Array).every((element, i) => Object.is(element, b[i]));
}

function sameAttributes(a: Node, b: Node): boolean {
  return attributesKey(a.attributes) === attributesKey(b.attributes);
}

function usersOf(graph: Graph, value: Value): string {
  const users = graph.nodes.filter((node) => node.inputs.includes(value));
  return users.length === 0 ? printGraph({ ...graph, nodes: [] }) : users.map(({ op }) => op).join(', ');
}
