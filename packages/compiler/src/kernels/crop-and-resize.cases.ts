import * as tf from '@tensorflow/tfjs';
import type { CaseInput, GradientCheck, KernelCase } from '../testing/kernel-case.ts';

const noGradient: GradientCheck = { check: 'none', because: 'tfjs has no gradient of cropAndResize' };

interface Boxes {
  readonly boxes: readonly (readonly [y1: number, x1: number, y2: number, x2: number])[];
  readonly images: readonly number[];
  readonly size: [height: number, width: number];
  readonly extrapolationValue?: number;
}

const layouts: Readonly<Record<string, Boxes>> = {
  'of the whole image': { boxes: [[0, 0, 1, 1]], images: [0], size: [7, 6] },
  'of a part, larger': { boxes: [[0.25, 0.1, 0.75, 0.4]], images: [1], size: [4, 5] },
  'of a part, smaller': { boxes: [[0.1, 0.2, 0.9, 0.95]], images: [0], size: [2, 3] },
  'turned round': { boxes: [[1, 0.8, 0.1, 0]], images: [1], size: [3, 3] },
  'to one pixel': { boxes: [[0.1, 0.2, 0.5, 0.7]], images: [0], size: [1, 1] },
  'to one row': { boxes: [[0.1, 0.2, 0.5, 0.75]], images: [0], size: [1, 4] },
  'over the border': { boxes: [[-0.5, -0.2, 1.3, 1.7]], images: [1], size: [5, 4], extrapolationValue: 7 },
  'of several images': {
    boxes: [
      [0, 0, 0.45, 0.55],
      [0.3, 0.1, 0.62, 0.88],
      [0.45, 0.55, 1, 1],
    ],
    images: [1, 0, 1],
    size: [3, 2],
  },
  'of an image that is not there': {
    boxes: [
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ],
    images: [2, 0],
    size: [2, 2],
    extrapolationValue: 5,
  },
};

function row(
  name: string,
  { boxes, images, size, extrapolationValue = 0 }: Boxes,
  { method, x }: { method: 'bilinear' | 'nearest'; x: CaseInput },
): KernelCase {
  return {
    name: `CropAndResize ${name}, ${method}`,
    covers: ['CropAndResize'],
    inputs: { x },
    fn: (inputs) =>
      tf.image.cropAndResize(
        inputs['x'] as tf.Tensor4D,
        tf.tensor2d(boxes.flat(), [boxes.length, 4]),
        tf.tensor1d([...images], 'int32'),
        size,
        method,
        extrapolationValue,
      ),
    tolerance: 'sum',
    gradient: noGradient,
  };
}

export const cropAndResizeCases: readonly KernelCase[] = (['bilinear', 'nearest'] as const).flatMap(
  (method) => [
    ...Object.entries(layouts).map(([name, boxes]) =>
      row(name, boxes, { method, x: { shape: [2, 5, 6, 2] } }),
    ),
    row(
      'of int32',
      { boxes: [[0.1, 0, 0.8, 1]], images: [0], size: [3, 4] },
      { method, x: { shape: [1, 3, 4, 1], dtype: 'int32' } },
    ),
    row(
      'of a single pixel',
      { boxes: [[0, 0, 1, 1]], images: [0], size: [2, 3] },
      { method, x: { shape: [1, 1, 1, 2] } },
    ),
  ],
);
