import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { imageShape, isWithin, pixelsAt, placesAlong, roundHalfUp } from './sample.ts';

/**
 * Places `[boxes, crop]` that the pixels of each crop are taken from, along an axis of `size` pixels: evenly from `start`
 * to `end`, or halfway for a single pixel. The division comes last, so that a box of the whole image ends at its border
 * and not, by rounding, beyond it.
 * @param start `[boxes, 1]`, as `end`; 0 is the first pixel and 1 the last.
 */
function cropPlaces(
  builder: OnnxBuilder,
  { start, end }: { start: Value; end: Value },
  { crop, size }: { crop: number; size: number },
): Value {
  const scaled = (value: Value, numerator: number, denominator: number): Value =>
    builder.binary(
      'Div',
      builder.binary('Mul', value, builder.scalar(numerator, 'float32')),
      builder.scalar(denominator, 'float32'),
    );
  if (crop === 1) return scaled(builder.binary('Add', start, end), size - 1, 2);
  const after = placesAlong(builder, [1, crop]);
  const before = builder.binary('Sub', builder.scalar(crop - 1, 'float32'), after);
  const sum = builder.binary('Add', builder.binary('Mul', start, before), builder.binary('Mul', end, after));
  return scaled(sum, size - 1, crop - 1);
}

interface Crop {
  /** int32 `[boxes, 1, 1]`. */
  readonly image: Value;
  /** `[boxes, height, 1]`. */
  readonly rows: Value;
  /** `[boxes, 1, width]`. */
  readonly columns: Value;
}

/** Bilinear interpolation between the four pixels around each place. */
function interpolate(builder: OnnxBuilder, images: Value, { image, rows, columns }: Crop): Value {
  const top = builder.unary('Floor', rows);
  const left = builder.unary('Floor', columns);
  const bottom = builder.unary('Ceil', rows);
  const right = builder.unary('Ceil', columns);
  const fraction = (place: Value, low: Value): Value => {
    const part = builder.binary('Sub', place, low);
    return builder.reshape(part, [...part.shape, 1]);
  };
  const between = (low: Value, high: Value, part: Value): Value =>
    builder.binary('Add', low, builder.binary('Mul', builder.binary('Sub', high, low), part));
  const alongRow = (row: Value): Value =>
    between(
      pixelsAt(builder, images, { image, rows: row, columns: left }),
      pixelsAt(builder, images, { image, rows: row, columns: right }),
      fraction(columns, left),
    );
  return between(alongRow(top), alongRow(bottom), fraction(rows, top));
}

/**
 * Crops `[boxes, height, width, channels]` of images, each in the same size. Boxes are `[y1, x1, y2, x2]` with 0 and 1 at
 * the centers of the outermost pixels. What lies outside of the image is `extrapolationValue`; crops of an image that the
 * batch doesn't have are 0.
 */
const cropAndResize: Kernel<readonly [Value, Value, Value], tf.CropAndResizeAttrs> = {
  name: 'CropAndResize',
  inputs: ['image', 'boxes', 'boxInd'],
  infer: ([image, boxes], { cropSize }) => ({
    shape: [boxes.shape[0], ...cropSize, imageShape(image)[3]],
    dtype: 'float32',
  }),
  lower: (builder, [given, boxes, boxInd], { cropSize, method, extrapolationValue }, [{ shape }]) => {
    const zero = builder.scalar(0, 'float32');
    if (sizeOf(shape) === 0 || sizeOf(given.shape) === 0) return builder.expand(zero, shape);
    const images = builder.cast(given, 'float32');
    const [batch, height, width] = imageShape(images);
    const [count] = shape;
    const side = (i: number): Value => builder.slice(boxes, [1], [i], [i + 1]);
    const [cropHeight, cropWidth] = cropSize;
    const vertical = { start: side(0), end: side(2) };
    const horizontal = { start: side(1), end: side(3) };
    const rows = cropPlaces(builder, vertical, { crop: cropHeight, size: height });
    const columns = cropPlaces(builder, horizontal, { crop: cropWidth, size: width });
    const known = builder.compare(
      'And',
      builder.compare('GreaterOrEqual', boxInd, builder.scalar(0, 'int32')),
      builder.compare('Less', boxInd, builder.scalar(batch, 'int32')),
    );
    const crop: Crop = {
      image: builder.reshape(builder.where(known, boxInd, builder.scalar(0, 'int32')), [count, 1, 1]),
      rows: builder.reshape(rows, [count, cropHeight, 1]),
      columns: builder.reshape(columns, [count, 1, cropWidth]),
    };
    const pixels =
      method === 'bilinear'
        ? interpolate(builder, images, crop)
        : pixelsAt(builder, images, {
            image: crop.image,
            rows: roundHalfUp(builder, crop.rows),
            columns: roundHalfUp(builder, crop.columns),
          });
    const inside = builder.compare(
      'And',
      isWithin(builder, crop.rows, height),
      isWithin(builder, crop.columns, width),
    );
    const filled = builder.where(
      builder.reshape(inside, [count, cropHeight, cropWidth, 1]),
      pixels,
      builder.scalar(extrapolationValue, 'float32'),
    );
    return builder.where(builder.reshape(known, [count, 1, 1, 1]), filled, zero);
  },
};

export const cropAndResizeKernels: readonly AnyKernel[] = [cropAndResize];
