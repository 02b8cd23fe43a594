import * as tf from '@tensorflow/tfjs';
import type { LayerCase, LayerGradient } from './testing/layer-case.ts';

const { layers } = tf;

const rows = { x: { shape: [3, 5] } } as const;
const sequence = { x: { shape: [2, 5, 3] } } as const;
const images = { x: { shape: [2, 6, 5, 3] } } as const;
const volumes = { x: { shape: [1, 4, 4, 3, 2] } } as const;

const paddedMean: LayerGradient = {
  check: 'without differences',
  because: 'tfjs divides by the whole window, also where a part of it lies on the padding',
};

const dilated: LayerGradient = { check: 'none', because: 'tfjs has no gradient of a dilated convolution' };

type Activation = NonNullable<Parameters<typeof layers.dense>[0]['activation']>;

const activations = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign'],
  ...['tanh', 'softmax', 'logSoftmax', 'swish', 'mish', 'gelu', 'gelu_new'],
] as Activation[];

const dense: readonly LayerCase[] = [
  ...activations.map((activation): LayerCase => ({
    name: `dense with ${activation}`,
    inputs: rows,
    of: () => layers.dense({ units: 4, activation }),
  })),
  { name: 'dense without bias', inputs: rows, of: () => layers.dense({ units: 1, useBias: false }) },
  { name: 'dense at batch 1', inputs: { x: { shape: [1, 5] } }, of: () => layers.dense({ units: 4 }) },
  { name: 'dense on sequences', inputs: sequence, of: () => layers.dense({ units: 4, activation: 'relu' }) },
];

const convolutions: readonly LayerCase[] = [
  { name: 'conv1d', inputs: sequence, of: () => layers.conv1d({ filters: 2, kernelSize: 3 }) },
  {
    name: 'conv1d, same, stride 2',
    inputs: sequence,
    of: () => layers.conv1d({ filters: 2, kernelSize: 2, strides: 2, padding: 'same', activation: 'relu' }),
  },
  {
    name: 'conv1d, dilated',
    inputs: sequence,
    of: () => layers.conv1d({ filters: 2, kernelSize: 2, dilationRate: 2, padding: 'same' }),
    gradient: dilated,
  },
  { name: 'conv2d', inputs: images, of: () => layers.conv2d({ filters: 2, kernelSize: [2, 3] }) },
  {
    name: 'conv2d, same, stride 2',
    inputs: images,
    of: () => layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
  },
  {
    name: 'conv2d, unequal strides that do not divide',
    inputs: images,
    of: () => layers.conv2d({ filters: 2, kernelSize: 2, strides: [3, 2] }),
  },
  {
    name: 'conv2d, dilated',
    inputs: images,
    of: () => layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2 }),
    gradient: dilated,
  },
  {
    name: 'conv2d, channels first',
    inputs: images,
    of: () => layers.conv2d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }),
  },
  {
    name: 'conv2dTranspose, same, stride 2',
    inputs: images,
    of: () => layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
  },
  {
    name: 'conv2dTranspose',
    inputs: images,
    of: () => layers.conv2dTranspose({ filters: 2, kernelSize: 2, activation: 'elu' }),
  },
  {
    name: 'depthwiseConv2d',
    inputs: images,
    of: () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
  },
  {
    name: 'depthwiseConv2d, same, stride 2',
    inputs: images,
    of: () => layers.depthwiseConv2d({ kernelSize: 2, strides: 2, padding: 'same', activation: 'relu' }),
  },
  {
    name: 'separableConv2d',
    inputs: images,
    of: () => layers.separableConv2d({ filters: 4, kernelSize: 2, depthMultiplier: 2 }),
  },
  {
    name: 'separableConv2d, same, stride 2',
    inputs: images,
    of: () => layers.separableConv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
  },
  { name: 'conv3d', inputs: volumes, of: () => layers.conv3d({ filters: 2, kernelSize: 2 }) },
  {
    name: 'conv3d, same, stride 2',
    inputs: volumes,
    of: () => layers.conv3d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
  },
];

const pools: readonly LayerCase[] = [
  { name: 'maxPooling1d', inputs: sequence, of: () => layers.maxPooling1d({ poolSize: 2 }) },
  {
    name: 'averagePooling1d, same',
    inputs: sequence,
    of: () => layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' }),
    gradient: paddedMean,
  },
  { name: 'maxPooling2d', inputs: images, of: () => layers.maxPooling2d({ poolSize: 2 }) },
  {
    name: 'maxPooling2d, overlapping, same',
    inputs: images,
    of: () => layers.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' }),
  },
  { name: 'averagePooling2d', inputs: images, of: () => layers.averagePooling2d({ poolSize: 2 }) },
  {
    name: 'averagePooling2d, overlapping, same',
    inputs: images,
    of: () => layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    gradient: paddedMean,
  },
  { name: 'maxPooling3d', inputs: volumes, of: () => layers.maxPooling3d({ poolSize: 2 }) },
  { name: 'averagePooling3d', inputs: volumes, of: () => layers.averagePooling3d({ poolSize: 2 }) },
  { name: 'globalMaxPooling1d', inputs: sequence, of: () => layers.globalMaxPooling1d({}) },
  { name: 'globalAveragePooling1d', inputs: sequence, of: () => layers.globalAveragePooling1d({}) },
  { name: 'globalMaxPooling2d', inputs: images, of: () => layers.globalMaxPooling2d({}) },
  { name: 'globalAveragePooling2d', inputs: images, of: () => layers.globalAveragePooling2d({}) },
];

const normalisations: readonly LayerCase[] = [
  ...Object.entries({ rows, sequences: sequence, images }).flatMap(([name, inputs]): LayerCase[] => [
    {
      name: `batchNormalization of ${name}, training`,
      inputs,
      of: () => layers.batchNormalization({ momentum: 0.7 }),
      training: true,
      weights: 'positive',
    },
    {
      name: `batchNormalization of ${name}`,
      inputs,
      of: () => layers.batchNormalization(),
      weights: 'positive',
    },
  ]),
  { name: 'layerNormalization', inputs: images, of: () => layers.layerNormalization() },
  {
    name: 'layerNormalization over two axes',
    inputs: images,
    of: () => layers.layerNormalization({ axis: [2, 3], epsilon: 0.1 }),
  },
];

const noises: readonly LayerCase[] = Object.entries({
  dropout: () => layers.dropout({ rate: 0.4 }),
  'dropout of whole columns': () => layers.dropout({ rate: 0.4, noiseShape: [1, 5] }),
  gaussianNoise: () => layers.gaussianNoise({ stddev: 0.5 }),
  gaussianDropout: () => layers.gaussianDropout({ rate: 0.3 }),
  alphaDropout: () => layers.alphaDropout({ rate: 0.3 }),
}).map(([name, of]): LayerCase => ({ name, inputs: rows, of, training: true }));

const elementwise: readonly LayerCase[] = [
  { name: 'reLU with a maximum', inputs: images, of: () => layers.reLU({ maxValue: 1 }) },
  { name: 'leakyReLU', inputs: images, of: () => layers.leakyReLU({ alpha: 0.1 }) },
  { name: 'prelu', inputs: images, of: () => layers.prelu({}) },
  { name: 'prelu of channels', inputs: images, of: () => layers.prelu({ sharedAxes: [1, 2] }) },
  { name: 'elu', inputs: images, of: () => layers.elu() },
  {
    name: 'thresholdedReLU',
    inputs: images,
    of: () => layers.thresholdedReLU({ theta: 0.5 }),
    gradient: { check: 'none', because: 'tfjs casts a comparison, which has no gradient there' },
  },
  { name: 'softmax', inputs: images, of: () => layers.softmax({ axis: -1 }) },
  { name: 'activation', inputs: images, of: () => layers.activation({ activation: 'tanh' }) },
  { name: 'rescaling', inputs: images, of: () => layers.rescaling({ scale: 0.5, offset: 1 }) },
];

const shapes: readonly LayerCase[] = [
  {
    name: 'embedding',
    inputs: { x: { shape: [2, 4], dtype: 'int32', range: 'positive' } },
    of: () => layers.embedding({ inputDim: 6, outputDim: 3 }),
  },
  // The gradients of tfjs `cpu` take several images for one where the nearest counts, and mix up height and width where
  // it interpolates.
  {
    name: 'upSampling2d',
    inputs: { x: { shape: [1, 6, 5, 3] } },
    of: () => layers.upSampling2d({ size: [2, 3] }),
  },
  {
    name: 'upSampling2d, bilinear',
    inputs: { x: { shape: [2, 4, 4, 3] } },
    of: () => layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
  },
  { name: 'reshape', inputs: images, of: () => layers.reshape({ targetShape: [10, -1] }) },
  { name: 'flatten', inputs: images, of: () => layers.flatten() },
  { name: 'permute', inputs: images, of: () => layers.permute({ dims: [3, 1, 2] }) },
  { name: 'repeatVector', inputs: rows, of: () => layers.repeatVector({ n: 3 }) },
  {
    name: 'cropping2D',
    inputs: images,
    of: () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
  },
  {
    name: 'zeroPadding2d',
    inputs: images,
    of: () =>
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
  },
];

const two = { a: { shape: [2, 3, 4] }, b: { shape: [2, 3, 4] } } as const;
const three = { ...two, c: { shape: [2, 3, 4] } } as const;

const merges: readonly LayerCase[] = [
  { name: 'add', inputs: three, of: () => layers.add() },
  { name: 'multiply', inputs: three, of: () => layers.multiply() },
  { name: 'average', inputs: three, of: () => layers.average() },
  { name: 'maximum', inputs: three, of: () => layers.maximum() },
  { name: 'minimum', inputs: three, of: () => layers.minimum() },
  { name: 'concatenate', inputs: three, of: () => layers.concatenate() },
  { name: 'concatenate along time', inputs: two, of: () => layers.concatenate({ axis: 1 }) },
  { name: 'dot', inputs: two, of: () => layers.dot({ axes: 2 }) },
  { name: 'dot, normalised', inputs: two, of: () => layers.dot({ axes: -1, normalize: true }) },
];

const recurrent: readonly LayerCase[] = [
  ...(['simpleRNN', 'gru', 'lstm'] as const).flatMap((kind): LayerCase[] => [
    { name: kind, inputs: sequence, of: () => layers[kind]({ units: 4 }) },
    {
      name: `${kind}, whole sequence, backwards`,
      inputs: sequence,
      of: () => layers[kind]({ units: 2, returnSequences: true, goBackwards: true }),
    },
    {
      name: `${kind} with dropout, training`,
      inputs: sequence,
      of: () => layers[kind]({ units: 2, dropout: 0.3, recurrentDropout: 0.2 }),
      training: true,
    },
  ]),
  {
    name: 'gru with another activation, unrolled',
    inputs: sequence,
    of: () => layers.gru({ units: 2, activation: 'relu', recurrentActivation: 'sigmoid', unroll: true }),
  },
  {
    name: 'bidirectional lstm',
    inputs: sequence,
    of: () =>
      layers.bidirectional({
        layer: layers.lstm({ units: 2, returnSequences: true }),
        mergeMode: 'concat',
      }),
  },
  {
    name: 'bidirectional gru, summed',
    inputs: sequence,
    of: () => layers.bidirectional({ layer: layers.gru({ units: 2 }), mergeMode: 'sum' }),
  },
  {
    name: 'timeDistributed dense',
    inputs: sequence,
    of: () => layers.timeDistributed({ layer: layers.dense({ units: 2, activation: 'tanh' }) }),
  },
  {
    name: 'stacked cells',
    inputs: sequence,
    of: () => layers.rnn({ cell: [layers.lstmCell({ units: 3 }), layers.gruCell({ units: 2 })] as never }),
  },
];

/** Every layer of tfjs that people train. */
export const layerCases: Readonly<Record<string, readonly LayerCase[]>> = {
  dense,
  convolutions,
  pools,
  normalisations,
  noises: [
    ...noises,
    {
      name: 'spatialDropout1d',
      inputs: sequence,
      of: () => layers.spatialDropout1d({ rate: 0.4 }),
      training: true,
    },
  ],
  elementwise,
  shapes,
  merges,
  recurrent,
};
