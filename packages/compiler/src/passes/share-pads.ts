import { countUses, type Graph, type Node, type Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { rewrite } from '../rewrite.ts';
import type { TensorData } from '../tensor-type.ts';

/**
 * Pads a tensor once that several nodes pad by different amounts to slice it: by the most that any of them does. Slices
 * that were of different paddings are then of one, and those that are the same can be shared: the four phases of a pool
 * take 36 slices for the gradient of a 3×3 filter, and 16 of these are different.
 */
export function sharePads(graph: Graph): Graph {
  const constant = (value: Value | null | undefined): TensorData | undefined =>
    value ? graph.constants.get(value) : undefined;
  const groups = groupPads(graph, constant);
  const shared = new Map<Value, { padded: Value; shift: readonly number[] }>();
  return rewrite(graph, (node, { builder }) => {
    if (node.domain !== '') return undefined;
    const group = node.op === 'Pad' ? groups.get(node.outputs[0]) : undefined;
    if (group !== undefined) {
      const known = shared.get(group.pads[0].output);
      const padded = known?.padded ?? builder.pad(node.inputs[0]!, group.before, group.after);
      const own = group.pads.find(({ output }) => output === node.outputs[0])!;
      shared.set(own.output, { padded, shift: group.before.map((size, axis) => size - own.before[axis]) });
      return undefined;
    }
    const source = node.op === 'Slice' ? shared.get(node.inputs[0]!) : undefined;
    return source === undefined ? undefined : [shiftSlice(builder, node, source, constant)];
  });
}

/** A padding with zeros, by how much before and after along each axis. */
interface ZeroPad {
  readonly output: Value;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

interface PadGroup {
  readonly pads: readonly ZeroPad[];
  /** The most of all, along each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

type Constant = (value: Value | null | undefined) => TensorData | undefined;

/** Paddings with zeros that are read by forward slices only, with the others of the same tensor; by what they give. */
function groupPads({ nodes, outputs }: Graph, constant: Constant): Map<Value, PadGroup> {
  const uses = countUses({ inputs: [], outputs, nodes, constants: new Map() });
  const slices = new Map<Value, number>();
  for (const { op, domain, inputs } of nodes) {
    const [source, ...places] = inputs;
    if (op === 'Slice' && domain === '' && source && places.length === 4 && countForwards(places, constant)) {
      slices.set(source, (slices.get(source) ?? 0) + 1);
    }
  }
  const bySource = new Map<Value, ZeroPad[]>();
  for (const { op, domain, inputs, outputs: made, attributes } of nodes) {
    const [output] = made;
    const amounts = op === 'Pad' && domain === '' ? constant(inputs[1]) : undefined;
    const fill = inputs[2] ? constant(inputs[2])?.[0] : 0;
    if (amounts === undefined || inputs.length > 3 || attributes['mode'] !== 'constant') continue;
    if (Number(fill) !== 0 || slices.get(output) !== uses.get(output)) continue;
    const sizes = Array.from(amounts as BigInt64Array, Number);
    const rank = sizes.length / 2;
    const pads = bySource.get(inputs[0]!) ?? [];
    pads.push({ output, before: sizes.slice(0, rank), after: sizes.slice(rank) });
    bySource.set(inputs[0]!, pads);
  }
  const groups = new Map<Value, PadGroup>();
  for (const pads of bySource.values()) {
    if (pads.length === 1) continue;
    const most = (side: 'before' | 'after'): number[] =>
      pads[0][side].map((_, axis) => Math.max(...pads.map((pad) => pad[side][axis])));
    const group = { pads, before: most('before'), after: most('after') };
    for (const { output } of pads) groups.set(output, group);
  }
  return groups;
}

/**
 * Whether starts, ends, axes and steps of a slice are known and all count from the front: a negative one counts from the
 * end, which is elsewhere in the tensor with more padding, or walks backwards to an end before the first element.
 */
function countForwards(places: readonly (Value | null)[], constant: Constant): boolean {
  return places.every((value) =>
    (constant(value) as BigInt64Array | undefined)?.every((place) => place >= 0n),
  );
}

/** The same elements out of the tensor with more padding. */
function shiftSlice(
  builder: OnnxBuilder,
  { inputs, outputs }: Node,
  { padded, shift }: { padded: Value; shift: readonly number[] },
  constant: Constant,
): Value {
  const [starts, ends, axes, steps] = inputs
    .slice(1)
    .map((value) => Array.from(constant(value) as BigInt64Array, Number));
  // An end may lie beyond the tensor, whose end is no longer that of the tensor with more padding.
  const stops = ends.map((end, i) => Math.min(end, inputs[0]!.shape[axes[i]]) + shift[axes[i]]);
  const begins = starts.map((start, i) => start + shift[axes[i]]);
  const untouched = padded.shape.flatMap((size, axis) =>
    axes.includes(axis) || size === outputs[0].shape[axis] ? [] : [axis],
  );
  return builder.slice(
    padded,
    [...axes, ...untouched],
    [...begins, ...untouched.map((axis) => shift[axis])],
    [...stops, ...untouched.map((axis) => shift[axis] + outputs[0].shape[axis])],
    [...steps, ...untouched.map(() => 1)],
  );
}
