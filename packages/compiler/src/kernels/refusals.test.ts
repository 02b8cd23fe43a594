import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { trace, type InputSpec, type NamedTensors } from '../trace.ts';

/** A use of a kernel that ONNX cannot follow, and what the user reads. */
interface Refusal {
  readonly name: string;
  readonly inputs: Readonly<Record<string, readonly [dtype: InputSpec['dtype'], ...shape: number[]]>>;
  readonly fn: (inputs: NamedTensors) => tf.Tensor;
  /** `Error` where a function of tfjs refuses it. */
  readonly error: ErrorConstructor | TypeErrorConstructor | RangeErrorConstructor;
  readonly message: string;
}

const image = { x: ['float32', 1, 5, 5, 2] as const };

const refusals: readonly Refusal[] = [
  {
    name: 'bits of float32',
    inputs: { a: ['float32', 3], b: ['float32', 3] },
    fn: ({ a, b }) => tf.engine().runKernel('BitwiseAnd', { a, b }),
    error: TypeError,
    message:
      'Cannot trace kernel "BitwiseAnd" on float32[3]: ONNX computes it on int32, not on float32; convert the operand with tf.cast first.',
  },
  {
    name: 'statistics that do not fit the images',
    inputs: { x: ['float32', 1, 4, 2, 2], mean: ['float32', 1, 2, 1, 1], variance: ['float32', 1, 2, 1, 1] },
    fn: ({ x, mean, variance }) =>
      tf.engine().runKernel('FusedBatchNorm', { x, mean, variance }, { varianceEpsilon: 0.001 }),
    error: TypeError,
    message: 'Cannot broadcast [1,4,2,2] with [1,2,1,1]',
  },
  {
    name: 'statistics that are larger than the images',
    inputs: { x: ['float32', 1, 1, 2, 2], mean: ['float32', 1, 2, 1, 1], variance: ['float32', 1, 2, 1, 1] },
    fn: ({ x, mean, variance }) =>
      tf.engine().runKernel('FusedBatchNorm', { x, mean, variance }, { varianceEpsilon: 0.001 }),
    error: TypeError,
    message:
      'Cannot normalize [1,1,2,2] by [1,2,1,1]: mean, variance, offset and scale must broadcast to the shape of x; reshape them first.',
  },
  {
    name: 'a gather by more batches than the tensor has',
    inputs: { x: ['float32', 2, 3], indices: ['int32', 3, 1] },
    fn: ({ x, indices }) => tf.gather(x, indices, 1, 1),
    error: Error,
    message: 'x.shape[0]: 2 should be equal to indices.shape[0]: 3.',
  },
  {
    name: 'a stack of two dtypes',
    inputs: { a: ['float32', 2], b: ['int32', 2] },
    fn: ({ a, b }) => tf.engine().runKernel('Pack', { 0: a, 1: b }, { axis: 0 }),
    error: TypeError,
    message:
      'Cannot stack float32[2] with int32[2]: all parts must have one shape and dtype; reshape or cast them first.',
  },
  {
    name: 'a new axis beyond the last',
    inputs: { x: ['float32', 2, 3] },
    fn: ({ x }) => tf.expandDims(x, -4),
    error: RangeError,
    message: 'Cannot add axis -4 to float32[2,3]: it has to be in the interval [-3, 2].',
  },
  {
    name: 'a slice beyond the end',
    inputs: { x: ['float32', 2, 3] },
    fn: ({ x }) => tf.slice(x, [1, 1], [1, 3]),
    error: Error,
    message: 'Error in slice2D: begin[1] + size[1] (4) would overflow input.shape[1] (3)',
  },
  {
    name: 'an axis to reverse that there is none of',
    inputs: { x: ['float32', 2, 3] },
    fn: ({ x }) => tf.reverse(x, 2),
    error: Error,
    message: 'All values in axis param must be in range [-2, 2) but got axis 2',
  },
  {
    name: 'a sum by segments in two axes',
    inputs: { x: ['float32', 2, 3], segments: ['int32', 2, 3] },
    fn: ({ x, segments }) => tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 2),
    error: TypeError,
    message: 'Cannot sum float32[2,3] by the segments int32[2,3]: there has to be one segment for each row',
  },
  {
    name: 'an update of another dtype',
    inputs: { x: ['float32', 3], updates: ['int32', 1] },
    fn: ({ x, updates }) => {
      const indices = tf.tensor2d([0], [1, 1], 'int32');
      return tf.engine().runKernel('TensorScatterUpdate', { tensor: x, indices, updates });
    },
    error: TypeError,
    message: 'Cannot write int32[1] into float32[3]: both must have one dtype; convert with tf.cast first.',
  },
  {
    name: 'counts with too few weights',
    inputs: { x: ['int32', 3], weights: ['float32', 2] },
    fn: ({ x, weights }) => tf.engine().runKernel('Bincount', { x, weights }, { size: 2 }),
    error: TypeError,
    message:
      'Cannot trace kernel "Bincount" on int32[3] with weights float32[2]: there must be one weight for each number, or none.',
  },
  {
    name: 'a window larger than the image',
    inputs: { x: ['float32', 1, 5, 1, 2], filter: ['float32', 3, 3, 2, 3] },
    fn: ({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid'),
    error: RangeError,
    message:
      'Cannot trace kernel "Conv2D": its window must lie within the padded image, which has 1 elements along an axis where the window reaches over 3;',
  },
  {
    name: 'a transposed convolution of more than the image has',
    inputs: { x: ['float32', 1, 2, 3, 1], filter: ['float32', 2, 2, 2, 1] },
    fn: ({ x, filter }) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [1, 6, 6, 2], 2, 'valid'),
    error: TypeError,
    message:
      'Cannot trace kernel "Conv2DBackpropInput" on a gradient of shape [1,2,3,1]: it must have a value for each place of the window, axis 1 has 2 for 3;',
  },
  {
    name: 'a convolution of whole numbers with real weights',
    inputs: { x: ['int32', 1, 3, 3, 3, 1], filter: ['float32', 2, 2, 2, 1, 1] },
    fn: ({ x, filter }) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, 'valid'),
    error: TypeError,
    message: 'Cannot trace kernel "Conv3D" on float32[2,2,2,1,1]: ONNX computes it on int32, not on float32;',
  },
  {
    name: 'a depthwise convolution in NCHW',
    inputs: { x: ['float32', 1, 2, 4, 4], filter: ['float32', 2, 2, 2, 1] },
    fn: ({ x, filter }) => tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid', 'NCHW'),
    error: RangeError,
    message:
      'Cannot trace kernel "DepthwiseConv2dNative" with dataFormat "NCHW": it has to be NHWC; transpose the image first.',
  },
  {
    name: 'positions of a pool that pads by as much as its window',
    inputs: image,
    fn: ({ x }) => tf.maxPoolWithArgmax(x as tf.Tensor4D, 2, 2, 2)['indexes'],
    error: RangeError,
    message:
      'Cannot trace kernel "MaxPoolWithArgmax": its padding must be smaller than its window of 2, got 2 before and',
  },
  {
    name: 'positions of a pool on a single image',
    inputs: { x: ['float32', 3, 3, 1] },
    fn: ({ x }) => tf.maxPoolWithArgmax(x as unknown as tf.Tensor4D, 2, 1, 'same')['indexes'],
    error: TypeError,
    message:
      'Cannot trace kernel "MaxPoolWithArgmax" on float32[3,3,1]: it takes a batch of images, which has rank 4;',
  },
  {
    name: 'operands that do not broadcast',
    inputs: { a: ['float32', 2, 3], b: ['float32', 2] },
    fn: ({ a, b }) => tf.engine().runKernel('Add', { a, b }),
    error: TypeError,
    message: 'Cannot broadcast [2,3] with [2]: sizes of an axis must be equal or 1, axis 1 has 3 and 2.',
  },
  {
    name: 'a product whose inner sizes differ',
    inputs: { a: ['float32', 2, 3], b: ['float32', 4, 5] },
    fn: ({ a, b }) =>
      tf.engine().runKernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }),
    error: TypeError,
    message:
      'Cannot multiply [2,3] by [4,5] (transposeA false, transposeB false): inner sizes must be equal, got 3 and 4.',
  },
  {
    name: 'a reshape of nothing to something',
    inputs: { x: ['float32', 0, 3] },
    fn: ({ x }) => tf.reshape(x, [5]),
    error: TypeError,
    message: 'Cannot reshape [0,3] to [5]: both must have 0 elements.',
  },
  {
    name: 'a string',
    inputs: { x: ['float32', 2] },
    fn: () => tf.fill([2], 'word'),
    error: TypeError,
    message:
      'Cannot trace a tensor of dtype "string": graphs hold float32, int32, bool and uint8; convert it before the traced function.',
  },
];

describe('what ONNX cannot follow is refused while tracing', () => {
  it.each(refusals)('$name', ({ inputs, fn, error, message }) => {
    const specs = Object.fromEntries(
      Object.entries(inputs).map(([name, [dtype, ...shape]]): [string, InputSpec] => [
        name,
        { dtype, shape },
      ]),
    );
    const attempt = (): unknown => trace((tensors) => ({ y: fn(tensors) }), specs);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(error);
  });
});
