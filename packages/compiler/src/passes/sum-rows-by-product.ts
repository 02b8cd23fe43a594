import type { Graph, Value } from '../graph.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';

/** The row of ones is a constant of the file: beyond it that would be long for the little time that is saved. */
const mostRows = 1024;

/**
 * Adds up the rows of a matrix, as the gradient of a bias does, by a product with a row of ones. onnxruntime hands a
 * reduction out to its threads where that takes longer than the sum; a product stays on one thread until it is larger.
 */
export function sumRowsByProduct(graph: Graph): Graph {
  return rewrite(graph, ({ op, inputs, outputs }, { builder, constant }) => {
    if (op !== 'ReduceSum' || !isAxis0(inputs[1], constant)) return undefined;
    const [sum] = outputs;
    const matrix = inputs[0]!;
    const [rows, columns] = matrix.shape;
    if (matrix.shape.length !== 2 || matrix.dtype !== 'float32') return undefined;
    if (rows === 0 || columns === 0 || rows > mostRows) return undefined;
    const ones = builder.constant(new Float32Array(rows).fill(1), { shape: [1, rows], dtype: 'float32' });
    // Of matrices, as not every runtime multiplies vectors: https://github.com/microsoft/onnxruntime/issues/32438.
    const product = builder.node('MatMul', [ones, matrix], { shape: [1, columns], dtype: 'float32' });
    return [builder.reshape(product, sum.shape)];
  });
}

function isAxis0(axes: Value | null | undefined, constant: Surroundings['constant']): boolean {
  const data = constant(axes ?? null);
  return data?.length === 1 && Number(data[0]) === 0;
}
