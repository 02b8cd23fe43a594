import * as tf from '@tensorflow/tfjs';
import type { Attributes, Node, Value } from '../graph.ts';
import type { ValueFactory } from '../onnx-builder.ts';
import { toTensorData, type TensorData, type TensorType } from '../tensor-type.ts';
import { knownValue, type LazyValue } from './lazy-value.ts';

/** Attributes of a call, with the numbers apart that programs change from one call to the next. */
export interface SplitAttributes {
  /** What is left: two calls that are equal in it differ in the numbers at most. */
  readonly fixed: Attributes;
  /** The numbers, as values that a graph may read. */
  readonly numbers: readonly LazyValue[];
}

/** A graph under construction. */
export interface GraphParts {
  readonly factory: ValueFactory;
  readonly constants: Map<Value, TensorData>;
}

/** How one kernel comes by its numbers as inputs. */
interface Variation {
  /** `undefined` where the call can only be taken as it is. */
  split(x: LazyValue, attributes: Attributes): SplitAttributes | undefined;
  /** Nodes of other kernels that compute the same from `x` and the numbers. */
  nodes(parts: GraphParts, x: Value, numbers: readonly Value[], node: Node): Node[];
}

const float32Number = (value: unknown): LazyValue =>
  knownValue({ shape: [], dtype: 'float32' }, Float32Array.of(value as number));

function call(op: string, inputs: Value[], output: Value, attributes: Attributes = {}): Node {
  return { op, domain: 'tfjs', inputs, outputs: [output], attributes, layer: '' };
}

const clipByValue: Variation = {
  split: ({ dtype }, { clipValueMin, clipValueMax, ...fixed }) =>
    dtype === 'float32' ? { fixed, numbers: [clipValueMin, clipValueMax].map(float32Number) } : undefined,
  nodes({ factory }, x, [least, most], { outputs: [clipped] }) {
    const raised = factory.value(x);
    return [call('Maximum', [x, least], raised), call('Minimum', [raised, most], clipped)];
  },
};

const leakyRelu: Variation = {
  split: (_, { alpha, ...fixed }) => ({ fixed, numbers: [float32Number(alpha)] }),
  nodes: (_, x, [alpha], { outputs: [y] }) => [call('Prelu', [x, alpha], y)],
};

/** The axes that a slice cuts, and where along them it begins. */
function cutAxes({ shape, dtype }: TensorType, { begin, size }: tf.SliceAttrs) {
  const info = { dataId: {}, shape: [...shape], dtype } as tf.TensorInfo;
  const [begins, sizes] = tf.slice_util.parseSliceParams(info, begin, size) as [number[], number[]];
  const axes = [...shape.keys()].filter((axis) => sizes[axis] !== shape[axis]);
  return { axes, begins, sizes };
}

/** The attributes of a slice as TypeScript knows them. */
const sliceAttributes = (attributes: Attributes): tf.SliceAttrs => attributes as unknown as tf.SliceAttrs;

const slice: Variation = {
  split(x, attributes) {
    const { axes, begins, sizes } = cutAxes(x, sliceAttributes(attributes));
    const int32 = { shape: [], dtype: 'int32' } as const;
    return {
      fixed: { size: sizes },
      numbers: axes.map((axis) => knownValue(int32, Int32Array.of(begins[axis]))),
    };
  },
  nodes({ factory, constants }, x, numbers, { attributes, outputs: [rows] }) {
    const { axes, sizes } = cutAxes(x, sliceAttributes(attributes));
    const nodes: Node[] = [];
    let taken = x;
    axes.forEach((axis, i) => {
      const indices = { shape: [sizes[axis]], dtype: 'int32' } as const;
      const [steps, positions] = [factory.value(indices), factory.value(indices)];
      constants.set(steps, toTensorData([...Array(sizes[axis]).keys()], 'int32'));
      const shape = taken.shape.with(axis, sizes[axis]);
      const next = i === axes.length - 1 ? rows : factory.value({ shape, dtype: x.dtype });
      nodes.push(
        call('Add', [steps, numbers[i]], positions),
        call('GatherV2', [taken, positions], next, { axis, batchDims: 0 }),
      );
      taken = next;
    });
    return nodes;
  },
};

/** The kernels that have such numbers. */
const variations = new Map<string, Variation>([
  ['ClipByValue', clipByValue],
  ['LeakyRelu', leakyRelu],
  ['Slice', slice],
]);

/**
 * Takes the numbers out of a call's attributes that programs change from one call to the next: bounds, slopes, where a
 * slice begins. As attributes each of them would be another graph.
 */
export function splitAttributes(
  kernelName: string,
  inputs: readonly (LazyValue | null)[],
  attributes: Attributes,
): SplitAttributes {
  const split = variations.get(kernelName)?.split(inputs[0]!, attributes);
  return split ?? { fixed: attributes, numbers: [] };
}

/** A call as nodes that read its numbers from values, in the order in which {@link splitAttributes} gives them. */
export function readingNumbers(parts: GraphParts, node: Node, numbers: readonly Value[]): Node[] {
  return variations.get(node.op)!.nodes(parts, node.inputs[0]!, numbers, node);
}
