import * as tf from '@tensorflow/tfjs';
import type { Graph, Node, Value } from '../graph.ts';
import { rewrite, type Surroundings } from '../rewrite.ts';
import type { Target } from '../target.ts';

/**
 * Computes a convolution's gradient by its filter as a convolution itself, one in which images and channels change places:
 *
 *     gradient[kH, kW, in, out] = conv(x as [in, H, W, N], dy as a filter [oH, oW, N, out])
 *
 * with the strides of the convolution as dilations. Only where channels are blocked, and batch and outputs divide into
 * blocks: the blocked convolution does that at its full speed and reads the images where they are, while in NCHW it is half
 * as fast as the product of patches that the kernel is otherwise lowered to.
 *
 * Works on a graph of tfjs kernels, before lowering.
 */
export function filterGradientByConvolution(graph: Graph, { blockedChannels }: Target): Graph {
  if (blockedChannels === undefined) return graph;
  return rewrite(graph, (node, surroundings) =>
    node.op === 'Conv2DBackpropFilter' ? convolve(node, surroundings, blockedChannels) : undefined,
  );
}

function convolve(
  { inputs, outputs, attributes }: Node,
  { builder }: Surroundings,
  block: number,
): Value[] | undefined {
  const [x, dy] = inputs as [Value, Value];
  const [batch] = x.shape;
  const [height, width, depth, filters] = outputs[0].shape;
  const { strides, pad, dataFormat, dimRoundingMode } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  if (dataFormat === 'NCHW' || batch === 0 || batch % block !== 0 || filters % block !== 0) return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    outputs[0].shape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  // The window moves to as many places as the filter has, and whatever of the image is beyond them was never seen.
  const after = [
    height + (info.outHeight - 1) * info.strideHeight - info.inHeight - info.padInfo.top,
    width + (info.outWidth - 1) * info.strideWidth - info.inWidth - info.padInfo.left,
  ] as const;
  if (after.some((size) => size < 0)) return undefined;
  const emit = (op: string, operands: Value[], shape: readonly number[], rest: Node['attributes']): Value =>
    builder.nodeWithOutputs(op, operands, [{ shape, dtype: 'float32' }], rest, 'tfjs')[0];
  const transpose = (value: Value, perm: readonly number[]): Value =>
    emit(
      'Transpose',
      [value],
      perm.map((axis) => value.shape[axis]),
      { perm },
    );
  const gradient = emit(
    'Conv2D',
    [transpose(x, [3, 1, 2, 0]), transpose(dy, [1, 2, 0, 3])],
    [depth, height, width, filters],
    {
      strides: 1,
      dilations: [info.strideHeight, info.strideWidth],
      pad: [
        [0, 0],
        [info.padInfo.top, after[0]],
        [info.padInfo.left, after[1]],
        [0, 0],
      ],
      dataFormat: 'NHWC',
    } as unknown as Node['attributes'],
  );
  return [transpose(gradient, [1, 2, 0, 3])];
}
