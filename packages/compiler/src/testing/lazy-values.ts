import { knownValue, type LazyValue } from '../backend/lazy-value.ts';
import { pendingNode, type PendingNode } from '../backend/pending-graph.ts';
import type { Attributes } from '../graph.ts';
import { listOf } from '../kernels/kernel.ts';
import { kernelTable } from '../kernels/table.ts';
import { sizeOf, toTensorData, type DType } from '../tensor-type.ts';

/** A value that some tensor stands for: `values` over and over until the shape is full, 0.1 … 1 unless given. */
export function knownTensor(
  shape: readonly number[],
  values: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  dtype: DType = 'float32',
): LazyValue {
  const elements = Array.from({ length: sizeOf(shape) }, (_, i) => values[i % values.length]);
  const value = knownValue({ shape, dtype }, toTensorData(elements, dtype));
  value.tensors = 1;
  return value;
}

/** Records a call of a kernel of one output, which no tensor stands for yet. */
export function recordNode(
  name: string,
  inputs: readonly (LazyValue | null)[],
  attributes: Attributes = {},
): PendingNode {
  const kernel = kernelTable.get(name)!;
  return pendingNode(kernel, inputs, attributes, listOf(kernel.infer(inputs, attributes)));
}
