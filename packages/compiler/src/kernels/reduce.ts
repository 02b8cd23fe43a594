import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { reducedShape, type OnnxBuilder } from '../onnx-builder.ts';
import type { DType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Reductions over axes. ONNX: https://onnx.ai/onnx/operators/onnx__ReduceSum.html and its siblings. */

interface ReduceAttributes {
  axis?: number | number[] | null;
  keepDims?: boolean;
}

function axesOf(x: Value, { axis }: ReduceAttributes): number[] {
  return tf.util.parseAxisParam(axis ?? [...x.shape.keys()], [...x.shape]).sort((a, b) => a - b);
}

function reduction(
  name: string,
  resultDType: (x: Value) => DType,
  lower: (builder: OnnxBuilder, x: Value, axes: number[], keepDims: boolean) => Value,
): Kernel<readonly [Value], ReduceAttributes> {
  return {
    name,
    inputs: ['x'],
    infer: ([x], attributes) => ({
      shape: reducedShape(x.shape, axesOf(x, attributes), attributes.keepDims ?? false),
      dtype: resultDType(x),
    }),
    lower: (builder, [x], attributes) => lower(builder, x, axesOf(x, attributes), attributes.keepDims ?? false),
  };
}

/** A reduction that takes its axes as an attribute, as all but ReduceSum do in opset 17. */
function reduceWith(operator: string) {
  return (builder: OnnxBuilder, x: Value, axes: number[], keepDims: boolean): Value =>
    axes.length === 0
      ? x
      : builder.node(
          operator,
          [x],
          { shape: reducedShape(x.shape, axes, keepDims), dtype: x.dtype },
          { axes, keepdims: keepDims ? 1 : 0 },
        );
}

const sameDType = (x: Value): DType => x.dtype;
const countable = (x: Value): DType => (x.dtype === 'bool' ? 'int32' : x.dtype);

/** `any` and `all` as the largest and the smallest of 0 and 1. */
function logical(name: string, operator: string): AnyKernel {
  const reduce = reduceWith(operator);
  return reduction(name, () => 'bool', (builder, x, axes, keepDims) =>
    builder.cast(reduce(builder, builder.cast(x, 'int32'), axes, keepDims), 'bool'),
  );
}

function argument(name: string, operator: string): Kernel<readonly [Value], { axis: number }> {
  const axisOf = (x: Value, axis: number): number => tf.util.parseAxisParam(axis, [...x.shape])[0]!;
  return {
    name,
    inputs: ['x'],
    infer: ([x], { axis }) => ({ shape: reducedShape(x.shape, [axisOf(x, axis)], false), dtype: 'int32' }),
    lower: (builder, [x], { axis }, [type]) => {
      const attributes = { axis: axisOf(x, axis), keepdims: 0, select_last_index: 0 };
      return builder.cast(builder.node(operator, [x], { shape: type!.shape, dtype: 'int64' }, attributes), 'int32');
    },
  };
}

export const reduceKernels: readonly AnyKernel[] = [
  reduction('Sum', countable, (builder, x, axes, keepDims) =>
    builder.reduceSum(builder.cast(x, countable(x)), axes, keepDims),
  ),
  reduction('Mean', () => 'float32', (builder, x, axes, keepDims) =>
    reduceWith('ReduceMean')(builder, builder.cast(x, 'float32'), axes, keepDims),
  ),
  reduction('Prod', countable, (builder, x, axes, keepDims) =>
    reduceWith('ReduceProd')(builder, builder.cast(x, countable(x)), axes, keepDims),
  ),
  reduction('Max', sameDType, reduceWith('ReduceMax')),
  reduction('Min', sameDType, reduceWith('ReduceMin')),
  logical('Any', 'ReduceMax'),
  logical('All', 'ReduceMin'),
  argument('ArgMax', 'ArgMax'),
  argument('ArgMin', 'ArgMin'),
];
