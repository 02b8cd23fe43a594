import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { broadcastShape, sizeOf, type TensorType } from '../tensor-type.ts';
import { activatedDType, applyActivation, type FusedActivation } from './activation.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { computedIn, numericDType } from './stored-as.ts';

/**
 * Matrix products. Single matrices become Gemm, which transposes for free; stacks of them MatMul. Stacks of unequal
 * counts, both more than 1, broadcast by NumPy's rule; tfjs 4.22 `cpu` gets those wrong.
 */

interface Transposes {
  transposeA: boolean;
  transposeB: boolean;
}

function inferMatMul(a: Value, b: Value, { transposeA, transposeB }: Transposes): TensorType {
  const rankA = a.shape.length;
  const rankB = b.shape.length;
  const innerA = a.shape[transposeA ? rankA - 2 : rankA - 1];
  const innerB = b.shape[transposeB ? rankB - 1 : rankB - 2];
  if (innerA !== innerB) {
    throw new TypeError(
      `Cannot multiply [${a.shape.join(',')}] by [${b.shape.join(',')}] (transposeA ${transposeA}, transposeB ${transposeB}): inner sizes must be equal, got ${innerA} and ${innerB}.`,
    );
  }
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape[transposeA ? rankA - 1 : rankA - 2];
  const columns = b.shape[transposeB ? rankB - 2 : rankB - 1];
  return { shape: [...batch, rows, columns], dtype: a.dtype };
}

/** `a·b + bias` in float32 or int32; the bias, if any, has rank 1 when there is a single matrix. */
function lowerMatMul(
  builder: OnnxBuilder,
  a: Value,
  b: Value,
  { transposeA, transposeB }: Transposes,
  shape: readonly number[],
  bias: Value | null = null,
): Value {
  if (sizeOf(a.shape.slice(0, -2)) === 1 && sizeOf(b.shape.slice(0, -2)) === 1 && a.dtype === 'float32') {
    const left = builder.reshape(a, a.shape.slice(-2));
    const right = builder.reshape(b, b.shape.slice(-2));
    const fused = bias !== null && bias.shape.length <= 1 ? bias : null;
    const product = builder.reshape(
      builder.gemm(left, right, { transposeA, transposeB, bias: fused }),
      shape,
    );
    return fused === bias ? product : builder.binary('Add', product, bias!);
  }
  const left = transposeA ? builder.transposeLast(a) : a;
  const right = transposeB ? builder.transposeLast(b) : b;
  const product = builder.node('MatMul', [left, right], { shape, dtype: a.dtype });
  return bias === null ? product : builder.binary('Add', product, bias);
}

const batchMatMul: Kernel<readonly [Value, Value], tf.BatchMatMulAttrs> = {
  name: 'BatchMatMul',
  inputs: ['a', 'b'],
  infer: ([a, b], attributes) => inferMatMul(a, b, attributes),
  lower: (builder, [a, b], attributes, [{ shape }]) =>
    computedIn(builder, numericDType(a, b), [a, b], a.dtype, (left, right) =>
      lowerMatMul(builder, left, right, attributes, shape),
    ),
};

type FusedMatMulInputs = readonly [Value, Value, Value | null, Value | null];

/** Dense layer in one kernel: `activation(a·b + bias)`. */
const fusedMatMul: Kernel<FusedMatMulInputs, Transposes & FusedActivation> = {
  name: '_FusedMatMul',
  inputs: ['a', 'b', 'bias', 'preluActivationWeights'],
  infer: ([a, b], attributes) => {
    const product = inferMatMul(a, b, attributes);
    return { ...product, dtype: activatedDType(attributes, product.dtype) };
  },
  lower: (builder, [a, b, bias, slope], attributes, [{ shape }]) => {
    const present = bias === null ? [] : [bias];
    const dtype = numericDType(a, b, ...present);
    const sum = computedIn(builder, dtype, [a, b, ...present], a.dtype, (left, right, ...addends) =>
      lowerMatMul(builder, left, right, attributes, shape, addends[0] ?? null),
    );
    return applyActivation(builder, sum, attributes, slope);
  },
};

export const matMulKernels: readonly AnyKernel[] = [batchMatMul, fusedMatMul];
