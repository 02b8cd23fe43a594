import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { asDType, broadcastShape } from '../tensor-type.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { numericDType } from './stored-as.ts';

/** Kernels that answer `bool`, and the one that chooses by it. */

/** A question about each number. */
function predicate(name: string, lower: (builder: OnnxBuilder, x: Value) => Value): Kernel<readonly [Value]> {
  return {
    name,
    inputs: ['x'],
    infer: ([x]) => ({ shape: x.shape, dtype: 'bool' }),
    lower: (builder, [x]) => lower(builder, x),
  };
}

/** NaN, finite or infinite: asked of float32, since ONNX asks nothing else. */
function ofReal(name: string, lower: (builder: OnnxBuilder, x: Value) => Value): Kernel<readonly [Value]> {
  return predicate(name, (builder, x) => lower(builder, builder.cast(x, 'float32')));
}

/** Compares numbers of any dtype; ONNX compares those of one. */
function comparison(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return {
    name,
    inputs: ['a', 'b'],
    infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: 'bool' }),
    lower: (builder, [a, b]) => compareNumbers(builder, operator, a, b),
  };
}

function compareNumbers(builder: OnnxBuilder, operator: string, a: Value, b: Value): Value {
  // Equal takes bool too; no other comparison does.
  if (operator === 'Equal' && a.dtype === b.dtype) return builder.compare(operator, a, b);
  const dtype = numericDType(a, b);
  return builder.compare(operator, builder.cast(a, dtype), builder.cast(b, dtype));
}

function logical(name: string, operator: string): Kernel<readonly [Value, Value]> {
  return {
    name,
    inputs: ['a', 'b'],
    infer: ([a, b]) => ({ shape: broadcastShape(a.shape, b.shape), dtype: 'bool' }),
    lower: (builder, [a, b]) => builder.compare(operator, builder.cast(a, 'bool'), builder.cast(b, 'bool')),
  };
}

const notEqual: Kernel<readonly [Value, Value]> = {
  ...comparison('NotEqual', 'Equal'),
  lower: (builder, [a, b]) => builder.unary('Not', compareNumbers(builder, 'Equal', a, b)),
};

const infinity = (builder: OnnxBuilder): Value => builder.scalar(Infinity, 'float32');

/** `t` where the condition holds, else `e`; `tf.where` broadcasts before, so that all have one shape. */
const select: Kernel<readonly [Value, Value, Value]> = {
  name: 'Select',
  inputs: ['condition', 't', 'e'],
  infer: ([condition, t, e]) => ({
    shape: broadcastShape(condition.shape, broadcastShape(t.shape, e.shape)),
    dtype: asDType(tf.upcastType(t.dtype as tf.DataType, e.dtype as tf.DataType)),
  }),
  lower: (builder, [condition, t, e], _, [type]) =>
    builder.where(builder.cast(condition, 'bool'), builder.cast(t, type.dtype), builder.cast(e, type.dtype)),
};

export const comparisonKernels: readonly AnyKernel[] = [
  ofReal('IsNan', (builder, x) => builder.node('IsNaN', [x], { shape: x.shape, dtype: 'bool' })),
  ofReal('IsInf', (builder, x) => builder.compare('Equal', builder.unary('Abs', x), infinity(builder))),
  ofReal('IsFinite', (builder, x) => builder.compare('Less', builder.unary('Abs', x), infinity(builder))),
  predicate('LogicalNot', (builder, x) => builder.unary('Not', builder.cast(x, 'bool'))),
  comparison('Equal', 'Equal'),
  notEqual,
  comparison('Greater', 'Greater'),
  comparison('GreaterEqual', 'GreaterOrEqual'),
  comparison('Less', 'Less'),
  comparison('LessEqual', 'LessOrEqual'),
  logical('LogicalAnd', 'And'),
  logical('LogicalOr', 'Or'),
  select,
];
