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
    const block = blockSize * blockSize;
    if (dataFormat === 'NCHW') {
      const [batch, depth, height, width] = x.shape;
      return { shape: [batch, depth / block, height * blockSize, width * blockSize], dtype: x.dtype };
    }
    const [batch, height, width, depth] = x.shape;
    return { shape: [batch, height * blockSize, width * blockSize, depth / block], dtype: x.dtype };
  },
  lower: (builder, [x], { blockSize, dataFormat }) => {
    const first = dataFormat === 'NCHW' ? x : builder.channelsFirst(x);
    const [batch, channels, height, width] = first.shape;
    // onnxruntime has this operator for float32 only, but it is no more than a transpose.
    const blocks = [batch, blockSize, blockSize, channels / (blockSize * blockSize), height, width];
    const shape = [batch, blocks[3], height * blockSize, width * blockSize];
    const spread =
      x.dtype === 'float32'
        ? builder.node(
            'DepthToSpace',
            [first],
            { shape, dtype: x.dtype },
            { blocksize: blockSize, mode: 'DCR' },
          )
        : builder.reshape(builder.transpose(builder.reshape(first, blocks), [0, 3, 4, 1, 5, 2]), shape);
    return dataFormat === 'NCHW' ? spread : builder.channelsLast(spread);
  },
};

export const depthToSpaceKernels: readonly AnyKernel[] = [depthToSpace];
