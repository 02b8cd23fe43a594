import * as tf from '@tensorflow/tfjs';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';
import { notReal } from '../testing/gradient-reasons.ts';
import { convolutionModel } from '../testing/small-models.ts';

type Padding = Parameters<typeof tf.conv2d>[3];

interface Convolution {
  readonly image?: readonly [batch: number, height: number, width: number, channels: number];
  readonly filter?: readonly [height: number, width: number, inputs: number, outputs: number];
  readonly strides?: number | [number, number];
  readonly pad?: Padding;
  readonly dilations?: number | [number, number];
  readonly rounding?: 'floor' | 'round' | 'ceil';
  readonly gradient?: GradientCheck;
}

/** What a geometry has unless it says otherwise. */
const usual = { image: [2, 7, 6, 3], filter: [3, 3, 3, 4] } as const;

const trained = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];

/** A convolution and both its gradients, in either layout. */
function convolution(
  name: string,
  {
    image: [batch, height, width, channels] = usual.image,
    filter = usual.filter,
    strides = 1,
    pad = 'same',
    dilations = 1,
    rounding,
    gradient,
  }: Convolution,
): KernelCase[] {
  const isDilated = dilations !== 1;
  // tfjs takes explicit paddings in the layout's own order of axes.
  const formats = typeof pad === 'object' ? (['NHWC'] as const) : (['NHWC', 'NCHW'] as const);
  return formats.map((format) => ({
    name: `${name}, ${format}`,
    covers: isDilated ? ['Conv2D'] : trained,
    inputs: {
      x: { shape: format === 'NHWC' ? [batch, height, width, channels] : [batch, channels, height, width] },
      filter: { shape: filter },
    },
    fn: ({ x, filter: weights }) =>
      tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, format, dilations, rounding),
    tolerance: 'sum',
    ...(gradient === undefined ? {} : { gradient }),
    ...(isDilated
      ? { gradient: { check: 'none', because: 'tfjs has a gradient for dilation 1 only' } as const }
      : {}),
  }));
}

/** tfjs leaves `dimRoundingMode` out of gradients, which miss the windows at the end that it made. */
export const roundedAway: GradientCheck = {
  check: 'without differences',
  because: 'tfjs counts the windows of a gradient without dimRoundingMode',
};

interface Transposed {
  readonly image?: readonly [batch: number, height: number, width: number, channels: number];
  readonly filter?: readonly [height: number, width: number, outputs: number, inputs: number];
  readonly strides?: number | [number, number];
  /** Height and width of the result; those of the image times the stride unless given. */
  readonly size?: readonly [height: number, width: number];
  readonly pad?: Padding;
  readonly rounding?: 'floor' | 'round' | 'ceil';
}

/** A transposed convolution, which is the gradient of a convolution, and both its gradients. */
function transposed(
  name: string,
  { image = [2, 3, 2, 4], filter = [3, 3, 3, 4], strides = 2, size, pad = 'same', rounding }: Transposed = {},
): KernelCase {
  const [along, across] = [strides, strides].flat();
  const [height, width] = size ?? [image[1] * along, image[2] * across];
  return {
    name: `conv2dTranspose, ${name}`,
    covers: trained,
    inputs: { x: { shape: image }, filter: { shape: filter } },
    fn: ({ x, filter: weights }) => {
      const shape: [number, number, number, number] = [image[0], height, width, filter[2]];
      return tf.conv2dTranspose(x as tf.Tensor4D, weights as tf.Tensor4D, shape, strides, pad, rounding);
    },
    tolerance: 'sum',
  };
}

interface Fused {
  readonly activation: 'linear' | 'relu' | 'relu6' | 'sigmoid' | 'elu' | 'leakyrelu' | 'prelu';
  readonly format?: 'NHWC' | 'NCHW';
  /** `null` for none. */
  readonly bias?: readonly number[] | null;
  readonly slope?: readonly number[];
}

function fused({ activation, format = 'NHWC', bias = [4], slope = [4] }: Fused): KernelCase {
  const isPrelu = activation === 'prelu';
  const about = [format, `bias ${bias === null ? 'none' : `[${bias.join(',')}]`}`];
  if (isPrelu) about.push(`slopes [${slope.join(',')}]`);
  return {
    name: `FusedConv2D with ${activation} (${about.join(', ')})`,
    covers: ['FusedConv2D'],
    inputs: {
      x: { shape: format === 'NHWC' ? [2, 4, 5, 2] : [2, 2, 4, 5] },
      filter: { shape: [3, 3, 2, 4] },
      ...(bias === null ? {} : { bias: { shape: bias } }),
      ...(isPrelu ? { slope: { shape: slope } } : {}),
    },
    fn: ({ x, filter, bias: offset, slope: slopes }) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        dataFormat: format,
        activation,
        leakyreluAlpha: 0.3,
        ...(bias === null ? {} : { bias: offset }),
        ...(isPrelu ? { preluActivationWeights: slopes } : {}),
      }),
    tolerance: 'sum',
    ...(format === 'NCHW'
      ? {
          gradient: {
            check: 'none',
            because: 'tfjs has no gradient of a fused convolution in NCHW',
          } as const,
        }
      : {}),
  };
}

const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'] as const;

type Geometry = readonly [name: string, options: Convolution];

const geometries: readonly Geometry[] = [
  ['odd sizes, same', {}],
  ['odd sizes, valid', { pad: 'valid' }],
  ['batch 1', { image: [1, 4, 5, 3] }],
  ['filter of even size, padded by one side only', { filter: [2, 2, 3, 4] }],
  ['stride 2 on even sizes, padded by one side only', { image: [2, 6, 8, 3], strides: 2 }],
  ['stride that leaves a rest', { strides: 2, pad: 'valid' }],
  ['stride larger than the window', { filter: [2, 2, 3, 4], strides: 3, pad: 'valid' }],
  ['unequal strides', { filter: [3, 2, 3, 4], strides: [1, 2] }],
  ['window of unequal sides, padded by one side only', { filter: [3, 2, 3, 4] }],
  ['window 1×1', { filter: [1, 1, 3, 4] }],
  ['window 1×1, stride 2', { filter: [1, 1, 3, 4], strides: 2 }],
  ['window as large as the image', { filter: [7, 6, 3, 4], pad: 'valid' }],
  ['one channel in and out', { image: [2, 5, 5, 1], filter: [3, 3, 1, 1] }],
  ['padding by a number', { pad: 1, strides: 2 }],
  ['padding as wide as the window', { pad: 3 }],
  [
    'explicit padding',
    {
      pad: [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      strides: 2,
    },
  ],
  [
    'explicit padding as wide as the window at the far side',
    {
      pad: [
        [0, 0],
        [0, 3],
        [0, 4],
        [0, 0],
      ],
    },
  ],
  ['padding as wide as the window, stride 2', { pad: 3, strides: 2 }],
  [
    'nothing but padding in some windows',
    {
      image: [1, 1, 2, 1],
      filter: [2, 2, 1, 2],
      pad: 5,
    },
  ],
  [
    'padding by a number around a window of unequal sides',
    {
      filter: [2, 4, 3, 4],
      pad: 1,
      strides: 2,
    },
  ],
  ...(['floor', 'round', 'ceil'] as const).map((rounding): Geometry => [
    `stride 3, size rounded by ${rounding}`,
    {
      image: [2, 6, 7, 2],
      filter: [2, 2, 2, 3],
      strides: 3,
      pad: 0,
      rounding,
      ...(rounding === 'floor' ? {} : { gradient: roundedAway }),
    },
  ]),
  [
    'explicit padding, size rounded up',
    {
      pad: [
        [0, 0],
        [1, 0],
        [0, 2],
        [0, 0],
      ],
      strides: 3,
      rounding: 'ceil',
      gradient: roundedAway,
    },
  ],
  ['dilation 2', { dilations: 2 }],
  ['dilation 3 with a wide padding', { dilations: 3, pad: 4 }],
  ['dilations 2 and 1, valid', { dilations: [2, 1], pad: 'valid' }],
];

/** Those that leave nothing to compute. */
const emptyGeometries: readonly Geometry[] = [
  ['empty batch', { image: [0, 4, 5, 3] }],
  ['no window fits', { image: [2, 2, 5, 3], pad: 'valid' }],
  ['no channels', { image: [1, 4, 4, 0], filter: [2, 2, 0, 3] }],
];

/** The same geometry with channels that divide into blocks; a single one is that of a first layer. */
function inBlocks([name, options]: Geometry): KernelCase {
  const { image = usual.image, filter = usual.filter } = options;
  const channels = image[3] === 1 ? 1 : 16;
  const [row] = convolution(name, {
    ...options,
    image: [image[0], image[1], image[2], channels],
    filter: [filter[0], filter[1], channels, 32],
  });
  return row;
}

/** Convolutions that a machine with blocked ones computes by those. */
export const conv2DCasesInBlocks: readonly KernelCase[] = geometries.map(inBlocks);

export const conv2DCases: readonly KernelCase[] = [
  ...[...geometries, ...emptyGeometries].flatMap(([name, options]) => convolution(name, options)),
  {
    name: 'a single image without a batch',
    covers: trained,
    inputs: { x: { shape: [5, 4, 2] }, filter: { shape: [3, 3, 2, 3] } },
    fn: ({ x, filter }) => tf.conv2d(x as tf.Tensor3D, filter as tf.Tensor4D, 1, 'same'),
    tolerance: 'sum',
  },
  {
    name: 'conv1d',
    covers: trained,
    inputs: { x: { shape: [2, 7, 3] }, filter: { shape: [3, 3, 4] } },
    fn: ({ x, filter }) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 2, 'same'),
    tolerance: 'sum',
  },
  transposed('stride 1', { strides: 1 }),
  transposed('stride 2'),
  transposed('batch 1', { image: [1, 3, 2, 4], size: [6, 4] }),
  transposed('empty batch', { image: [0, 3, 2, 4] }),
  transposed('odd sizes, of which the last windows hang over', { size: [5, 3] }),
  transposed('valid', { size: [7, 5], pad: 'valid' }),
  transposed('valid, with a rest that no window reaches', { size: [8, 6], pad: 'valid' }),
  transposed('padding by a number', { size: [5, 3], pad: 1 }),
  transposed('explicit padding', {
    size: [7, 4],
    pad: [
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ],
  }),
  transposed('size rounded up', { image: [2, 3, 3, 4], size: [6, 6], pad: 0, strides: 2, rounding: 'ceil' }),
  transposed('stride larger than the window', { filter: [2, 2, 3, 4], strides: 3, size: [9, 6] }),
  transposed('unequal strides', { strides: [2, 1], size: [6, 2] }),
  transposed('one channel in and out', { image: [2, 3, 2, 1], filter: [3, 3, 1, 1] }),
  {
    name: 'a convolution of stride 2 and its transpose, with bias and ReLU, as an autoencoder has them',
    covers: trained,
    inputs: {
      x: { shape: [2, 6, 4, 1] },
      narrow: { shape: [3, 3, 1, 3] },
      wide: { shape: [3, 3, 1, 3] },
      offsets: { shape: [3] },
      offset: { shape: [1] },
    },
    fn: ({ x, narrow, wide, offsets, offset }) => {
      const small = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, narrow as tf.Tensor4D, 2, 'same'), offsets));
      const large = tf.conv2dTranspose(small as tf.Tensor4D, wide as tf.Tensor4D, [2, 6, 4, 1], 2, 'same');
      return tf.sigmoid(tf.add(large, offset));
    },
    tolerance: 'sum',
  },
  {
    name: 'conv2dTranspose of whole numbers',
    covers: ['Conv2DBackpropInput'],
    inputs: { x: { shape: [1, 2, 2, 2], dtype: 'int32' }, filter: { shape: [3, 3, 1, 2], dtype: 'int32' } },
    fn: ({ x, filter }) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [1, 4, 4, 1], 2, 'same'),
    gradient: notReal,
  },
  ...activations.map((activation) => fused({ activation })),
  ...activations.map((activation) => fused({ activation, format: 'NCHW' })),
  fused({ activation: 'relu', bias: null }),
  ...[[], [1], [1, 1, 4], [4, 5, 4], [2, 4, 5, 4]].map((bias) => fused({ activation: 'relu', bias })),
  fused({ activation: 'relu', format: 'NCHW', bias: [] }),
  fused({ activation: 'relu', format: 'NCHW', bias: [1] }),
  ...[[], [1], [4, 5, 4]].map((slope) => fused({ activation: 'prelu', slope })),
  fused({ activation: 'prelu', format: 'NCHW', bias: [1], slope: [1] }),
  ...(['linear', 'relu', 'elu', 'tanh'] as const).map((activation): KernelCase => {
    const model = convolutionModel(activation);
    return {
      name: `convolution layer with ${activation}`,
      covers: activation === 'tanh' ? ['FusedConv2D', 'Tanh'] : ['FusedConv2D'],
      inputs: { x: { shape: [2, 5, 4, 2] } },
      fn: ({ x }) => model.predict(x) as tf.Tensor,
      tolerance: 'sum',
    };
  }),
];
