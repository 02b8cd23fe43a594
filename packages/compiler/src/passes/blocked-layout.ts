import type { Node, Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { TensorType } from '../tensor-type.ts';

/** Operator set of onnxruntime's convolutions on blocked channels. It is internal: no file that leaves the machine has it. */
export const blockedDomain = 'com.microsoft.nchwc';

/** Where the channels of an image stand that is not blocked. */
export type ImageLayout = 'NCHW' | 'NHWC';

/** The same image in blocks of channels. */
interface BlockedImage {
  /** `[N, C/B, H, W, B]`. */
  readonly value: Value;
  /** Layout of the image that it stands for. */
  readonly layout: ImageLayout;
}

/** Conversions between layouts at a given size of block, and what is known of which image is which block. */
export interface BlockedImages {
  readonly block: number;
  /** The blocked form of an image, if it has one already. */
  known(image: Value | null): BlockedImage | undefined;
  /** Says that `blocked` stands for an image of that layout, and gives the image. */
  leave(builder: OnnxBuilder, blocked: Value, layout: ImageLayout): Value;
  /** The blocked form of an image whose channels divide into blocks. */
  enter(builder: OnnxBuilder, image: Value, layout: ImageLayout): Value;
}

/** Axes of an image by role. */
export const imageAxes = {
  NCHW: { channels: 1, height: 2, width: 3 },
  NHWC: { channels: 3, height: 1, width: 2 },
} as const;

export function blockedImages(block: number): BlockedImages {
  const forms = new Map<Value, BlockedImage>();
  return {
    block,
    known: (image) => (image === null ? undefined : forms.get(image)),
    leave(builder, blocked, layout) {
      const image = unblock(builder, blocked, layout);
      forms.set(image, { value: blocked, layout });
      return image;
    },
    enter(builder, image, layout) {
      const known = forms.get(image)?.value;
      if (known !== undefined) return known;
      const value = intoBlocks(builder, image, { layout, block });
      forms.set(image, { value, layout });
      return value;
    },
  };
}

/** Emits an operator of the blocked set. */
export function blockedNode(
  builder: OnnxBuilder,
  op: string,
  { inputs, type, attributes }: { inputs: Node['inputs']; type: TensorType; attributes: Node['attributes'] },
): Value {
  return builder.nodeWithOutputs(op, inputs, [type], attributes, blockedDomain)[0];
}

/**
 * The shape that onnxruntime's blocked operators take and give a blocked image with: that of the NCHW image, though its
 * elements are in another order.
 */
export function labelShape([batch, blocks, height, width, block]: readonly number[]): number[] {
  return [batch, blocks * block, height, width];
}

/** The true shape of a blocked image that is labelled so. */
export function blockedShape([batch, channels, height, width]: readonly number[], block: number): number[] {
  return [batch, channels / block, height, width, block];
}

function unblock(builder: OnnxBuilder, blocked: Value, layout: ImageLayout): Value {
  const label = labelShape(blocked.shape);
  const [batch, channels, height, width] = label;
  const shape = layout === 'NCHW' ? label : [batch, height, width, channels];
  if (blocked.dtype === 'float32') {
    return blockedNode(builder, 'ReorderOutput', {
      inputs: [builder.reshape(blocked, label)],
      type: { shape, dtype: 'float32' },
      attributes: { channels, channels_last: layout === 'NHWC' ? 1 : 0 },
    });
  }
  const order = layout === 'NCHW' ? [0, 1, 4, 2, 3] : [0, 2, 3, 1, 4];
  return builder.reshape(builder.transpose(blocked, order), shape);
}

function intoBlocks(
  builder: OnnxBuilder,
  image: Value,
  { layout, block }: { layout: ImageLayout; block: number },
): Value {
  const axes = imageAxes[layout];
  const [batch, height, width] = [0, axes.height, axes.width].map((axis) => image.shape[axis]);
  const channels = image.shape[axes.channels];
  const label = [batch, channels, height, width];
  if (image.dtype === 'float32') {
    const labelled = blockedNode(builder, 'ReorderInput', {
      inputs: [image],
      type: { shape: label, dtype: 'float32' },
      attributes: { channels_last: layout === 'NHWC' ? 1 : 0 },
    });
    return builder.reshape(labelled, blockedShape(label, block));
  }
  return layout === 'NCHW'
    ? builder.transpose(
        builder.reshape(image, [batch, channels / block, block, height, width]),
        [0, 1, 3, 4, 2],
      )
    : builder.transpose(
        builder.reshape(image, [batch, height, width, channels / block, block]),
        [0, 3, 1, 2, 4],
      );
}
