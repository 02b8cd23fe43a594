import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s } from './rows.ts';
import { imageShape, isWithin, pixelsAt, placesAlong, roundHalfUp, type Places } from './sample.ts';

/**
 * Projective transforms of images. The semantics are TensorFlow's:
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/kernels/image/image_ops.h. Places are computed in
 * float32, where tfjs has float64. tfjs 4.22 `cpu` transforms the first image of a batch only; here it is all of them.
 */

type Arithmetic = (operator: 'Add' | 'Sub' | 'Mul' | 'Div', a: Value, b: Value | number) => Value;

function arithmetic(builder: OnnxBuilder): Arithmetic {
  return (operator, a, b) =>
    builder.binary(operator, a, typeof b === 'number' ? builder.scalar(b, 'float32') : b);
}

/** Places along an axis of `size` pixels, brought back from beyond its ends as the mode says. */
function mapPlace(
  builder: OnnxBuilder,
  place: Value,
  { size, mode }: { size: number; mode: tf.TransformAttrs['fillMode'] },
): Value {
  const compute = arithmetic(builder);
  const clamp = (value: Value): Value =>
    builder.node('Clip', [value, builder.scalar(0, 'float32'), builder.scalar(size - 1, 'float32')], value);
  const wholes = (value: Value, period: number): Value =>
    builder.unary('Floor', compute('Div', value, period));
  if (mode === 'constant') return place;
  if (mode === 'nearest' || size <= 1) return clamp(place);
  const below = builder.compare('Less', place, builder.scalar(0, 'float32'));
  const above = builder.compare('Greater', place, builder.scalar(size - 1, 'float32'));
  const opposite = builder.unary('Neg', place);
  const choose = (left: Value, right: Value): Value =>
    clamp(builder.where(below, left, builder.where(above, right, place)));
  if (mode === 'wrap') {
    // The period of tfjs and TensorFlow: counted with size - 1, moved by size.
    const left = compute('Add', place, compute('Mul', compute('Add', wholes(opposite, size - 1), 1), size));
    return choose(left, compute('Sub', place, compute('Mul', wholes(place, size - 1), size)));
  }
  const period = 2 * size;
  const near = compute('Add', compute('Mul', wholes(opposite, period), period), place);
  const left = builder.where(
    builder.compare('Less', near, builder.scalar(-size, 'float32')),
    compute('Add', near, period),
    compute('Sub', builder.unary('Neg', near), 1),
  );
  const rest = compute('Sub', place, compute('Mul', wholes(place, period), period));
  const right = builder.where(
    builder.compare('GreaterOrEqual', rest, builder.scalar(size, 'float32')),
    compute('Sub', compute('Add', builder.unary('Neg', rest), period), 1),
    rest,
  );
  return choose(left, right);
}

interface Reader {
  readonly builder: OnnxBuilder;
  readonly images: Value;
  /** What is read outside of the image. */
  readonly fill: Value;
}

function readOrFill({ builder, images, fill }: Reader, places: Places): Value {
  const [, height, width] = imageShape(images);
  const inside = builder.compare(
    'And',
    isWithin(builder, places.rows, height),
    isWithin(builder, places.columns, width),
  );
  return builder.where(
    builder.reshape(inside, [...inside.shape, 1]),
    pixelsAt(builder, images, places),
    fill,
  );
}

function interpolate(reader: Reader, { image, rows, columns }: Places): Value {
  const { builder } = reader;
  const compute = arithmetic(builder);
  const top = builder.unary('Floor', rows);
  const left = builder.unary('Floor', columns);
  const ends = (low: Value): [Value, Value] => [low, compute('Add', low, 1)];
  const weigh = (
    place: Value,
    [low, high]: readonly [Value, Value],
    [a, b]: readonly [Value, Value],
  ): Value => {
    const share = (value: Value): Value => builder.reshape(value, [...value.shape, 1]);
    return compute(
      'Add',
      compute('Mul', share(compute('Sub', high, place)), a),
      compute('Mul', share(compute('Sub', place, low)), b),
    );
  };
  const alongRow = (row: Value): Value =>
    weigh(columns, ends(left), [
      readOrFill(reader, { image, rows: row, columns: left }),
      readOrFill(reader, { image, rows: row, columns: compute('Add', left, 1) }),
    ]);
  const [, bottom] = ends(top);
  return weigh(rows, [top, bottom], [alongRow(top), alongRow(bottom)]);
}

/**
 * Images `[batch, height, width, channels]` in which the pixel at column x and row y is that of the input at
 * `((a·x + b·y + c) / p, (d·x + e·y + f) / p)` with `p = g·x + h·y + 1`. Rows of `transforms` are `[a, …, h]`, one for
 * each image or one for all.
 */
const transform: Kernel<readonly [Value, Value], tf.TransformAttrs> = {
  name: 'Transform',
  inputs: ['image', 'transforms'],
  infer: ([image], { outputShape }) => {
    const [batch, height, width, channels] = imageShape(image);
    return { shape: [batch, ...(outputShape ?? [height, width]), channels], dtype: image.dtype };
  },
  lower: (builder, [images, transforms], { interpolation, fillMode, fillValue }, [{ shape }]) => {
    const fill = builder.scalar(fillValue, 'float32');
    if (sizeOf(shape) === 0 || sizeOf(images.shape) === 0) return builder.expand(fill, shape);
    const compute = arithmetic(builder);
    const [batch, height, width] = imageShape(images);
    const x = placesAlong(builder, [1, 1, shape[2]]);
    const y = placesAlong(builder, [1, shape[1], 1]);
    const entry = (i: number): Value =>
      builder.reshape(builder.slice(transforms, [1], [i], [i + 1]), [transforms.shape[0], 1, 1]);
    const linear = (i: number, constant: Value | number): Value =>
      compute('Add', compute('Add', compute('Mul', entry(i), x), compute('Mul', entry(i + 1), y)), constant);
    const projection = linear(6, 1);
    const place = (i: number, size: number): Value =>
      mapPlace(builder, compute('Div', linear(i, entry(i + 2)), projection), { size, mode: fillMode });
    const image = int32s(builder, [...Array(batch).keys()], [batch, 1, 1]);
    const columns = place(0, width);
    const rows = place(3, height);
    const reader = { builder, images, fill };
    const pixels =
      interpolation === 'nearest'
        ? readOrFill(reader, {
            image,
            rows: roundHalfUp(builder, rows),
            columns: roundHalfUp(builder, columns),
          })
        : interpolate(reader, { image, rows, columns });
    const infinite = builder.compare('Equal', projection, builder.scalar(0, 'float32'));
    return builder.where(builder.reshape(infinite, [...infinite.shape, 1]), fill, pixels);
  },
};

export const transformKernels: readonly AnyKernel[] = [transform];
