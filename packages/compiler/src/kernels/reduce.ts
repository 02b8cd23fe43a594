import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { reducedShape, type OnnxBuilder } from '../onnx-builder.ts';
import type { DType, TensorType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { numeric, numericDType } from './stored-as.ts';

/** Reductions over axes. ONNX: https://onnx.ai/onnx/operators/onnx__ReduceSum.html and its siblings. */

interface ReduceAttributes {
  axis?: number | number[] | null;
  /** What `Max`, alone among its siblings, calls its axes. */
  reductionIndices?: number | number[] | null;
  keepDims?: boolean;
}

function axesOf(x: Value, { axis, reductionIndices }: ReduceAttributes): number[] {
  const axes = axis ?? reductionIndices ?? [...x.shape.keys()];
  return tf.util.parseAxisParam(axes, [...x.shape]).sort((a, b) => a - b);
}

/**
 * What tfjs chooses among no elements: NaN, which is 0 as an integer or a place and false as bool. onnxruntime would fail,
 * or choose a number of its own.
 */
function chosenAmongNone(builder: OnnxBuilder, { shape, dtype }: TensorType): Value {
  return builder.expand(builder.scalar(dtype === 'float32' ? NaN : 0, dtype), shape);
}

function hasNone(x: Value, axes: readonly number[]): boolean {
  return axes.some((axis) => x.shape[axis] === 0);
}

type Reduce = (builder: OnnxBuilder, x: Value, axes: number[], keepDims: boolean) => Value;

/** A reduction whose result has the dtype that `result` makes of the operand, which is converted to it before. */
function reduction(
  name: string,
  lower: Reduce,
  result: (x: Value) => DType,
): Kernel<readonly [Value], ReduceAttributes> {
  return {
    name,
    inputs: ['x'],
    infer: ([x], attributes) => ({
      shape: reducedShape(x.shape, axesOf(x, attributes), attributes.keepDims ?? false),
      dtype: result(x),
    }),
    lower: (builder, [x], attributes, [type]) =>
      lower(builder, builder.cast(x, type.dtype), axesOf(x, attributes), attributes.keepDims ?? false),
  };
}

/** A reduction that takes its axes as an attribute, as all but ReduceSum do in opset 17. */
function reduceWith(operator: string): Reduce {
  return (builder, x, axes, keepDims) => {
    if (axes.length === 0) return x;
    const type = { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype };
    return builder.node(operator, [x], type, { axes, keepdims: keepDims ? 1 : 0 });
  };
}

/**
 * The largest or smallest element, and NaN if there is one, which onnxruntime may pass over. On bool that is `any` and `all`,
 * computed on 0 and 1 since ONNX has neither.
 */
function extremum(name: string, operator: string): AnyKernel {
  const reduce = reduceWith(operator);
  const lower: Reduce = (builder, x, axes, keepDims) => {
    if (hasNone(x, axes))
      return chosenAmongNone(builder, { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype });
    const found = builder.cast(reduce(builder, numeric(builder, x), axes, keepDims), x.dtype);
    if (x.dtype !== 'float32' || axes.length === 0) return found;
    // The sum of magnitudes is NaN where an element is and nowhere else, since infinities of one sign add up to one. ReduceL1
    // would be one node, but onnxruntime is slow at it: six times ReduceMax over height and width of [64,28,28,32].
    const magnitudes = builder.reduceSum(builder.unary('Abs', x), axes, keepDims);
    return builder.where(isNaN(builder, magnitudes), magnitudes, found);
  };
  return reduction(name, lower, (x) => x.dtype);
}

function isNaN(builder: OnnxBuilder, x: Value): Value {
  return builder.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' });
}

/** Puts `instead` in the place of NaN. */
function withoutNaN(builder: OnnxBuilder, x: Value, instead: number): Value {
  return builder.where(isNaN(builder, x), builder.scalar(instead, 'float32'), x);
}

/**
 * The place of the first largest or smallest element. NaN counts as `worst`, so that it is passed over as in tfjs, except in
 * the first place, which no other element can take from it.
 */
function argument(name: string, operator: string, worst: number): Kernel<readonly [Value], { axis: number }> {
  const axisOf = (x: Value, axis: number): number => tf.util.parseAxisParam(axis, [...x.shape])[0];
  return {
    name,
    inputs: ['x'],
    infer: ([x], { axis }) => ({ shape: reducedShape(x.shape, [axisOf(x, axis)], false), dtype: 'int32' }),
    lower: (builder, [x], { axis }, [type]) => {
      const along = axisOf(x, axis);
      if (hasNone(x, [along])) return chosenAmongNone(builder, type);
      const numbers = x.dtype === 'float32' ? withoutNaN(builder, x, worst) : numeric(builder, x);
      const attributes = { axis: along, keepdims: 0, select_last_index: 0 };
      const places = { shape: type.shape, dtype: 'int64' } as const;
      const place = builder.cast(builder.node(operator, [numbers], places, attributes), 'int32');
      if (x.dtype !== 'float32') return place;
      const first = builder.reshape(builder.slice(x, [along], [0], [1]), type.shape);
      return builder.where(isNaN(builder, first), builder.scalar(0, 'int32'), place);
    },
  };
}

export const reduceKernels: readonly AnyKernel[] = [
  reduction('Sum', (builder, x, axes, keepDims) => builder.reduceSum(x, axes, keepDims), numericDType),
  reduction('Prod', reduceWith('ReduceProd'), numericDType),
  reduction('Mean', reduceWith('ReduceMean'), () => 'float32'),
  extremum('Max', 'ReduceMax'),
  extremum('Min', 'ReduceMin'),
  extremum('Any', 'ReduceMax'),
  extremum('All', 'ReduceMin'),
  argument('ArgMax', 'ArgMax', -Infinity),
  argument('ArgMin', 'ArgMin', Infinity),
];
