import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import { reducedShape, type OnnxBuilder } from '../onnx-builder.ts';
import { formatType, type DType } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

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

/** Refuses to choose among no elements: tfjs gives NaN or 0 there, onnxruntime an error or a number of its own. */
function requireElements(kernel: string, x: Value, axes: readonly number[]): void {
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty === undefined) return;
  throw new RangeError(
    `Cannot trace kernel "${kernel}" on ${formatType(x)}: the axes to reduce must have elements, axis ${empty} has none.`,
  );
}

type Reduce = (builder: OnnxBuilder, x: Value, axes: number[], keepDims: boolean) => Value;

interface ReductionOptions {
  /** dtype of the result; that of the operand unless given. */
  readonly result?: DType;
  /** Whether no elements have a result, as a sum of nothing has. */
  readonly ofNothing?: boolean;
}

function reduction(
  name: string,
  lower: Reduce,
  { result, ofNothing = true }: ReductionOptions = {},
): Kernel<readonly [Value], ReduceAttributes> {
  return {
    name,
    inputs: ['x'],
    infer: ([x], attributes) => {
      const axes = axesOf(x, attributes);
      if (!ofNothing) requireElements(name, x, axes);
      return { shape: reducedShape(x.shape, axes, attributes.keepDims ?? false), dtype: result ?? x.dtype };
    },
    lower: (builder, [x], attributes) =>
      lower(builder, x, axesOf(x, attributes), attributes.keepDims ?? false),
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

/** The largest or smallest element. On bool that is `any` and `all`, computed on 0 and 1 since ONNX has neither. */
function extremum(name: string, operator: string): AnyKernel {
  const reduce = reduceWith(operator);
  const lower: Reduce = (builder, x, axes, keepDims) =>
    builder.cast(reduce(builder, numeric(builder, x), axes, keepDims), x.dtype);
  return reduction(name, lower, { ofNothing: false });
}

function numeric(builder: OnnxBuilder, x: Value): Value {
  return x.dtype === 'bool' ? builder.cast(x, 'int32') : x;
}

/** The place of the first largest or smallest element. */
function argument(name: string, operator: string): Kernel<readonly [Value], { axis: number }> {
  const axisOf = (x: Value, axis: number): number => tf.util.parseAxisParam(axis, [...x.shape])[0];
  return {
    name,
    inputs: ['x'],
    infer: ([x], { axis }) => {
      requireElements(name, x, [axisOf(x, axis)]);
      return { shape: reducedShape(x.shape, [axisOf(x, axis)], false), dtype: 'int32' };
    },
    lower: (builder, [x], { axis }, [type]) => {
      const attributes = { axis: axisOf(x, axis), keepdims: 0, select_last_index: 0 };
      const places = { shape: type.shape, dtype: 'int64' } as const;
      return builder.cast(builder.node(operator, [numeric(builder, x)], places, attributes), 'int32');
    },
  };
}

// tfjs casts bool to int32 before it sums or multiplies.
export const reduceKernels: readonly AnyKernel[] = [
  reduction('Sum', (builder, x, axes, keepDims) => builder.reduceSum(x, axes, keepDims)),
  reduction('Prod', reduceWith('ReduceProd')),
  reduction(
    'Mean',
    (builder, x, axes, keepDims) =>
      reduceWith('ReduceMean')(builder, builder.cast(x, 'float32'), axes, keepDims),
    { result: 'float32' },
  ),
  extremum('Max', 'ReduceMax'),
  extremum('Min', 'ReduceMin'),
  extremum('Any', 'ReduceMax'),
  extremum('All', 'ReduceMin'),
  argument('ArgMax', 'ArgMax'),
  argument('ArgMin', 'ArgMin'),
];
