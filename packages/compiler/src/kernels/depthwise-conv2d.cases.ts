import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

type Padding = Parameters<typeof tf.depthwiseConv2d>[3];

interface Convolution {
  readonly image?: readonly number[];
  readonly filter?: readonly [height: number, width: number, channels: number, multiplier: number];
  readonly strides?: number | [number, number];
  readonly pad?: Padding;
  readonly dilations?: number | [number, number];
  readonly rounding?: 'floor' | 'round' | 'ceil';
}

const trained = [
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
];

const undilated: GradientCheck = { check: 'none', because: 'tfjs has a gradient for dilation 1 only' };

function convolution(
  name: string,
  {
    image = [2, 7, 6, 3],
    filter = [3, 3, 3, 2],
    strides = 1,
    pad = 'same',
    dilations = 1,
    rounding,
  }: Convolution = {},
): KernelCase {
  const isDilated = dilations !== 1;
  return {
    name,
    covers: isDilated ? ['DepthwiseConv2dNative'] : trained,
    inputs: { x: { shape: image }, filter: { shape: filter } },
    fn: ({ x, filter: weights }) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, 'NHWC', dilations, rounding),
    tolerance: 'sum',
    ...(isDilated ? { gradient: undilated } : {}),
  };
}

interface Fused {
  readonly activation: 'linear' | 'relu' | 'relu6' | 'sigmoid' | 'elu' | 'leakyrelu' | 'prelu';
  /** `null` for none. */
  readonly bias?: readonly number[] | null;
  readonly slope?: readonly number[];
}

function fused({ activation, bias = [4], slope = [4] }: Fused): KernelCase {
  const isPrelu = activation === 'prelu';
  const about = [`bias ${bias === null ? 'none' : `[${bias.join(',')}]`}`];
  if (isPrelu) about.push(`slopes [${slope.join(',')}]`);
  return {
    name: `FusedDepthwiseConv2D with ${activation} (${about.join(', ')})`,
    covers: ['FusedDepthwiseConv2D'],
    inputs: {
      x: { shape: [2, 4, 5, 2] },
      filter: { shape: [3, 3, 2, 2] },
      ...(bias === null ? {} : { bias: { shape: bias } }),
      ...(isPrelu ? { slope: { shape: slope } } : {}),
    },
    fn: ({ x, filter, bias: offset, slope: slopes }) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        activation,
        leakyreluAlpha: 0.3,
        ...(bias === null ? {} : { bias: offset }),
        ...(isPrelu ? { preluActivationWeights: slopes } : {}),
      }),
    seed: 2,
    tolerance: 'sum',
  };
}

const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'] as const;

export const depthwiseConv2DCases: readonly KernelCase[] = [
  convolution('odd sizes, same'),
  convolution('odd sizes, valid', { pad: 'valid' }),
  convolution('multiplier 1', { filter: [3, 3, 3, 1] }),
  convolution('multiplier 1, stride 2', { filter: [3, 3, 3, 1], strides: 2 }),
  convolution('batch 1, one channel', { image: [1, 4, 5, 1], filter: [2, 2, 1, 1] }),
  convolution('batch 1, one channel of which several are made', {
    image: [1, 4, 5, 1],
    filter: [2, 2, 1, 3],
  }),
  convolution('empty batch', { image: [0, 4, 5, 3] }),
  convolution('filter of even size, padded by one side only', { filter: [2, 2, 3, 2] }),
  convolution('stride 2 on even sizes, padded by one side only', { image: [2, 6, 8, 3], strides: 2 }),
  convolution('stride that leaves a rest', { strides: 2, pad: 'valid' }),
  convolution('stride larger than the window', { filter: [2, 2, 3, 2], strides: 3, pad: 'valid' }),
  convolution('unequal strides', { filter: [3, 2, 3, 2], strides: [1, 2] }),
  convolution('window 1×1', { filter: [1, 1, 3, 2] }),
  convolution('window as large as the image', { filter: [7, 6, 3, 2], pad: 'valid' }),
  convolution('padding as wide as the window', { pad: 3 }),
  convolution('padding by a number around a window of unequal sides', {
    filter: [2, 4, 3, 2],
    pad: 1,
    strides: 2,
  }),
  convolution('explicit padding', {
    pad: [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
    strides: 2,
  }),
  convolution('stride 3, size rounded up', {
    image: [2, 6, 7, 2],
    filter: [2, 2, 2, 2],
    strides: 3,
    pad: 0,
    rounding: 'ceil',
  }),
  convolution('no window fits', { image: [2, 2, 5, 3], pad: 'valid' }),
  convolution('dilation 2', { dilations: 2 }),
  convolution('dilations 2 and 3, valid', { dilations: [2, 3], filter: [2, 2, 3, 1], pad: 'valid' }),
  {
    name: 'a single image without a batch, dilations left out',
    covers: ['DepthwiseConv2dNative'],
    inputs: { x: { shape: [5, 4, 2] }, filter: { shape: [3, 3, 2, 2] } },
    fn: ({ x, filter }) => {
      const inputs = { x: tf.expandDims(x), filter };
      return tf.engine().runKernel('DepthwiseConv2dNative', inputs, {
        strides: 1,
        pad: 'same',
        dataFormat: 'NHWC',
      });
    },
    tolerance: 'sum',
  },
  {
    name: 'separableConv2d',
    covers: [...trained, 'Conv2D'],
    inputs: {
      x: { shape: [2, 5, 4, 2] },
      depthwise: { shape: [3, 3, 2, 2] },
      pointwise: { shape: [1, 1, 4, 3] },
    },
    fn: ({ x, depthwise, pointwise }) =>
      tf.separableConv2d(x as tf.Tensor4D, depthwise as tf.Tensor4D, pointwise as tf.Tensor4D, 2, 'same'),
    tolerance: 'sum',
  },
  ...activations.map((activation) => fused({ activation })),
  fused({ activation: 'relu', bias: null }),
  ...[[], [1], [1, 1, 4], [4, 5, 4]].map((bias) => fused({ activation: 'relu', bias })),
  ...[[], [4, 5, 4]].map((slope) => fused({ activation: 'prelu', slope })),
];
