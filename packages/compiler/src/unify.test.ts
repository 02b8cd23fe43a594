import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile, type OpenInputSpec } from './compile.ts';
import { drawValues } from './testing/draw-values.ts';
import { findMismatch } from './testing/mismatch.ts';
import { openModel, type HostTensor } from './testing/run-onnx.ts';
import { runInTfjs } from './testing/run-tfjs.ts';
import { denseModel, fixedWeights, hourglassModel, twoBlockModel } from './testing/small-models.ts';
import { tolerances } from './testing/tolerances.ts';
import type { TensorFunction } from './trace.ts';

type OpenSpecs = Readonly<Record<string, OpenInputSpec>>;

const rows: OpenSpecs = { x: { shape: ['N', 3], dtype: 'float32' } };
const images: OpenSpecs = { x: { shape: ['N', 8, 8, 1], dtype: 'float32' } };

const dense = denseModel('relu');
const twoBlocks = twoBlockModel();
const hourglass = hourglassModel();

/** Functions in which the batch size may stay open. */
const open: readonly {
  name: string;
  fn: TensorFunction;
  specs: OpenSpecs;
  shape: readonly (number | string)[];
}[] = [
  {
    name: 'a dense model',
    fn: ({ x }) => ({ y: dense.apply(x) as tf.Tensor }),
    specs: rows,
    shape: ['N', 4],
  },
  {
    name: 'a prediction, for which tfjs slices the batch',
    fn: ({ x }) => ({ y: dense.predict(x, { batchSize: 4 }) as tf.Tensor }),
    specs: rows,
    shape: ['N', 4],
  },
  {
    name: 'a convolutional model, with its reshape to rows',
    fn: ({ x }) => ({ y: twoBlocks.apply(x) as tf.Tensor }),
    specs: images,
    shape: ['N', 3],
  },
  {
    name: 'a convolutional autoencoder, with its transposed convolution',
    fn: ({ x }) => ({ y: hourglass.apply(x) as tf.Tensor }),
    specs: { x: { shape: ['N', 8, 4, 1], dtype: 'float32' } },
    shape: ['N', 8, 4, 1],
  },
  {
    name: 'a sum over the steps of all sequences',
    fn: ({ x }) => ({ y: tf.sum(tf.reshape(x, [-1, 3]), 0) }),
    specs: { x: { shape: ['N', 28, 3], dtype: 'float32' } },
    shape: [3],
  },
  {
    name: 'a product with a matrix and back with its transpose',
    fn: ({ x }) => {
      const components = fixedWeights([2, 12], 61);
      const latents = tf.matMul(tf.sub(tf.reshape(x, [-1, 12]), 0.5), components, false, true);
      return {
        y: tf.clipByValue(tf.reshape(tf.add(tf.matMul(latents, components), 0.5), [-1, 4, 3, 1]), 0, 1),
      };
    },
    specs: { x: { shape: ['N', 4, 3, 1], dtype: 'float32' } },
    shape: ['N', 4, 3, 1],
  },
  {
    name: 'pixels as bytes',
    fn: ({ x }) => ({ y: tf.softmax(tf.reshape(tf.div(tf.cast(x, 'float32'), 255), [-1, 6])) }),
    specs: { x: { shape: ['N', 2, 3], dtype: 'uint8' } },
    shape: ['N', 6],
  },
  {
    name: 'a whole multiple of the batch',
    fn: ({ x }) => ({ y: tf.reshape(x, [-1, 1]) }),
    specs: rows,
    shape: ['3*N', 1],
  },
  {
    name: 'an open size in the middle',
    fn: ({ x }) => ({ y: tf.sum(tf.square(x), 2) }),
    specs: { x: { shape: [2, 'N', 3], dtype: 'float32' } },
    shape: [2, 'N'],
  },
  {
    name: 'two inputs with the same open size',
    fn: ({ x, labels }) => ({ y: tf.mul(x, tf.oneHot(labels, 3)) }),
    specs: { ...rows, labels: { shape: ['N'], dtype: 'int32' } },
    shape: ['N', 3],
  },
  {
    name: 'a slice of the axes that are known',
    fn: ({ x }) => ({ y: tf.concat([tf.slice(x, [0, 1], [-1, 2]), ...tf.split(x, 3, 1)], 1) }),
    specs: rows,
    shape: ['N', 5],
  },
  {
    name: 'zeros of the size of the batch',
    fn: ({ x }) => ({ y: tf.concat([x, tf.zerosLike(x)], 1) }),
    specs: rows,
    shape: ['N', 6],
  },
  {
    name: 'ones that are made of numbers',
    fn: ({ x }) => ({ y: tf.matMul(x, tf.ones([x.shape[0] * 4, 3]), false, true) }),
    specs: rows,
    shape: ['N', '4*N'],
  },
  {
    name: 'a shape that is the target of a reshape and more',
    fn: ({ x }) => {
      const taller = tf.reshape(x, [-1, 1, 3]);
      return { y: tf.concat([taller, tf.zerosLike(taller)], 1) };
    },
    specs: rows,
    shape: ['N', 2, 3],
  },
  {
    name: 'a reshape with two open sizes',
    fn: ({ x }) => ({ y: tf.neg(tf.reshape(tf.add(x, tf.transpose(x)), [x.shape[0], 1, x.shape[0]])) }),
    specs: { x: { shape: ['N', 'N'], dtype: 'float32' } },
    shape: ['N', 1, 'N'],
  },
  { name: 'a mean that knows no count', fn: ({ x }) => ({ y: tf.mean(x) }), specs: rows, shape: [] },
];

describe('an open size', () => {
  it.each(open)('stays open in $name', async ({ fn, specs, shape }) => {
    const compiled = compile(fn, specs, { name: 'open' });
    expect(compiled.outputs).toEqual([{ name: 'y', shape, dtype: 'float32' }]);
    expect(compiled.inputs.map((port) => port.shape)).toEqual(Object.values(specs).map((spec) => spec.shape));
    const model = await openModel(compiled.bytes);
    try {
      expect(model.inputs[0]).toMatchObject({ name: 'x', shape: specs['x'].shape });
      for (const size of [1, 3, 64]) {
        const point = Object.fromEntries(
          Object.entries(specs).map(([name, { shape: axes, dtype }], i): [string, HostTensor] => {
            const type = { shape: axes.map((axis) => (typeof axis === 'string' ? size : axis)), dtype };
            return [name, { ...type, data: drawValues({ ...type, range: 'signed' }, size + i) }];
          }),
        );
        const actual = await model.run(point);
        const expected = runInTfjs(fn, point);
        expect(findMismatch(actual['y'], expected['y'], tolerances.sum), `size ${size}`).toBeUndefined();
      }
    } finally {
      await model.close();
    }
  });

  it.each<[string, TensorFunction, OpenSpecs, string]>([
    [
      'the count of a mean over the batch',
      ({ x }) => ({ y: tf.div(tf.sum(x), x.size) }),
      rows,
      'a constant of float32[] used by Div',
    ],
    [
      'the gradient of a mean over the batch',
      ({ x }) => ({ y: tf.grad((v) => tf.mean(tf.square(v)))(x) }),
      rows,
      'a constant of float32[] used by Mul',
    ],
    [
      'rows up to a fixed place',
      ({ x }) => ({ y: tf.slice(x, [0, 0], [Math.min(6, x.shape[0]) - 1, 3]) }),
      rows,
      'a constant of int64[1] used by Slice',
    ],
    [
      'a product of the batch with itself',
      ({ x }) => ({ y: tf.matMul(x, x, false, true).reshape([-1]) }),
      rows,
      'Reshape of layer ""',
    ],
    [
      'padding to a fixed size',
      ({ x }) => ({
        y: tf.pad(x, [
          [0, 9 - x.shape[0]],
          [0, 0],
        ]),
      }),
      rows,
      'a constant of int64[4] used by Pad',
    ],
    [
      'a branch on the size',
      ({ x }) => ({ y: x.shape[0] > 5 ? tf.neg(x) : tf.add(tf.neg(x), 1) }),
      rows,
      'the number of nodes or constants',
    ],
    [
      'a choice by the size',
      ({ x }) => ({ y: x.shape[0] > 5 ? tf.neg(x) : tf.exp(x) }),
      rows,
      'Exp of layer ""',
    ],
    ['an attribute', ({ x }) => ({ y: tf.leakyRelu(x, x.shape[0]) }), rows, 'LeakyRelu of layer ""'],
    [
      'the sign of an infinite attribute',
      ({ x }) => ({ y: tf.leakyRelu(x, x.shape[0] > 5 ? Infinity : -Infinity) }),
      rows,
      'LeakyRelu of layer ""',
    ],
    [
      'an operand',
      ({ x, z }) => ({ y: tf.neg(x.shape[0] > 5 ? x : z) }),
      { ...rows, z: { shape: ['N', 3], dtype: 'float32' } },
      'Neg of layer ""',
    ],
    [
      'outputs that change places',
      ({ x }) => {
        const [y, z] = [tf.neg(x), tf.exp(x)];
        return x.shape[0] > 5 ? { y: z, z: y } : { y, z };
      },
      rows,
      'output "y"',
    ],
    [
      'other outputs',
      ({ x }) => (x.shape[0] > 5 ? { z: tf.neg(x) } : { y: tf.neg(x) }),
      rows,
      'what goes in or comes out',
    ],
    [
      'a window with a stride, which rounds two sizes that are close to one',
      ({ x }) => ({ y: tf.maxPool(x as tf.Tensor4D, 4, 4, 'valid') }),
      { x: { shape: [1, 'N', 4, 1], dtype: 'float32' } },
      'the number of nodes or constants',
    ],
    [
      'a convolution with a stride larger than any size that is tried otherwise',
      ({ x }) => ({ y: tf.conv2d(x as tf.Tensor4D, tf.ones([2, 1, 1, 1]), 160, 'same') }),
      { x: { shape: [1, 'N', 1, 1], dtype: 'float32' } },
      'the number of nodes or constants',
    ],
    [
      'the count of a slice in steps',
      ({ x }) => {
        const some = tf.stridedSlice(x, [0], [x.shape[0]], [4]);
        return { y: tf.div(tf.sum(some), some.shape[0]) };
      },
      { x: { shape: ['N'], dtype: 'float32' } },
      'a constant of float32[] used by Div',
    ],
    [
      'a whole part that starts at a larger size',
      ({ x }) => ({ y: tf.add(x, Math.floor(x.shape[0] / 32)) }),
      rows,
      'a constant of float32[] used by Add',
    ],
    [
      'a branch on a larger size',
      ({ x }) => ({ y: x.shape[0] > 64 ? tf.neg(x) : tf.exp(x) }),
      rows,
      'Exp of layer ""',
    ],
  ])('is refused for %s', (_, fn, specs, what) => {
    const attempt = (): unknown => compile(fn, specs, { name: 'open' });
    expect(attempt).toThrow(RangeError);
    expect(attempt).toThrow(`Cannot leave the size "N" open: ${what}`);
    expect(attempt).toThrow(/ depends on it in a way that no axis explains.*; give a number instead\.$/);
  });

  it('says what a size is where it is refused', () => {
    const fourths: TensorFunction = ({ x }) => ({ y: tf.stridedSlice(x, [0], [x.shape[0]], [4]) });
    expect(() => compile(fourths, { x: { shape: ['N'], dtype: 'float32' } }, { name: 'open' })).toThrow(
      new RangeError(
        'Cannot leave the size "N" open: Slice of layer "" depends on it in a way that no axis explains ' +
          '(a size is 2, 2, 26 where it is 5, 7, 101); give a number instead.',
      ),
    );
  });

  it('stays open in a function that ends before the largest size that is tried', async () => {
    const upTo =
      (most: number): TensorFunction =>
      ({ x }) => ({ y: tf.add(x, tf.slice(fixedWeights([most, 3], 62), [0, 0], [x.shape[0], 3])) });
    const fn = upTo(20);
    const { bytes, outputs } = compile(fn, rows, { name: 'open' });
    expect(outputs).toEqual([{ name: 'y', shape: ['N', 3], dtype: 'float32' }]);
    const model = await openModel(bytes);
    const type = { shape: [13, 3], dtype: 'float32' } as const;
    const point = { x: { ...type, data: drawValues({ ...type, range: 'signed' }, 63) } };
    expect(
      findMismatch((await model.run(point))['y'], runInTfjs(fn, point)['y'], tolerances.sum),
    ).toBeUndefined();
    await model.close();
    expect(() => compile(upTo(8), rows, { name: 'open' })).toThrow(
      /^Cannot leave the size "N" open: the function fails where it is 101 or 53 or 29 or 17 or 11; give a number instead\. It says: ./,
    );
  });

  it('is one per function', () => {
    const specs: OpenSpecs = { x: { shape: ['N', 'M'], dtype: 'float32' } };
    expect(() => compile(({ x }) => ({ y: x }), specs, { name: 'open' })).toThrow(
      new RangeError(
        'Cannot compile with the open sizes "N", "M": at most one may be open; give numbers for the others.',
      ),
    );
  });
});
