import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { TensorType } from '../tensor-type.ts';
import { int32s } from './rows.ts';

/** What the kernels share that read images at places which are computed. Places are float32, counted in pixels. */

export type Image = readonly [batch: number, height: number, width: number, channels: number];

/** Shape of images `[batch, height, width, channels]`. */
export function imageShape({ shape }: TensorType): Image {
  return shape as unknown as Image;
}

/** The places `0, 1, …` along one axis, in a shape whose other axes have size 1. */
export function placesAlong(builder: OnnxBuilder, shape: readonly number[]): Value {
  const count = Math.max(...shape);
  return builder.cast(int32s(builder, [...Array(count).keys()], shape), 'float32');
}

/** `⌊place + ½⌋`: JavaScript rounds halves up where ONNX's Round takes the even one. */
export function roundHalfUp(builder: OnnxBuilder, place: Value): Value {
  return builder.unary('Floor', builder.binary('Add', place, builder.scalar(0.5, 'float32')));
}

/** `0 ≤ place ≤ size - 1`, false for NaN. */
export function isWithin(builder: OnnxBuilder, place: Value, size: number): Value {
  return builder.compare(
    'And',
    builder.compare('GreaterOrEqual', place, builder.scalar(0, 'float32')),
    builder.compare('LessOrEqual', place, builder.scalar(size - 1, 'float32')),
  );
}

/** Rows and columns of places; all that is with them broadcasts together. */
export interface Places {
  /** int32 numbers of images, within the batch. */
  readonly image: Value;
  readonly rows: Value;
  readonly columns: Value;
}

/**
 * Pixels at whole places. Outside of an image they are some pixel of it, which the caller has to replace.
 * @param images `[batch, height, width, channels]`, not empty.
 * @returns `[..., channels]`, where `...` is what the places broadcast to.
 */
export function pixelsAt(builder: OnnxBuilder, images: Value, { image, rows, columns }: Places): Value {
  const [batch, height, width, channels] = imageShape(images);
  const inside = (place: Value, size: number): Value =>
    builder.cast(builder.where(isWithin(builder, place, size), place, builder.scalar(0, 'float32')), 'int32');
  const times = (value: Value, factor: number): Value =>
    builder.binary('Mul', value, builder.scalar(factor, 'int32'));
  const row = builder.binary('Add', times(image, height), inside(rows, height));
  const pixel = builder.binary('Add', times(row, width), inside(columns, width));
  const table = builder.reshape(images, [batch * height * width, channels]);
  const type = { shape: [...pixel.shape, channels], dtype: images.dtype };
  return builder.node('Gather', [table, pixel], type, { axis: 0 });
}
