import { formatDistribution, type Distribution } from './random-inputs.ts';
import { formatType, type TensorData, type TensorType } from './tensor-type.ts';

/** A tensor in a graph: made once, by a node, an input or a constant; used any number of times. */
export interface Value extends TensorType {
  readonly id: number;
}

/** An attribute of a node. A plain number is an integer; a real number is wrapped by {@link float}. */
export type Attribute = number | boolean | string | null | readonly (number | string)[] | Float;

/** A real-valued attribute, kept apart from integers because ONNX does. */
interface Float {
  readonly float: number;
}

export function float(value: number): Float {
  return { float: value };
}

export type Attributes = Readonly<Record<string, Attribute | undefined>>;

/**
 * One operation. In a traced graph `op` is a tfjs kernel and `domain` is `tfjs`; in a lowered graph `op` is an ONNX
 * operator and `domain` is its operator set (`''` for the standard one).
 */
export interface Node {
  readonly op: string;
  readonly domain: string;
  /** `null` stands for an optional input that is left out. */
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  /** Name of the layer that was being applied when the node was recorded; `''` outside of layers. */
  readonly layer: string;
  /** The tfjs kernel that a node of a lowered graph comes from, where it comes from one. */
  readonly kernel?: string | undefined;
  /** What a `Loop` runs at each turn. It may read values of the graph around it. */
  readonly body?: Graph;
}

/** A named input or output of a graph. */
export interface Port {
  readonly name: string;
  readonly value: Value;
}

/** An input of a graph. One with a distribution is to be drawn anew for every run. */
export interface InputPort extends Port {
  readonly distribution?: Distribution;
}

/**
 * A function on tensors as data: nodes in an order in which every value is made before it is used. Graphs are not
 * changed in place; every pass returns a new one that shares values and nodes with the old.
 */
export interface Graph {
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<Value, TensorData>;
}

/** How many nodes (and graph outputs) read each value. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value | null): void => {
    if (value !== null) uses.set(value, (uses.get(value) ?? 0) + 1);
  };
  for (const node of graph.nodes) node.inputs.forEach(use);
  for (const { value } of graph.outputs) use(value);
  return uses;
}

/** The node that makes each value. Inputs and constants have none. */
export function producers(graph: Graph): Map<Value, Node> {
  const made = new Map<Value, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) made.set(output, node);
  return made;
}

/** The first id that no value of the graph has. */
export function nextId(graph: Graph): number {
  let last = -1;
  const see = ({ id }: Value): void => {
    last = Math.max(last, id);
  };
  for (const { value } of graph.inputs) see(value);
  for (const value of graph.constants.keys()) see(value);
  for (const node of graph.nodes) node.outputs.forEach(see);
  return last + 1;
}

/**
 * Text of a graph, one line a node, with values numbered in order of appearance, so that equal graphs print equally:
 *
 *     %2 = BatchMatMul(%0, %1) {transposeA: false, transposeB: false} : float32[64,32]  # dense
 */
export function printGraph(graph: Graph): string {
  return printLines(graph, new Map()).join('\n');
}

/** @param names those of the graph around, if it is a body; they go on in it. */
function printLines(graph: Graph, names: Map<Value, string>): string[] {
  const nameOf = (value: Value | null): string => {
    if (value === null) return '_';
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = `%${names.size}`;
    names.set(value, name);
    return name;
  };
  const lines: string[] = [];
  for (const { name, value, distribution } of graph.inputs) {
    const drawn = distribution === undefined ? '' : ` ~ ${formatDistribution(distribution)}`;
    lines.push(`${nameOf(value)} = input "${name}" : ${formatType(value)}${drawn}`);
  }
  const used = countUses(graph);
  for (const [value, data] of graph.constants) {
    if (!used.has(value)) continue;
    lines.push(`${nameOf(value)} = constant ${printData(data)} : ${formatType(value)}`);
  }
  for (const node of graph.nodes) {
    const outputs = node.outputs.map(nameOf).join(', ');
    const operator = node.domain === '' || node.domain === 'tfjs' ? node.op : `${node.domain}.${node.op}`;
    const types = node.outputs.map(formatType).join(', ');
    const origin = node.layer === '' ? '' : `  # ${node.layer}`;
    lines.push(
      `${outputs} = ${operator}(${node.inputs.map(nameOf).join(', ')})${printAttributes(node.attributes)} : ${types}${origin}`,
    );
    if (node.body !== undefined) lines.push(...printLines(node.body, names).map((line) => `  ${line}`));
  }
  for (const { name, value } of graph.outputs) lines.push(`output "${name}" = ${nameOf(value)}`);
  return lines;
}

/** Attributes as text, for comparing: equal for the same names and values only, with 0 and -0, infinities and NaN all apart. */
export function attributesKey(attributes: Attributes): string {
  let text = '';
  for (const name in attributes) text += `;${name}=${printAttribute(attributes[name])}`;
  return text;
}

function printAttributes(attributes: Attributes): string {
  const parts = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}: ${printAttribute(value)}`);
  return parts.length === 0 ? '' : ` {${parts.join(', ')}}`;
}

function printAttribute(value: Attribute | undefined): string {
  // JSON has no words for -0, infinities and NaN: it takes one for 0 and the others for null.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(printAttribute).join()}]`;
  if (value && typeof value === 'object' && 'float' in value) return `${printAttribute(value.float)}f`;
  return JSON.stringify(value);
}

function printData(data: TensorData): string {
  const shown = Array.from(data.subarray(0, 6) as ArrayLike<number | bigint>, String).join(', ');
  return data.length > 6 ? `[${shown}, …]` : `[${shown}]`;
}
