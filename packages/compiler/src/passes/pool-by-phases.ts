import * as tf from '@tensorflow/tfjs';
import { producers, type Attributes, type Graph, type Node, type Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';
import type { Target } from '../target.ts';
import { sameShape, sizeOf } from '../tensor-type.ts';

/**
 * Keeps `maxPool(relu(conv(x, w) + b))` with 2×2 windows, and its gradient, at the pooled size: the activation at full
 * resolution, four times the size of everything else, never exists. A *phase* is the activation at one position of all
 * windows, a quarter of the whole.
 *
 * - Forward: each phase is a convolution of stride 2; the block gives the maximum of the four.
 * - Backward: the gradient passes from phase to phase and stays with the first that holds the maximum, as in the gradient
 *   of MaxPool. The bias gets its sum, the filter the sum of the phases' filter gradients. The image gets the sum of the
 *   phases' image gradients where the filter is small; otherwise the phases are interleaved, and it gets the gradient of one
 *   convolution of stride 1. So does the filter where channels are blocked, since that convolution gathers no patches.
 *
 * Values agree with the original to the rounding of the convolution. Blocks without a gradient are left alone: runtimes do
 * them well as they are.
 *
 * Works on a graph of tfjs kernels, before lowering and after `slopeOfOutput`.
 */
export function poolByPhases(graph: Graph, { blockedChannels }: Target = {}): Graph {
  const eligible = maskedActivations(graph);
  const blocks = new Map<Value, PooledBlock>();
  const gradients = new Map<Value, PhasedGradient>();
  return rewrite(graph, (node, surroundings) => {
    switch (node.op) {
      case 'MaxPool':
        return eligible.get(node.inputs[0]!) === windowsOf(node)
          ? pool(node, { blocks, blockedChannels }, surroundings)
          : undefined;
      case 'Multiply':
        return passGradient(node, blocks, gradients, surroundings);
      case 'Sum':
        return sumGradient(node, gradients, surroundings);
      case 'Conv2DBackpropFilter':
        return filterGradient(node, gradients, surroundings);
      case 'Conv2DBackpropInput':
        return imageGradient(node, gradients, surroundings);
      default:
        return undefined;
    }
  });
}

/** A block that was rewritten. */
interface PooledBlock {
  /** The convolution that it was, of stride 1: only its gradients are sums over the phases. */
  readonly convolution: { readonly x: Value; readonly filter: Value; readonly attributes: Attributes };
  /** Whether each phase has gradients of its own by the image and by the filter, and not all phases together. */
  readonly imageByPhases: boolean;
  readonly filterByPhases: boolean;
  /** Activation by position in the window, row-major. */
  readonly phases: readonly Value[];
  /** What the block gives, the largest of the phases. */
  readonly output: Value;
  /** Paddings with which a convolution of stride 2 gives each phase. */
  readonly pads: readonly Padding[];
}

/** The gradient by the convolution of a rewritten block. */
interface PhasedGradient {
  readonly block: PooledBlock;
  /** By position in the window. */
  readonly phases: readonly Value[];
  /** Sum of the phases: at most one of them is not zero. */
  readonly total: Value;
}

/** Padding in the form in which tfjs takes it explicitly: before and after along N, H, W, C. */
type Padding = [[number, number], [number, number], [number, number], [number, number]];

type Producer = (value: Value) => Node | undefined;

const positions = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/**
 * Elements of a filter for one output up to which the image's gradient is a sum over the phases: between the 9 of a first
 * layer and the 288 of a second (onnxruntime 1.30 on two cores).
 */
const smallFilter = 32;

/**
 * Activations that have a pooling gradient, all of whose uses are masked by the activation's own slope, with the windows
 * of that gradient. Both directions of a block are rewritten or none: the maximum of the phases differs from the full
 * activation by rounding, and a gradient that compares the two would find no maximum at all.
 */
function maskedActivations(graph: Graph): Map<Value, string> {
  const made = producers(graph);
  const producer: Producer = (value) => made.get(value);
  const masked = new Map<Value, string>();
  const refused = new Set<Value>();
  const poolGradient = (value: Value | null): Node | undefined => {
    const node = value === null ? undefined : producer(value);
    return node?.op === 'MaxPoolGrad' ? node : undefined;
  };
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      const gradient = poolGradient(input);
      if (gradient === undefined) continue;
      const activation = gradient.inputs[1]!;
      const slope = node.op === 'Multiply' && node.inputs[0] === input ? node.inputs[1]! : undefined;
      const isMasked = slope !== undefined && slopedActivation(slope, producer, graph) === activation;
      const windows = windowsOf(gradient);
      // Of two pools of one activation only one can be the block's.
      if (isMasked && (masked.get(activation) ?? windows) === windows) masked.set(activation, windows);
      else refused.add(activation);
    }
  }
  for (const { value } of graph.outputs) {
    const gradient = poolGradient(value);
    if (gradient !== undefined) refused.add(gradient.inputs[1]!);
  }
  for (const activation of refused) masked.delete(activation);
  return masked;
}

/** The windows of a pool or of its gradient, as text. */
function windowsOf({ attributes: { filterSize, strides, pad } }: Node): string {
  return JSON.stringify([filterSize, strides, pad]);
}

/** Emits tfjs kernels. */
function emitter(builder: OnnxBuilder) {
  const emit = (
    op: string,
    inputs: readonly Value[],
    type: Pick<Value, 'shape' | 'dtype'>,
    attributes = {},
  ): Value => builder.nodeWithOutputs(op, inputs, [type], attributes, 'tfjs')[0];
  return {
    emit,
    like: (op: string, a: Value, b: Value): Value => emit(op, [a, b], a),
    /** 1 where `a op b`, else 0. */
    mask: (op: string, a: Value, b: Value): Value =>
      emit('Cast', [emit(op, [a, b], { shape: a.shape, dtype: 'bool' })], a, { dtype: 'float32' }),
  };
}

function pool(
  { inputs, outputs, attributes }: Node,
  { blocks, blockedChannels }: { blocks: Map<Value, PooledBlock>; blockedChannels: number | undefined },
  { builder, producer }: Surroundings,
): Value[] | undefined {
  const activation = inputs[0]!;
  const output = outputs[0];
  const relu = producer(activation);
  const sum = relu?.op === 'Relu' ? producer(relu.inputs[0]) : undefined;
  const convolved = sum?.op === 'Add' ? sum.inputs[0]! : undefined;
  const convolution = convolved === undefined ? undefined : producer(convolved);
  if (convolved === undefined || convolution?.op !== 'Conv2D') return undefined;
  // A bias may broadcast a convolution with a single filter, whose phases are no phases of the sum.
  if (!sameShape(convolved.shape, activation.shape)) return undefined;
  if (!poolsPairs(activation, attributes as unknown as tf.MaxPoolAttrs)) return undefined;
  const bias = sum!.inputs[1]!;
  const [x, filter] = convolution.inputs as [Value, Value];
  const pads = phasePaddings(x, filter, convolution.attributes as unknown as tf.Conv2DAttrs);
  if (pads === undefined || bias.shape.length !== 1) return undefined;
  const { emit, like } = emitter(builder);
  const isSmall = sizeOf(filter.shape.slice(0, 3)) <= smallFilter;
  const isBlocked =
    blockedChannels !== undefined && filter.shape.slice(2).every((size) => size % blockedChannels === 0);
  const phases = pads.map((pad) => {
    const phase = emit('Conv2D', [x, filter], output, { ...convolution.attributes, strides: 2, pad });
    return emit('Relu', [like('Add', phase, bias)], output);
  });
  const result = phases.reduce((largest, phase) => like('Maximum', largest, phase));
  blocks.set(activation, {
    convolution: { x, filter, attributes: convolution.attributes },
    imageByPhases: isSmall,
    filterByPhases: isSmall || !isBlocked,
    phases,
    output: result,
    pads,
  });
  return [result];
}

/** Whether the windows are 2×2 and cover the image side by side, from its first element to its last. */
function poolsPairs({ shape }: Value, { filterSize, strides, pad }: tf.MaxPoolAttrs): boolean {
  const image = shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, pad, 'floor');
  const { filterHeight, filterWidth, strideHeight, strideWidth, inHeight, inWidth, padInfo } = info;
  return (
    [filterHeight, filterWidth, strideHeight, strideWidth].every((length) => length === 2) &&
    [inHeight, inWidth].every((size) => size % 2 === 0) &&
    [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right].every((size) => size === 0)
  );
}

/** Paddings of the four convolutions of stride 2 that make up one of stride 1, if padding can express them. */
function phasePaddings(x: Value, filter: Value, attributes: tf.Conv2DAttrs): Padding[] | undefined {
  const { strides, dilations, pad, dataFormat, dimRoundingMode } = attributes;
  if (dataFormat === 'NCHW') return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  if ([strideHeight, strideWidth, dilationHeight, dilationWidth].some((step) => step !== 1)) return undefined;
  const along =
    (before: number, size: number, window: number, out: number) =>
    (position: number): [number, number] => [
      before - position,
      Math.max(0, out - 2 + window - (before - position) - size),
    ];
  const rows = along(info.padInfo.top, info.inHeight, info.filterHeight, info.outHeight);
  const columns = along(info.padInfo.left, info.inWidth, info.filterWidth, info.outWidth);
  const pads = positions.map(([row, column]): Padding => [[0, 0], rows(row), columns(column), [0, 0]]);
  // A phase that begins inside of the image would need a negative padding.
  return pads.flat(2).every((size) => size >= 0) ? pads : undefined;
}

/** `maxPoolGrad(dy, activation) · (activation > 0)`, phase by phase. */
function passGradient(
  { inputs, outputs }: Node,
  blocks: ReadonlyMap<Value, PooledBlock>,
  gradients: Map<Value, PhasedGradient>,
  { builder, producer }: Surroundings,
): Value[] | undefined {
  const poolGradient = producer(inputs[0]);
  const block = poolGradient?.op === 'MaxPoolGrad' ? blocks.get(poolGradient.inputs[1]!) : undefined;
  if (block === undefined) return undefined;
  const { emit, like, mask } = emitter(builder);
  const dy = poolGradient!.inputs[0]!;
  const total = like('Multiply', dy, mask('Greater', block.output, builder.scalar(0, 'float32')));
  const phases: Value[] = [];
  let rest = total;
  for (const phase of block.phases.slice(0, -1)) {
    const next = like('Multiply', rest, mask('Less', phase, block.output));
    phases.push(like('Sub', rest, next));
    rest = next;
  }
  phases.push(rest);
  const [batch, height, width, depth] = total.shape as [number, number, number, number];
  const stack = { shape: [batch, height, width, depth * positions.length], dtype: total.dtype };
  const stacked = emit('Concat', phases, stack, { axis: 3 });
  const interleaved = emit('DepthToSpace', [stacked], outputs[0], { blockSize: 2, dataFormat: 'NHWC' });
  gradients.set(interleaved, { block, phases, total });
  return [interleaved];
}

/** The activation that `value` is the slope of, as `cast(activation > 0)`; tfjs casts once more. */
function slopedActivation(value: Value, producer: Producer, graph: Graph): Value | undefined {
  const node = producer(value);
  if (node?.op === 'Cast') return slopedActivation(node.inputs[0]!, producer, graph);
  if (node?.op !== 'Greater') return undefined;
  const [activation, bound] = node.inputs as [Value, Value];
  return bound.shape.length === 0 && graph.constants.get(bound)?.[0] === 0 ? activation : undefined;
}

/** The value before reshapes that change nothing, which tfjs records where a gradient needs no broadcast undone. */
function unreshaped(value: Value, producer: Producer): Value {
  const node = producer(value);
  const isIdle = node?.op === 'Reshape' && sameShape(node.inputs[0]!.shape, value.shape);
  return isIdle ? unreshaped(node.inputs[0]!, producer) : value;
}

function sumGradient(
  { op, inputs, outputs, attributes }: Node,
  gradients: ReadonlyMap<Value, PhasedGradient>,
  { builder, producer }: Surroundings,
): Value[] | undefined {
  const gradient = gradients.get(unreshaped(inputs[0]!, producer));
  const axes = [attributes['axis']].flat();
  // Sums over the whole image, so that it doesn't matter where in it the values stand.
  if (gradient === undefined || !axes.includes(1) || !axes.includes(2)) return undefined;
  return builder.nodeWithOutputs(op, [gradient.total], outputs, attributes, 'tfjs');
}

function filterGradient(
  node: Node,
  gradients: ReadonlyMap<Value, PhasedGradient>,
  surroundings: Surroundings,
): Value[] | undefined {
  const [x, dy] = node.inputs as [Value, Value];
  const gradient = gradients.get(unreshaped(dy, surroundings.producer));
  if (!gradient?.block.filterByPhases || !isOfBlock(node, gradient.block)) return undefined;
  return sumOfPhases(node, gradient, surroundings, (phase) => [x, phase]);
}

function imageGradient(
  node: Node,
  gradients: ReadonlyMap<Value, PhasedGradient>,
  surroundings: Surroundings,
): Value[] | undefined {
  const [dy, filter] = node.inputs as [Value, Value];
  const gradient = gradients.get(unreshaped(dy, surroundings.producer));
  if (!gradient?.block.imageByPhases || !isOfBlock(node, gradient.block)) return undefined;
  return sumOfPhases(node, gradient, surroundings, (phase) => [phase, filter]);
}

/** Whether the gradient kernel `node` is of the block's own convolution: others may be given the same gradient. */
function isOfBlock({ op, inputs, attributes }: Node, { convolution }: PooledBlock): boolean {
  const { x, filter } = convolution;
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const hasOperands =
    op === 'Conv2DBackpropFilter'
      ? inputs[0] === x && isSame(attributes['filterShape'], filter.shape)
      : inputs[1] === filter && isSame(attributes['inputShape'], x.shape);
  return (
    hasOperands &&
    ['strides', 'pad', 'dataFormat'].every((name) => isSame(attributes[name], convolution.attributes[name]))
  );
}

/** The gradient kernel `node` of a convolution as the sum of the same of the four of stride 2. */
function sumOfPhases(
  { op, outputs, attributes }: Node,
  { block, phases }: PhasedGradient,
  { builder }: Surroundings,
  inputs: (phase: Value) => Value[],
): Value[] {
  const { emit, like } = emitter(builder);
  const parts = phases.map((phase, i) =>
    emit(op, inputs(phase), outputs[0], { ...attributes, strides: 2, pad: block.pads[i] }),
  );
  return [parts.reduce((sum, part) => like('Add', sum, part))];
}
