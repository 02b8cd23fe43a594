import type * as tf from '@tensorflow/tfjs';
import type { Value } from '../graph.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/**
 * Rearranges blocks of channels into space. TensorFlow's order of channels (block row, block column, depth) is ONNX's
 * mode `DCR`: https://onnx.ai/onnx/operators/onnx__DepthToSpace.html
 */
const depthToSpace: Kernel<readonly [Value], tf.DepthToSpaceAttrs> = {
  name: 'DepthToSpace',
  inputs: ['x'],
  infer: ([x], { blockSize, dataFormat }) => {
    if (dataFormat !== 'NHWC') {
      throw new RangeError(
        `Cannot trace depthToSpace with dataFormat "${dataFormat}": it has to be NHWC, as on tfjs cpu; transpose before.`,
      );
    }
    const [batch, height, width, depth] = x.shape as [number, number, number, number];
    return {
      shape: [batch, height * blockSize, width * blockSize, depth / (blockSize * blockSize)],
      dtype: x.dtype,
    };
  },
  lower: (builder, [x], { blockSize }, [type]) => {
    const [batch, height, width, depth] = type.shape as [number, number, number, number];
    const output = { shape: [batch, depth, height, width], dtype: x.dtype };
    const attributes = { blocksize: blockSize, mode: 'DCR' };
    return builder.channelsLast(builder.node('DepthToSpace', [builder.channelsFirst(x)], output, attributes));
  },
};

export const depthToSpaceKernels: readonly AnyKernel[] = [depthToSpace];
