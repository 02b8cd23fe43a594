import type { Node, Value } from '../graph.ts';
import type { Surroundings } from '../rewrite.ts';
import { sameShape, sizeOf } from '../tensor-type.ts';
import {
  blockedNode,
  blockedShape,
  imageAxes,
  labelShape,
  type BlockedImages,
  type ImageLayout,
} from './blocked-layout.ts';
import { elementwiseOperators } from './elementwise-operators.ts';

/**
 * Computes a node on blocks of channels that was one on an image which has them, if its operator can: elementwise
 * operators, sums over whole channels, pools, transposes between the layouts, channels of several images one after the
 * other, and channels that become rows and columns.
 */
export function computeInBlocks(
  node: Node,
  surroundings: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  if (node.outputs.length !== 1) return undefined;
  if (elementwiseOperators.has(node.op)) return computeElementwise(node, surroundings, images);
  const rule = rules[node.op];
  return rule !== undefined && images.known(node.inputs[0]) ? rule(node, surroundings, images) : undefined;
}

type BlockRule = (node: Node, surroundings: Surroundings, images: BlockedImages) => Value[] | undefined;

const rules: Readonly<Partial<Record<string, BlockRule>>> = {
  Transpose: moveAxes,
  ReduceSum: sumChannels,
  MaxPool: pool,
  AveragePool: pool,
  Concat: concatChannels,
  DepthToSpace: spreadChannels,
};

function computeElementwise(
  { op, inputs, outputs, attributes }: Node,
  { builder }: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  const { shape, dtype } = outputs[0];
  const layout = inputs
    .map((value) =>
      value !== null && sameShape(value.shape, shape) ? images.known(value)?.layout : undefined,
    )
    .find((found) => found !== undefined);
  if (layout === undefined) return undefined;
  const { channels } = imageAxes[layout];
  const operands: (Value | null)[] = [];
  for (const value of inputs) {
    const kind = value === null ? 'none' : kindOf(value, shape, channels);
    if (kind === 'other') return undefined;
    if (kind === 'none') operands.push(null);
    else if (kind === 'image') operands.push(images.enter(builder, value!, layout));
    else if (kind === 'number')
      operands.push(value!.shape.length === 0 ? value : builder.reshape(value!, []));
    else operands.push(builder.reshape(value!, [shape[channels] / images.block, 1, 1, images.block]));
  }
  const label = layout === 'NCHW' ? shape : [shape[0], shape[3], shape[1], shape[2]];
  const type = { shape: blockedShape(label, images.block), dtype };
  return [images.leave(builder, builder.node(op, operands, type, attributes), layout)];
}

/** How an operand stands to an image of that shape. */
function kindOf(
  value: Value,
  shape: readonly number[],
  channels: number,
): 'image' | 'channels' | 'number' | 'other' {
  if (sameShape(value.shape, shape)) return 'image';
  if (sizeOf(value.shape) === 1) return 'number';
  const lead = shape.length - value.shape.length;
  const isByChannel = value.shape.every((size, i) => size === (lead + i === channels ? shape[channels] : 1));
  return isByChannel ? 'channels' : 'other';
}

/** Transposes that only say anew where the channels are. */
function moveAxes(
  { inputs, attributes }: Node,
  { builder }: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  const { value, layout } = images.known(inputs[0])!;
  const order = (attributes['perm'] as number[]).join();
  const other: ImageLayout = layout === 'NCHW' ? 'NHWC' : 'NCHW';
  if (order === (layout === 'NCHW' ? '0,2,3,1' : '0,3,1,2')) return [images.leave(builder, value, other)];
  // The batch becomes the channels and the channels the batch, as in a filter's gradient.
  const swaps = order === (layout === 'NCHW' ? '1,0,2,3' : '3,0,1,2');
  const [batch, channels, height, width] = labelShape(value.shape);
  const { block } = images;
  if (!swaps || batch % block !== 0) return undefined;
  // By way of NCHW: with all images as the channels of one, its blocks are what is wanted but for the order of whole
  // channels. Several times as fast as a transpose of all axes, and on all threads.
  const image = images.leave(builder, value, 'NCHW');
  const stacked = builder.reshape(image, [1, batch, channels * height, width]);
  const blocks = builder.reshape(images.enter(builder, stacked, 'NCHW'), [
    batch / block,
    channels,
    height * width * block,
  ]);
  const swapped = builder.reshape(builder.transpose(blocks, [1, 0, 2]), [
    channels,
    batch / block,
    height,
    width,
    block,
  ]);
  return [images.leave(builder, swapped, 'NCHW')];
}

/** Sums over all but the channels. */
function sumChannels(
  { inputs, outputs }: Node,
  { builder, constant }: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  const { value, layout } = images.known(inputs[0])!;
  const axes = constant(inputs[1] ?? null);
  if (axes === undefined || value.dtype !== 'float32') return undefined;
  const { channels } = imageAxes[layout];
  const summed = new Set(Array.from(axes as BigInt64Array, Number));
  if (summed.size !== 3 || summed.has(channels)) return undefined;
  // In two steps, for each of which onnxruntime has a fast way.
  const sum = builder.reduceSum(builder.reduceSum(value, [0], false), [1, 2], false);
  return [builder.reshape(sum, outputs[0].shape)];
}

function pool(
  { op, inputs, outputs, attributes }: Node,
  { builder }: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  const { value, layout } = images.known(inputs[0])!;
  if (layout !== 'NCHW') return undefined;
  const result = blockedNode(builder, op, {
    inputs: [builder.reshape(value, labelShape(value.shape))],
    type: outputs[0],
    attributes,
  });
  return [
    images.leave(builder, builder.reshape(result, blockedShape(outputs[0].shape, images.block)), layout),
  ];
}

/** Channels of several images one after the other. */
function concatChannels(
  { inputs, attributes }: Node,
  { builder }: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  const forms = inputs.map((image) => images.known(image));
  const { layout } = forms[0]!;
  if (attributes['axis'] !== imageAxes[layout].channels) return undefined;
  if (!forms.every((form) => form?.layout === layout)) return undefined;
  return [
    images.leave(
      builder,
      builder.concat(
        forms.map((form) => form!.value),
        1,
      ),
      layout,
    ),
  ];
}

/** Channels that become rows and columns, `b·b` times as many images in one. */
function spreadChannels(
  { inputs, attributes }: Node,
  { builder }: Surroundings,
  images: BlockedImages,
): Value[] | undefined {
  const { value, layout } = images.known(inputs[0])!;
  const size = attributes['blocksize'] as number;
  const [batch, blocks, height, width, block] = value.shape;
  if (layout !== 'NCHW' || attributes['mode'] !== 'DCR' || blocks % (size * size) !== 0) return undefined;
  const rest = blocks / (size * size);
  const apart = builder.reshape(value, [batch, size, size, rest, height, width, block]);
  const moved = builder.transpose(apart, [0, 3, 4, 1, 5, 2, 6]);
  return [
    images.leave(builder, builder.reshape(moved, [batch, rest, height * size, width * size, block]), layout),
  ];
}
