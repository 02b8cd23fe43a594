import { nextId, type Graph, type Value } from './graph.ts';
import { OnnxBuilder, valueFactory } from './onnx-builder.ts';
import type { Dimension } from './onnx/onnx-model.ts';
import { type TensorData } from './tensor-type.ts';

/** A size in a graph: a number, or `{ times }` the open size. */
type Size = number | { readonly times: number };

/** Nodes and constants that are to come before those of a graph. */
export interface OpenConstants {
  /**
   * Lets nodes compute `value` from the open size, where two traces hold it as constants that differ by it alone: a vector
   * of int64, as shapes and positions are, or elements that are all equal, as zeros of the size of the batch are.
   * @returns false when they differ in another way.
   */
  compute(value: Value, data: TensorData, other: Value, otherData: TensorData): boolean;
  readonly builder: OnnxBuilder;
}

/**
 * @param graph traced at size `sizes[0]`.
 * @param source an axis that has the open size itself.
 */
export function openConstants(
  graph: Graph,
  sizes: readonly [number, number],
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
  const sizeOf = (a: number, b: number): Size | undefined => {
    if (a === b) return a;
    const times = a / sizes[0];
    return Number.isInteger(times) && times * sizes[1] === b ? { times } : undefined;
  };
  /** Sizes that explain both lists, or undefined. */
  const explain = (a: readonly number[], b: readonly number[]): Size[] | undefined => {
    const found = a.length === b.length ? a.map((size, i) => sizeOf(size, b[i])) : [undefined];
    return source === undefined || found.includes(undefined) ? undefined : (found as Size[]);
  };
  const make = (value: Value, op: string, inputs: readonly Value[], attributes = {}): true => {
    builder.nodes.push({ op, domain: '', inputs, outputs: [value], attributes, layer: builder.layer });
    return true;
  };
  return {
    builder,
    compute: (value, data, other, otherData) => {
      if (value.dtype === 'int64' && value.shape.length === 1 && data.length > 0) {
        const elements = explain(Array.from(data, Number), Array.from(otherData, Number));
        return elements !== undefined && make(value, 'Concat', elements.map(part), { axis: 0 });
      }
      const shape = explain(value.shape, other.shape);
      const isUniform = [data, otherData].every((list) => list.every((x: unknown) => Object.is(x, data[0])));
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
