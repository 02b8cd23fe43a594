import * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';
import { numericDType, storedAs } from './stored-as.ts';

/**
 * Sums of products after an equation such as `ij,jk->ik`: one or two operands, an arrow, no ellipsis and no label twice in
 * an operand, which is what tfjs takes; its errors say so. https://onnx.ai/onnx/operators/onnx__Einsum.html
 */
const einsum: Kernel<readonly Value[], tf.EinsumAttrs> = {
  name: 'Einsum',
  inputs: 'list',
  infer: (operands, { equation }) => {
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, operands.length);
    // It looks at shapes alone.
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as unknown as tf.Tensor[]);
    const sizes = new Map(
      idDims.flatMap((labels, i) => labels.map((label, axis) => [label, operands[i].shape[axis]] as const)),
    );
    const kept = allDims.length - summedDims.length;
    return {
      shape: Array.from({ length: kept }, (_, label) => sizes.get(label)!),
      // What is only moved or multiplied stays bool; what is summed is counted.
      dtype:
        kept === allDims.length && operands.every(({ dtype }) => dtype === 'bool')
          ? 'bool'
          : numericDType(...operands),
    };
  },
  lower: (builder, operands, { equation }, [type]) => {
    const dtype = numericDType(...operands);
    const numbers = operands.map((operand) => builder.cast(operand, dtype));
    const sum = builder.node(
      'Einsum',
      numbers,
      { shape: type.shape, dtype },
      {
        equation: equation.replace(/\s/g, ''),
      },
    );
    return storedAs(builder, sum, type.dtype);
  },
};

export const einsumKernels: readonly AnyKernel[] = [einsum];
