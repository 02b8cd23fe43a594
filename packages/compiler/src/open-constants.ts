import { nextId, type Graph, type Value } from './graph.ts';
import { OnnxBuilder, valueFactory } from './onnx-builder.ts';
import type { Dimension } from './onnx/onnx-model.ts';
import { type TensorData } from './tensor-type.ts';

/** A size in a graph: a number, or `{ times }` the open size. */
type Size = number | { readonly times: number };

/**
 * What a size in a graph is, from what it is in several traces: the same number in all, a whole multiple of the open size
 * in all, or undefined for anything else.
 *
 * @param found the size in each trace.
 * @param sizes the open size in each trace.
 */
export function explainSize(found: readonly number[], sizes: readonly number[]): Size | undefined {
  if (found.every((size) => size === found[0])) return found[0];
  const times = found[0] / sizes[0];
  return Number.isInteger(times) && found.every((size, i) => size === times * sizes[i])
    ? { times }
    : undefined;
}

/** Nodes and constants that are to come before those of a graph. */
interface OpenConstants {
  /**
   * Lets nodes compute a value from the open size, where traces hold it as constants that differ by it alone: a vector of
   * int64, as shapes and positions are, or elements that are all equal, as zeros of the size of the batch are.
   *
   * @param traced the value and its elements in each trace, of which the first one's is computed.
   * @returns false when they differ in another way.
   */
  compute(traced: readonly (readonly [Value, TensorData])[]): boolean;
  readonly builder: OnnxBuilder;
}

/**
 * What a graph computes from its open size before all else.
 *
 * @param graph the first trace.
 * @param sizes the open size in each trace.
 * @param source an axis that has the open size itself.
 */
export function openConstants(
  graph: Graph,
  sizes: readonly number[],
  source: { readonly value: Value; readonly axis: number } | undefined,
): OpenConstants {
  const builder = new OnnxBuilder(valueFactory(nextId(graph)));
  let open: Value | undefined;
  const part = (size: Size): Value => {
    if (typeof size === 'number') return builder.int64s([size]);
    const { value, axis } = source!;
    const one = { shape: [1], dtype: 'int64' } as const;
    open ??= builder.node('Shape', [value], one, { start: axis, end: axis + 1 });
    return size.times === 1 ? open : builder.binary('Mul', open, builder.int64s([size.times]));
  };
  /** Sizes that explain the lists of all traces, or undefined. */
  const explain = ([first, ...others]: readonly (readonly number[])[]): Size[] | undefined => {
    if (source === undefined || others.some(({ length }) => length !== first.length)) return undefined;
    const found = first.map((_, i) =>
      explainSize(
        [first, ...others].map((list) => list[i]),
        sizes,
      ),
    );
    return found.includes(undefined) ? undefined : (found as Size[]);
  };
  const make = (value: Value, op: string, inputs: readonly Value[], attributes = {}): true => {
    builder.nodes.push({ op, domain: '', inputs, outputs: [value], attributes, layer: builder.layer });
    return true;
  };
  return {
    builder,
    compute: (traced) => {
      const [[value, data]] = traced;
      if (value.dtype === 'int64' && value.shape.length === 1 && data.length > 0) {
        const elements = explain(traced.map(([, list]) => Array.from(list, Number)));
        return elements !== undefined && make(value, 'Concat', elements.map(part), { axis: 0 });
      }
      const shape = explain(traced.map(([type]) => type.shape));
      const isUniform = traced.every(([, list]) => list.every((x: unknown) => Object.is(x, data[0])));
      if (shape === undefined || data.length === 0 || !isUniform) return false;
      const element = builder.constant(data.slice(0, 1), { shape: [], dtype: value.dtype });
      const { length } = shape;
      const target = builder.node(
        'Concat',
        shape.map(part),
        { shape: [length], dtype: 'int64' },
        { axis: 0 },
      );
      return make(value, 'Expand', [element, target]);
    },
  };
}

/** The first input with an axis of the open size itself, if any. */
export function openAxis(
  { inputs }: Graph,
  dimensions: ReadonlyMap<Value, readonly Dimension[]>,
  name: string,
): { value: Value; axis: number } | undefined {
  for (const { value } of inputs) {
    const axis = dimensions.get(value)?.indexOf(name) ?? -1;
    if (axis >= 0) return { value, axis };
  }
  return undefined;
}
