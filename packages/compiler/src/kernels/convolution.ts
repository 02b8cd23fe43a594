import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import { sizeOf } from '../tensor-type.ts';
import {
  countsOf,
  gradientByWindow,
  reached,
  resized,
  sizesOf,
  windowAxis,
  windowOffsets,
  zeros,
  type WindowAxis,
} from './windows.ts';

/**
 * Convolution and its two gradients with any number of axes of space, as the kernels of two and three dimensions and the
 * depthwise ones use them. Images come with channels first, `[N, C, …]`, where a function does not say otherwise; filters
 * as tfjs stores them: `[…, in, out]`, or `[…, C, multiplier]` where each channel is convolved for itself.
 *
 * ONNX: https://onnx.ai/onnx/operators/onnx__Conv.html, https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */

/** A filter as ONNX's Conv takes it: `[out, in, …]`, or `[C·multiplier, 1, …]` for a depthwise one. */
export function convolutionWeights(builder: OnnxBuilder, filter: Value, depthwise: boolean): Value {
  const [space, inputs, outputs] = filterAxes(filter);
  if (!depthwise) return builder.transpose(filter, [outputs, inputs, ...space]);
  const channels = builder.transpose(filter, [inputs, outputs, ...space]);
  const [depth, multiplier, ...window] = channels.shape as [number, number, ...number[]];
  return builder.reshape(channels, [depth * multiplier, 1, ...window]);
}

/** Convolves `x` with weights `[out, in / groups, …]`, and adds a bias `[out]`. */
export function convolve(
  builder: OnnxBuilder,
  x: Value,
  weights: Value,
  axes: readonly WindowAxis[],
  { bias = null, groups = 1 }: { bias?: Value | null; groups?: number } = {},
): Value {
  const type = { shape: [x.shape[0], weights.shape[0], ...countsOf(axes)], dtype: x.dtype };
  if (bias === null && (sizeOf(type.shape.slice(1)) === 0 || x.shape[1] === 0)) return zeros(builder, type);
  const { image, pads } = reached(builder, x, axes);
  return builder.node('Conv', bias === null ? [image, weights] : [image, weights, bias], type, {
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    pads,
    ...(groups === 1 ? {} : { group: groups }),
  });
}

/**
 * Gradient by the image, `[N, in, …]`, given the gradient `dy` by the result, `[N, out, …]`: where the window moves by
 * single steps a convolution with the filter reversed in space, otherwise ConvTranspose.
 */
export function convolutionInputGradient(
  builder: OnnxBuilder,
  dy: Value,
  filter: Value,
  axes: readonly WindowAxis[],
  depthwise: boolean,
): Value {
  const inputs = filter.shape[filter.shape.length - 2];
  const type = { shape: [dy.shape[0], inputs, ...sizesOf(axes)], dtype: dy.dtype };
  const group = depthwise ? { group: inputs } : {};
  const gradient = gradientByWindow(builder, dy, 2, axes);
  // Whatever of the image no window reaches has gradient 0, which the far padding gives.
  const before = axes.map((axis) => axis.length - 1 - axis.before);
  const after = axes.map((axis, i) => axis.size - axis.count + axis.length - 1 - before[i]);
  if (axes.every(({ stride }) => stride === 1) && [...before, ...after].every((size) => size >= 0)) {
    const [space, from, to] = filterAxes(filter);
    const weights = builder.transpose(reversedInSpace(builder, filter), [from, to, ...space]);
    return builder.node('Conv', [gradient, weights], type, { pads: [...before, ...after], ...group });
  }
  // ConvTranspose gives what the windows reach, which is cropped or extended to the image.
  const pads = axes.map((axis) => Math.max(0, axis.before));
  const reach = axes.map((axis, i) => (axis.count - 1) * axis.stride + axis.length - pads[i]);
  const skipped = axes.map((axis) => Math.max(0, -axis.before));
  const crop = axes.map((axis, i) => Math.max(0, skipped[i] + reach[i] - axis.size));
  const shape = [...type.shape.slice(0, 2), ...reach.map((size, i) => size - crop[i])];
  const reachesNothing = shape.slice(1).some((size) => size <= 0);
  if (reachesNothing || sizeOf(gradient.shape.slice(1)) === 0) return zeros(builder, type);
  const reachedPart = builder.node(
    'ConvTranspose',
    [gradient, convolutionWeights(builder, filter, depthwise)],
    { shape, dtype: dy.dtype },
    { strides: axes.map(({ stride }) => stride), pads: [...pads, ...crop], ...group },
  );
  const rest = axes.map((axis, i) => axis.size - skipped[i] - shape[2 + i]);
  return resized(builder, reachedPart, 2, skipped, rest);
}

/**
 * Gradient by the filter, `[…, in, out]`, of `x` and `dy` with channels *last*: one matrix product of the image's patches
 * with `dy`. For every place in the filter's window the rows it saw are sliced from the padded image; side by side they
 * are the patches `[N·places, window·in]`, and `patchesᵀ · dy` is the gradient in tfjs's own layout.
 */
export function convolutionFilterGradient(
  builder: OnnxBuilder,
  x: Value,
  dy: Value,
  axes: readonly WindowAxis[],
): Value {
  const gradient = gradientByWindow(builder, dy, 1, axes);
  const inputs = x.shape[x.shape.length - 1];
  const outputs = dy.shape[dy.shape.length - 1];
  const shape = [...axes.map(({ length }) => length), inputs, outputs];
  if (sizeOf(shape) === 0 || countsOf(axes).includes(0)) return zeros(builder, { shape, dtype: x.dtype });
  const padded = resized(
    builder,
    x,
    1,
    axes.map(({ before }) => before),
    axes.map(({ after }) => after),
  );
  const strides = axes.map(({ stride }) => stride);
  const space = axes.map((_, i) => 1 + i);
  const windows = windowOffsets(axes).map((offset) => {
    const ends = axes.map(({ count, stride }, i) => offset[i] + (count - 1) * stride + 1);
    return builder.slice(padded, space, offset, ends, strides);
  });
  const rows = gradient.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const patches = builder.reshape(builder.concat(windows, space.length + 1), [rows, windows.length * inputs]);
  const product = builder.gemm(patches, builder.reshape(gradient, [rows, outputs]), { transposeA: true });
  return builder.reshape(product, shape);
}

/**
 * Gradient by a depthwise filter, `[…, C, multiplier]`, of `x` and `dy` with channels first: a convolution of the image
 * with `dy` as its filter, in which the batch plays the part of the channels and each channel is a group.
 */
export function depthwiseFilterGradient(
  builder: OnnxBuilder,
  x: Value,
  dy: Value,
  axes: readonly WindowAxis[],
): Value {
  const gradient = gradientByWindow(builder, dy, 2, axes);
  const [batch, depth, ...image] = x.shape as [number, number, ...number[]];
  const multiplier = dy.shape[1] / depth;
  const lengths = axes.map(({ length }) => length);
  if (sizeOf(x.shape) === 0 || sizeOf(gradient.shape) === 0) {
    return zeros(builder, { shape: [...lengths, depth, multiplier], dtype: x.dtype });
  }
  const swapped = (value: Value): Value => {
    const [n, c, ...space] = value.shape.keys();
    return builder.transpose(value, [c, n, ...space]);
  };
  const places = axes.map(({ size, count, length, stride, dilation, before }) =>
    windowAxis({ size, count: length, length: count, stride: dilation, dilation: stride, before }),
  );
  const channels = builder.reshape(swapped(x), [1, depth * batch, ...image]);
  const sums = convolve(builder, channels, swapped(gradient), places, { groups: depth });
  const byChannel = builder.reshape(sums, [depth, multiplier, ...lengths]);
  const [c, m, ...space] = byChannel.shape.keys();
  return builder.transpose(byChannel, [...space, c, m]);
}

/** Positions of a filter's axes of space, of its inputs and of its outputs. */
function filterAxes({ shape }: Value): [space: number[], inputs: number, outputs: number] {
  const rank = shape.length;
  return [[...Array(rank - 2).keys()], rank - 2, rank - 1];
}

/** Reverses the axes of space of a filter `[…, in, out]`. */
function reversedInSpace(builder: OnnxBuilder, filter: Value): Value {
  const places = filter.shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const flat = builder.reshape(filter, [places, ...filter.shape.slice(-2)]);
  const order = builder.int64s([...Array(places).keys()].reverse());
  return builder.reshape(builder.node('Gather', [flat, order], flat, { axis: 0 }), filter.shape);
}
