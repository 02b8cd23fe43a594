import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf, toTensorData } from '../tensor-type.ts';

/** What gathering and scattering kernels share: a tensor as a matrix of rows, and numbers of rows. */

/** A constant of int32; a vector unless `shape` says otherwise. */
export function int32s(
  builder: OnnxBuilder,
  values: readonly number[],
  shape: readonly number[] = [values.length],
): Value {
  return builder.constant(toTensorData(values, 'int32'), { shape, dtype: 'int32' });
}

/**
 * Numbers of rows `[n]` out of positions `[..., rank]` along the leading axes: `Σ positions·strides`. As in tfjs `cpu`,
 * only the number is checked later, so that a position outside of its axis may stand for a row elsewhere.
 * @param strides one for each of the `rank` axes, counted in rows.
 */
export function rowNumbers(builder: OnnxBuilder, positions: Value, strides: readonly number[]): Value {
  const count =
    strides.length === 0 ? sizeOf(positions.shape.slice(0, -1)) : sizeOf(positions.shape) / strides.length;
  if (strides.length === 1) return builder.reshape(positions, [count]);
  const matrix = builder.reshape(positions, [count, strides.length]);
  const weights = int32s(builder, strides, [strides.length, 1]);
  const rows = builder.node('MatMul', [matrix, weights], { shape: [count, 1], dtype: 'int32' });
  return builder.reshape(rows, [count]);
}

/**
 * Numbers of rows among `size` in which a negative one is replaced by `size`, which no row has. tfjs throws for both;
 * ONNX would read a negative one from the end.
 */
export function withoutNegative(builder: OnnxBuilder, rows: Value, size: number): Value {
  const negative = builder.compare('Less', rows, builder.scalar(0, rows.dtype));
  return builder.where(negative, builder.scalar(size, rows.dtype), rows);
}

/**
 * Writes rows `[n, width]` into the rows of a matrix `[size, width]`; of several for the same row the last one counts, or
 * their sum for `reduction: 'add'`. The run fails when a number is `size` or more.
 *
 * Element by element, though ONNX's ScatterND takes rows: onnxruntime shares its rows among threads, which lose sums and
 * order where two meet (https://github.com/microsoft/onnxruntime/issues/23396). One axis is what ScatterElements is
 * fastest on, some 4 ns an element.
 * @param rows int32 `[n]`, not negative, see {@link withoutNegative}.
 */
export function scatterRows(
  builder: OnnxBuilder,
  { data, rows, updates, reduction }: { data: Value; rows: Value; updates: Value; reduction?: 'add' },
): Value {
  const [size, width] = data.shape;
  const count = rows.shape[0] * width;
  if (count === 0) return data;
  const flat = { shape: [size * width], dtype: data.dtype };
  const elements = width === 1 ? rows : builder.reshape(elementsOf(builder, rows, width), [count]);
  const inputs = [builder.reshape(data, flat.shape), elements, builder.reshape(updates, [count])];
  const attributes = { axis: 0, reduction };
  return builder.reshape(builder.node('ScatterElements', inputs, flat, attributes), data.shape);
}

/** Numbers of the elements `[n, width]` of rows `[n]`. */
function elementsOf(builder: OnnxBuilder, rows: Value, width: number): Value {
  const first = builder.binary(
    'Mul',
    builder.reshape(rows, [rows.shape[0], 1]),
    builder.scalar(width, 'int32'),
  );
  return builder.binary('Add', first, int32s(builder, [...Array(width).keys()]));
}
