import * as tf from '@tensorflow/tfjs';
import type { Node, Value } from './graph.ts';
import { kernelTable } from './kernels/table.ts';
import type { TensorData } from './tensor-type.ts';

/**
 * The elements of a recorded value that depends on no input, computed by the kernels of tfjs `cpu`; `undefined` if it
 * depends on one. Graph models compute shapes with kernels and read them: without this, most could not be traced.
 */
export function evaluateConstant(
  value: Value,
  { nodes, constants }: { nodes: readonly Node[]; constants: ReadonlyMap<Value, TensorData> },
): TensorData | undefined {
  const needed = nodesBehind(value, nodes, constants);
  if (needed === undefined) return undefined;
  const backend = tf.findBackend('cpu') as CpuBackend;
  const infos = new Map<Value, tf.TensorInfo>();
  const infoOf = (input: Value): tf.TensorInfo => {
    const known =
      infos.get(input) ??
      backend.makeTensorInfo([...input.shape], input.dtype as tf.DataType, constants.get(input));
    infos.set(input, known);
    return known;
  };
  for (const { op, inputs, outputs, attributes } of needed) {
    const names = kernelTable.get(op)!.inputs;
    const tensors = inputs.map((input) => (input === null ? undefined : infoOf(input)));
    const named = names === 'list' ? tensors : Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
    const results = tf.getKernel(op, 'cpu').kernelFunc({
      inputs: named as tf.NamedTensorInfoMap,
      attrs: attributes as tf.NamedAttrMap,
      backend,
    });
    (Array.isArray(results) ? results : [results]).forEach((info, i) => infos.set(outputs[i], info));
  }
  const elements = (backend.readSync(infoOf(value).dataId) as TensorData).slice();
  for (const { dataId } of infos.values()) backend.disposeData(dataId);
  return elements;
}

/** What is used here of tfjs's `cpu` backend, whose type tfjs does not export. */
interface CpuBackend extends tf.KernelBackend {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: TensorData): tf.TensorInfo;
}

/** The nodes that a value depends on, in the order in which they were recorded; `undefined` if it depends on an input. */
function nodesBehind(
  value: Value,
  nodes: readonly Node[],
  constants: ReadonlyMap<Value, TensorData>,
): Node[] | undefined {
  const open = new Set<Value>([value]);
  const needed: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => open.has(output))) continue;
    needed.push(node);
    for (const output of node.outputs) open.delete(output);
    for (const input of node.inputs) if (input !== null) open.add(input);
  }
  for (const constant of constants.keys()) open.delete(constant);
  return open.size === 0 ? needed.reverse() : undefined;
}
