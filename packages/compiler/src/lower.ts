import { nextId, type Graph, type Value } from './graph.ts';
import { listOf } from './kernels/kernel.ts';
import { kernelTable } from './kernels/table.ts';
import { OnnxBuilder, valueFactory } from './onnx-builder.ts';
import { formatType, sameShape } from './tensor-type.ts';

/**
 * Turns a graph of tfjs kernels into a graph of ONNX operators that computes the same, by asking each kernel of the
 * table to lower itself.
 * @throws TypeError when a lowering does not give the type that tracing promised, which is a fault of the kernel's rule.
 */
export function lower(graph: Graph): Graph {
  const builder = new OnnxBuilder(valueFactory(nextId(graph)));
  const lowered = new Map<Value, Value>();
  for (const { value } of graph.inputs) lowered.set(value, value);
  for (const [value, data] of graph.constants) {
    lowered.set(value, value);
    builder.constants.set(value, data);
  }
  for (const node of graph.nodes) {
    builder.layer = node.layer;
    builder.kernel = node.op;
    const kernel = kernelTable.get(node.op)!;
    const inputs = node.inputs.map((value) => (value === null ? null : lowered.get(value)!));
    const results = listOf(kernel.lower(builder, inputs, node.attributes, node.outputs));
    node.outputs.forEach((output, i) => {
      const result = results[i];
      if (!sameShape(result.shape, output.shape) || result.dtype !== output.dtype) {
        throw new TypeError(
          `Cannot lower "${node.op}": its lowering gives ${formatType(result)} where tracing promised ${formatType(output)}.`,
        );
      }
      lowered.set(output, result);
    });
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: lowered.get(value)! }));
  return builder.graph(graph.inputs, outputs);
}
