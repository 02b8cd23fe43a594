import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { asDType, toTensorData, type TensorData } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Tensors made of attributes alone: of one number, and of numbers at equal distances. */

/** Fills with one value in the operand's shape. */
function filled(name: string, value: number): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => x,
    lower: (builder, [x]) => builder.expand(builder.scalar(value, x.dtype), x.shape),
  };
}

const fill: Kernel<readonly [], tf.FillAttrs> = {
  name: 'Fill',
  inputs: [],
  infer: (_, { shape, dtype }) => ({ shape, dtype: asDType(dtype) }),
  lower: (builder, _, { shape, dtype, value }) =>
    builder.expand(builder.scalar(Number(value), asDType(dtype)), shape),
};

/** `length` numbers from `start` on; each is rounded before the step is added to it, as in tfjs. */
function stepwise(start: number, step: number, length: number, dtype: 'float32' | 'int32'): TensorData {
  const values = toTensorData(Array<number>(length).fill(0), dtype) as Float32Array | Int32Array;
  for (let i = 0; i < length; i++) values[i] = i === 0 ? start : values[i - 1] + step;
  return values;
}

/** Lets a kernel be the constant that `valuesOf` makes of its attributes. */
function constantSequence<A>(
  name: string,
  dtypeOf: (attributes: A) => 'float32' | 'int32',
  valuesOf: (attributes: A) => TensorData,
): Kernel<readonly [], A> {
  return {
    name,
    inputs: [],
    infer: (_, attributes) => ({ shape: [valuesOf(attributes).length], dtype: dtypeOf(attributes) }),
    lower: (builder, _, attributes, [type]) => builder.constant(valuesOf(attributes), type),
  };
}

/** `num` numbers from `start` to `stop`, both included. */
const linSpace = constantSequence<tf.LinSpaceAttrs>(
  'LinSpace',
  () => 'float32',
  ({ start, stop, num }) => stepwise(start, (stop - start) / (num - 1), num, 'float32'),
);

/**
 * Numbers from `start` to before `stop`. None if the step leads away from it, except that tfjs lets a step of 1 lead down,
 * as it does for one in (0, 1), which it keeps.
 */
const range = constantSequence<tf.RangeAttrs>(
  'Range',
  ({ dtype }) => dtype,
  ({ start, stop, step, dtype }) => {
    const leadsAway = (start < stop && step < 0) || (stop < start && step > 1);
    const length = start === stop || leadsAway ? 0 : Math.abs(Math.ceil((stop - start) / step));
    return stepwise(start, stop < start && step === 1 ? -1 : step, length, dtype);
  },
);

export const sequenceKernels: readonly AnyKernel[] = [
  filled('OnesLike', 1),
  filled('ZerosLike', 0),
  fill,
  linSpace,
  range,
];
