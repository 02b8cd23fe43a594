import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { TensorType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { int32s } from './rows.ts';

/** Elements around the borders of a tensor. */

type Paddings = readonly (readonly [before: number, after: number])[];

function padded(x: Value, paddings: Paddings): TensorType {
  return { shape: x.shape.map((size, axis) => paddings[axis][0] + size + paddings[axis][1]), dtype: x.dtype };
}

const pad: Kernel<readonly [Value], tf.PadV2Attrs> = {
  name: 'PadV2',
  inputs: ['x'],
  infer: ([x], { paddings }) => padded(x, paddings),
  lower: (builder, [x], { paddings, constantValue }) =>
    builder.pad(
      x,
      paddings.map(([before]) => before),
      paddings.map(([, after]) => after),
      constantValue,
    ),
};

/**
 * Where each element along a mirrored axis comes from. In mode `reflect` the border itself stands once,
 * `c b | a b c | b a`; in mode `symmetric` it stands twice, `b a | a b c | c b`.
 */
function mirrored(size: number, [before, after]: readonly [number, number], mode: 'reflect' | 'symmetric') {
  const again = mode === 'symmetric' ? 1 : 0;
  return Array.from({ length: before + size + after }, (_, i) => {
    const position = i - before;
    if (position < 0) return -position - again;
    return position < size ? position : 2 * (size - 1) - position + again;
  });
}

const mirrorPad: Kernel<readonly [Value], tf.MirrorPadAttrs> = {
  name: 'MirrorPad',
  inputs: ['x'],
  infer: ([x], { paddings }) => padded(x, paddings),
  // ONNX's own Pad has no symmetric mode.
  lower: (builder, [x], { paddings, mode }) =>
    x.shape.reduce((value, size, axis) => {
      const [before, after] = paddings[axis];
      if (before === 0 && after === 0) return value;
      const places = mirrored(size, paddings[axis], mode);
      const indices = int32s(builder, places);
      const type = { shape: value.shape.with(axis, places.length), dtype: x.dtype };
      return builder.node('Gather', [value, indices], type, { axis });
    }, x),
};

export const padKernels: readonly AnyKernel[] = [pad, mirrorPad];
