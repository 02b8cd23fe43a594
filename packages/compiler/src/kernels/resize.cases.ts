import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { CaseInput, GradientCheck, KernelCase } from '../testing/kernel-case.ts';

type Size = [height: number, width: number];

interface ResizeOptions {
  readonly alignCorners?: boolean;
  readonly halfPixelCenters?: boolean;
}

const spellings: Readonly<Record<string, ResizeOptions>> = {
  '': {},
  ', corners aligned': { alignCorners: true },
  ', centers of pixels': { halfPixelCenters: true },
};

/** Sizes from, without the channels, and to. */
const sizes: Readonly<Record<string, readonly [from: readonly number[], to: Size]>> = {
  'twice as large': [
    [2, 3, 3],
    [6, 6],
  ],
  'larger by no whole factor': [
    [1, 3, 3],
    [5, 7],
  ],
  smaller: [
    [2, 7, 7],
    [3, 4],
  ],
  'to a single pixel': [
    [1, 3, 3],
    [1, 1],
  ],
  'from a single pixel': [
    [2, 1, 1],
    [3, 2],
  ],
  'by unequal factors': [
    [1, 2, 2],
    [6, 4],
  ],
  'to its own size': [
    [1, 3, 3],
    [3, 3],
  ],
  'higher than wide': [
    [1, 5, 2],
    [3, 4],
  ],
  'of no images': [
    [0, 2, 2],
    [4, 4],
  ],
};

/** Where tfjs's own gradient is not the derivative, and why. */
function gradientCheck(
  kernel: string,
  [batch, height, width]: readonly number[],
  { halfPixelCenters = false }: ResizeOptions,
): { readonly gradient?: GradientCheck } {
  const wrong = (because: string): { gradient: GradientCheck } => ({
    gradient: { check: 'differences only', because: `tfjs 4.22 ${because}` },
  });
  if (halfPixelCenters) return wrong('leaves halfPixelCenters out of account in the gradient');
  if (kernel === 'ResizeBilinear' && height !== width) return wrong('swaps height and width of the gradient');
  if (kernel !== 'ResizeBilinear' && batch > 1)
    return wrong('mixes up the images of a batch in the gradient');
  return {};
}

function resizing(
  kernel: 'ResizeBilinear' | 'ResizeNearestNeighbor',
  resize: (x: tf.Tensor4D, size: Size, options: ResizeOptions) => tf.Tensor,
): KernelCase[] {
  return Object.entries(spellings).flatMap(([spelling, options]) =>
    Object.entries(sizes).map(([name, [from, to]]): KernelCase => ({
      name: `${kernel} ${name}${spelling}`,
      covers: [kernel, `${kernel}Grad`],
      inputs: { x: { shape: [...from, 2] } },
      fn: ({ x }) => resize(x as tf.Tensor4D, to, options),
      tolerance: kernel === 'ResizeBilinear' ? 'sum' : 'gradient',
      ...gradientCheck(kernel, from, options),
    })),
  );
}

function bilinear(x: tf.Tensor4D, size: Size, { alignCorners, halfPixelCenters }: ResizeOptions): tf.Tensor {
  return tf.image.resizeBilinear(x, size, alignCorners, halfPixelCenters);
}

function nearest(x: tf.Tensor4D, size: Size, { alignCorners, halfPixelCenters }: ResizeOptions): tf.Tensor {
  return tf.image.resizeNearestNeighbor(x, size, alignCorners, halfPixelCenters);
}

const whole: CaseInput = { shape: [1, 2, 3, 1], dtype: 'int32' };

export const resizeCases: readonly KernelCase[] = [
  ...resizing('ResizeBilinear', bilinear),
  ...resizing('ResizeNearestNeighbor', nearest),
  {
    name: 'ResizeBilinear of int32',
    covers: ['ResizeBilinear'],
    inputs: { x: whole },
    fn: ({ x }) => tf.image.resizeBilinear(x as tf.Tensor4D, [5, 4]),
    gradient: notReal,
  },
  {
    name: 'ResizeNearestNeighbor of int32, repeated',
    covers: ['ResizeNearestNeighbor'],
    inputs: { x: whole },
    fn: ({ x }) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 6]),
    gradient: notReal,
  },
  {
    name: 'ResizeNearestNeighbor of int32, in another size',
    covers: ['ResizeNearestNeighbor'],
    inputs: { x: whole },
    fn: ({ x }) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [3, 5]),
    gradient: notReal,
  },
  {
    name: 'ResizeNearestNeighbor with NaN and infinity',
    covers: ['ResizeNearestNeighbor'],
    inputs: { x: { shape: [1, 2, 2, 1] } },
    fn: ({ x }) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 4]),
    also: [{ x: [NaN, Infinity, -Infinity, 1] }],
  },
  {
    name: 'ResizeNearestNeighbor as upSampling2d has it, between convolutions',
    covers: ['ResizeNearestNeighbor', 'ResizeNearestNeighborGrad', 'Conv2D'],
    inputs: { x: { shape: [1, 3, 3, 2] }, w: { shape: [3, 3, 2, 2] }, v: { shape: [3, 3, 2, 1] } },
    fn: ({ x, w, v }) => {
      const inner = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      const large = tf.image.resizeNearestNeighbor(inner, [6, 6]);
      return tf.conv2d(large, v as tf.Tensor4D, 1, 'same');
    },
    tolerance: 'sum',
  },
];
