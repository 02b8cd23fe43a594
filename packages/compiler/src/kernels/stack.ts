import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { formatType, sameShape } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Joining tensors along a new axis, and taking one apart along an axis that goes. */

/** Place of an axis of the result among `rank + 1`; negative ones count from the end. */
function newAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank + 1 : axis;
}

const pack: Kernel<readonly Value[], tf.PackAttrs> = {
  name: 'Pack',
  inputs: 'list',
  infer: (values, { axis }) => {
    const [first] = values;
    const other = values.find((value) => value.dtype !== first.dtype || !sameShape(value.shape, first.shape));
    if (other !== undefined) {
      throw new TypeError(
        `Cannot stack ${formatType(first)} with ${formatType(other)}: all parts must have one shape and dtype; reshape or cast them first.`,
      );
    }
    return {
      shape: first.shape.toSpliced(newAxis(axis, first.shape.length), 0, values.length),
      dtype: first.dtype,
    };
  },
  lower: (builder, values, { axis }) => {
    const { shape } = values[0];
    const at = newAxis(axis, shape.length);
    const parts = values.map((value) => builder.reshape(value, shape.toSpliced(at, 0, 1)));
    return builder.concat(parts, at);
  },
};

const unpack: Kernel<readonly [Value], tf.UnpackAttrs> = {
  name: 'Unpack',
  inputs: ['value'],
  infer: ([x], { axis }) => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    const type = { shape: x.shape.toSpliced(along, 1), dtype: x.dtype };
    return Array.from({ length: x.shape[along] }, () => type);
  },
  // One Gather a part, and not one Split, so that parts that nobody uses cost nothing.
  lower: (builder, [x], { axis }, types) => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    return types.map((type, i) =>
      builder.node('Gather', [x, builder.scalar(i, 'int64')], type, { axis: along }),
    );
  },
};

export const stackKernels: readonly AnyKernel[] = [pack, unpack];
