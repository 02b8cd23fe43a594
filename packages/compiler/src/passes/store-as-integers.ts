import { nextId, type Graph, type Value } from '../graph.ts';
import { OnnxBuilder, valueFactory } from '../onnx-builder.ts';
import { sizeOf, type TensorData } from '../tensor-type.ts';

/** What weights may be rounded to. */
export type IntegerWeights = 'int8' | 'int6';

/** Largest magnitude of an integer. */
const largestIntegers: Readonly<Record<IntegerWeights, number>> = { int8: 127, int6: 31 };

/**
 * Refuses integers that there are none of, which a caller in JavaScript may ask for.
 * @throws RangeError that names those that there are.
 */
export function requireIntegerWeights(weights: string): asserts weights is IntegerWeights {
  if (Object.hasOwn(largestIntegers, weights)) return;
  throw new RangeError(
    `Cannot store weights as "${weights}": they may be float32, ${Object.keys(largestIntegers).join(' or ')}; choose one of these.`,
  );
}

/** Fewest elements of a constant that is stored as integers: below, the scales and two nodes save next to nothing. */
const fewestElements = 1024;
/** Fewest elements that share a scale, which takes four bytes. At least one axis of any large constant allows as many. */
const fewestPerScale = 32;

/**
 * Stores large float32 constants in a quarter of their bytes: as int8 with a float32 scale for each channel, which is the
 * largest magnitude of the channel divided by the largest integer. Each weight becomes the nearest multiple of its
 * channel's scale, so it is off by half of that at most. Unlike the other passes it changes what the graph computes by
 * that much.
 *
 * Integers of `int8` are up to ±127. Those of `int6` are up to ±31 in a byte each, too, which brotli or gzip pack into
 * some five bits: smaller where files are sent, at four times the rounding.
 *
 * Channels lie along the axis on which rounding costs least. That depends on the constant alone and not on how it is used:
 * a matrix that one graph multiplies with and another with its transpose is the same matrix in both.
 *
 * In the graph `Cast` and `Mul` restore the constant; a runtime computes them once, when it loads the file. Constants of
 * one axis, such as biases, of fewer than 1,024 elements, or with an element that isn't finite stay as they are.
 *
 * Works on a graph of ONNX operators, as the last pass: those that look for constants would no longer find any.
 */
export function storeAsIntegers(graph: Graph, weights: IntegerWeights): Graph {
  const largestInteger = largestIntegers[weights];
  const builder = new OnnxBuilder(valueFactory(nextId(graph)));
  const restored = new Map<Value, Value>();
  for (const [value, data] of graph.constants) {
    if (isLargeWeight(value, data))
      restored.set(value, roundedConstant(value, { data, largestInteger, builder }));
    else builder.constants.set(value, data);
  }
  const current = (value: Value | null): Value | null =>
    value === null ? null : (restored.get(value) ?? value);
  builder.nodes.push(...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(current) })));
  return builder.graph(graph.inputs, graph.outputs);
}

function isLargeWeight({ shape, dtype }: Value, data: TensorData): data is Float32Array {
  if (dtype !== 'float32' || shape.length < 2 || data.length < fewestElements) return false;
  return (data as Float32Array).every(Number.isFinite);
}

/** The value of the nodes that restore a constant from integers and scales. */
function roundedConstant(
  { shape }: Value,
  { data, largestInteger, builder }: { data: Float32Array; largestInteger: number; builder: OnnxBuilder },
): Value {
  const { axis, scales } = channelScales(data, { shape, largestInteger });
  const channelOf = channelsAlong(shape, axis);
  const integers = Int8Array.from(data, (weight, i) => {
    const scale = scales[channelOf(i)];
    // A channel of nothing but zeros has the scale 0.
    return scale === 0 ? 0 : Math.round(weight / scale);
  });
  return builder.binary(
    'Mul',
    builder.cast(builder.constant(integers, { shape, dtype: 'int8' }), 'float32'),
    builder.constant(scales, {
      shape: shape.map((size, at) => (at === axis ? size : 1)),
      dtype: 'float32',
    }),
  );
}

/** The channels' axis, and their scales. */
function channelScales(
  data: Float32Array,
  { shape, largestInteger }: { shape: readonly number[]; largestInteger: number },
): { axis: number; scales: Float32Array } {
  // Among equals the last, along which tfjs has a layer's outputs.
  const axes = [...shape.keys()].reverse().filter((axis) => data.length / shape[axis] >= fewestPerScale);
  const choices = axes.map((axis) => {
    const channelOf = channelsAlong(shape, axis);
    const largest = new Float32Array(shape[axis]);
    data.forEach((weight, i) => {
      const channel = channelOf(i);
      largest[channel] = Math.max(largest[channel], Math.abs(weight));
    });
    const scales = largest.map((magnitude) => magnitude / largestInteger);
    // Rounding errors are spread evenly over a step, so their mean square is a twelfth of the step's.
    const cost = scales.reduce((sum, scale) => sum + scale * scale, 0) / scales.length;
    return { axis, scales, cost };
  });
  return choices.reduce((best, choice) => (choice.cost < best.cost ? choice : best));
}

/** Which channel along `axis` the element at a place, in row-major order, belongs to. */
function channelsAlong(shape: readonly number[], axis: number): (place: number) => number {
  const inner = sizeOf(shape.slice(axis + 1));
  return (place) => Math.floor(place / inner) % shape[axis];
}
