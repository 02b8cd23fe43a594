import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { sizeOf, type DType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/**
 * The `k` largest elements along the last axis and their places, in falling order; of equal ones the first comes first.
 * They are sorted whether asked for or not. Where NaN comes is left open by tfjs and ONNX alike.
 */
const topK: Kernel<readonly [Value], tf.TopKAttrs> = {
  name: 'TopK',
  inputs: ['x'],
  infer: ([x], { k }) => {
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  lower: (builder, [x], { k }, [{ shape }]) => {
    // onnxruntime's TopK divides by the number of rows.
    if (sizeOf(shape) === 0) {
      const nothing = (dtype: DType): Value => builder.expand(builder.scalar(0, dtype), shape);
      return [nothing(x.dtype), nothing('int32')];
    }
    const numeric = x.dtype === 'bool' ? builder.cast(x, 'int32') : x;
    const [values, places] = builder.nodeWithOutputs(
      'TopK',
      [numeric, builder.int64s([k])],
      [
        { shape, dtype: numeric.dtype },
        { shape, dtype: 'int64' },
      ],
      { axis: -1, largest: 1, sorted: 1 },
    );
    return [builder.cast(values, x.dtype), builder.cast(places, 'int32')];
  },
};

export const topKKernels: readonly AnyKernel[] = [topK];
