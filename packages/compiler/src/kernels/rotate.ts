import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { sizeOf } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s } from './rows.ts';
import { imageShape, type Image } from './sample.ts';

/** Number of the pixel that each pixel of a rotated image is a copy of, or -1 where there is none. */
function rotatedSources(
  [, height, width]: Image,
  { radians, center }: Pick<tf.RotateWithOffsetAttrs, 'radians' | 'center'>,
): number[] {
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const sine = Math.sin(radians);
  const cosine = Math.cos(radians);
  return Array.from({ length: height * width }, (_, pixel) => {
    const x = (pixel % width) - centerX;
    const y = Math.floor(pixel / width) - centerY;
    const column = Math.round(x * cosine - y * sine + centerX);
    const row = Math.round(x * sine + y * cosine + centerY);
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
  });
}

/** The color of what lies outside of the image; that of a fourth channel, opacity, is 255 unless it is one for all. */
function fillColor(fillValue: tf.RotateWithOffsetAttrs['fillValue'], channels: number): number[] {
  return Array.from({ length: channels }, (_, channel) => {
    if (typeof fillValue === 'number') return fillValue;
    return channel === 3 ? 255 : fillValue[channel];
  });
}

/**
 * Images `[batch, height, width, channels]` rotated about a point. The angle is known while tracing, so every pixel is a
 * copy of one that is known too.
 */
const rotateWithOffset: Kernel<readonly [Value], tf.RotateWithOffsetAttrs> = {
  name: 'RotateWithOffset',
  inputs: ['image'],
  infer: ([image]) => image,
  lower: (builder, [image], { radians, center, fillValue }) => {
    const [batch, height, width, channels] = imageShape(image);
    if (sizeOf(image.shape) === 0) return image;
    const outside = height * width;
    const sources = rotatedSources([batch, height, width, channels], { radians, center });
    const color = builder.constant(Float32Array.from(fillColor(fillValue, channels)), {
      shape: [1, 1, channels],
      dtype: 'float32',
    });
    // One pixel more, of the color of what lies outside.
    const pixels = builder.concat(
      [
        builder.reshape(image, [batch, outside, channels]),
        builder.expand(builder.cast(color, image.dtype), [batch, 1, channels]),
      ],
      1,
    );
    const places = int32s(
      builder,
      sources.map((source) => (source === -1 ? outside : source)),
    );
    const type = { shape: [batch, outside, channels], dtype: image.dtype };
    return builder.reshape(builder.node('Gather', [pixels, places], type, { axis: 1 }), image.shape);
  },
};

export const rotateKernels: readonly AnyKernel[] = [rotateWithOffset];
