import type { Attributes, Node, Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { Surroundings } from '../rewrite.ts';
import { blockedNode, blockedShape, imageAxes, labelShape, type BlockedImages } from './blocked-layout.ts';

/**
 * Whether a convolution can run on blocks of channels: one group, output channels that divide into blocks, and input
 * channels that do or are too few for a single block, as those of a first layer.
 */
export function canBlock({ op, domain, inputs, outputs, attributes }: Node, block: number): boolean {
  const [image, weights] = inputs;
  if (op !== 'Conv' || domain !== '' || image?.shape.length !== 4 || image.dtype !== 'float32') return false;
  const [batch, channels] = image.shape;
  const filters = weights!.shape[0];
  return (
    (attributes['group'] ?? 1) === 1 &&
    filters > 0 &&
    filters % block === 0 &&
    (channels < block || channels % block === 0) &&
    batch * channels > 0 &&
    outputs[0].shape.every((size) => size > 0)
  );
}

/**
 * The convolution of NCHW images, on blocks of channels.
 * @param relu whether to apply ReLU to what it gives.
 * @returns the result in blocks.
 */
export function convolveBlocks(
  { inputs, outputs, attributes }: Node,
  { builder, producer }: Surroundings,
  { images, relu }: { images: BlockedImages; relu: boolean },
): Value {
  const [image, weights, bias = null] = inputs as [Value, Value, (Value | null)?];
  const { block } = images;
  const filter = filterInBlocks(weights, { builder, producer }, images);
  const padded = paddedInput(builder, image, { images, weights, output: outputs[0], attributes });
  const label = outputs[0].shape;
  const result = blockedNode(builder, 'Conv', {
    inputs: bias === null ? [padded.value, filter] : [padded.value, filter, bias],
    type: { shape: label, dtype: 'float32' },
    attributes: {
      ...attributes,
      pads: padded.pads,
      ...(relu ? { activation: 'Relu' } : {}),
    },
  });
  return builder.reshape(result, blockedShape(label, block));
}

/**
 * What a blocked convolution reads, and the padding that is left to it. It computes outputs beside the padding one by one
 * and the others several at once: where the filter is nearly as large as the image, as in a filter's gradient, padding
 * beforehand makes it twice as fast.
 */
function paddedInput(
  builder: OnnxBuilder,
  image: Value,
  {
    images,
    weights,
    output,
    attributes,
  }: { images: BlockedImages; weights: Value; output: Value; attributes: Attributes },
): { value: Value; pads: number[] } {
  const { block } = images;
  const pads = (attributes['pads'] as number[] | undefined) ?? [0, 0, 0, 0];
  const [top, left, bottom, right] = pads;
  const isLarge = weights.shape[3] > output.shape[3] && pads.some((size) => size > 0);
  if (image.shape[1] < block) {
    return isLarge
      ? { value: builder.pad(image, [0, 0, top, left], [0, 0, bottom, right]), pads: [0, 0, 0, 0] }
      : { value: image, pads };
  }
  const blocked = images.enter(builder, image, 'NCHW');
  const value = isLarge ? builder.pad(blocked, [0, 0, top, left, 0], [0, 0, bottom, right, 0]) : blocked;
  return { value: builder.reshape(value, labelShape(value.shape)), pads: isLarge ? [0, 0, 0, 0] : pads };
}

/**
 * Weights `[O, I, kH, kW]` in the order of the blocked convolution, `[O/B, I/B, kH, kW, B of I, B of O]`, or
 * `[O/B, I, kH, kW, B of O]` where the inputs are fewer than a block; labelled `[O, I, kH, kW]`. Weights that come out of a
 * transpose are taken from before it, and from blocks where they are an image, so that they are moved only once.
 */
function filterInBlocks(
  weights: Value,
  { builder, producer }: Pick<Surroundings, 'builder' | 'producer'>,
  images: BlockedImages,
): Value {
  const { block } = images;
  const node = producer(weights);
  const transposed = node?.op === 'Transpose' && node.domain === '';
  const source = transposed ? node.inputs[0]! : weights;
  const order = transposed ? (node.attributes['perm'] as number[]) : [0, 1, 2, 3];
  const [outputs, inputs, height, width] = order;
  const blocksInputs = weights.shape[1] >= block;
  const known = images.known(source);
  // Weights that are an image, as in a filter's gradient, have its batch for their inputs or outputs.
  const isImage = [0, imageAxes[known?.layout ?? 'NCHW'].channels].every((axis) =>
    [outputs, inputs].includes(axis),
  );
  const blocked = blocksInputs && isImage ? known : undefined;
  // Parts of each axis of the source, in order: of one that is blocked, how many blocks and the place in the block.
  const { value, places } =
    blocked === undefined
      ? splitAxes(builder, source, { axes: blocksInputs ? [outputs, inputs] : [outputs], block })
      : splitBatch(builder, blocked.value, { layout: blocked.layout, block });
  const [outputBlocks, outputPlace] = places[outputs] as [number, number];
  const [inputBlocks, inputPlace] = places[inputs] as [number, number?];
  const target = [outputBlocks, inputBlocks, places[height][0], places[width][0]];
  if (inputPlace !== undefined) target.push(inputPlace);
  return builder.reshape(builder.transpose(value, [...target, outputPlace]), weights.shape);
}

/** Splits axes into blocks. `places` has, for each axis of the source, where its parts are in `value`. */
function splitAxes(
  builder: OnnxBuilder,
  source: Value,
  { axes, block }: { axes: readonly number[]; block: number },
): { value: Value; places: number[][] } {
  const shape: number[] = [];
  const places = source.shape.map((size, axis) => {
    const start = shape.length;
    if (!axes.includes(axis)) {
      shape.push(size);
      return [start];
    }
    shape.push(size / block, block);
    return [start, start + 1];
  });
  return { value: builder.reshape(source, shape), places };
}

/** The same of a blocked image: its channels are split already, its batch is split here. */
function splitBatch(
  builder: OnnxBuilder,
  blocked: Value,
  { layout, block }: { layout: 'NCHW' | 'NHWC'; block: number },
): { value: Value; places: number[][] } {
  const [batch, ...rest] = blocked.shape;
  const value = builder.reshape(blocked, [batch / block, block, ...rest]);
  const [ofBatch, ofChannels, ofHeight, ofWidth] = [[0, 1], [2, 5], [3], [4]];
  const places =
    layout === 'NCHW' ? [ofBatch, ofChannels, ofHeight, ofWidth] : [ofBatch, ofHeight, ofWidth, ofChannels];
  return { value, places };
}
