import { randomStream } from '@narrows/shared';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { ClassifierRuns, CodecRuns } from './model-runs.ts';
import type { OrtRuntime } from './ort-session.ts';
import { openOwnModel } from './own-model.ts';
import type { Fitting } from './own-model-layout.ts';
import { softmax } from './softmax.ts';
import { openNodeRuntime } from './testing/node-lab.ts';
import { onnxFile, type OnnxGraph } from './testing/onnx-file.ts';

const digits: Fitting = { imageShape: [4, 4, 1], classCount: 3 };
const colours: Fitting = { imageShape: [4, 4, 3], classCount: 3 };
const pixels = 16;

const random = randomStream(1, 'own-model-test');
const drawn = (length: number) => Float32Array.from({ length }, () => random.nextUniform());
const weights = drawn(pixels * 3);
/** More than two, and an odd number of batches of 2. */
const images = drawn(5 * pixels);

/** images · weights, as every classifier here computes it. */
const scores = Float32Array.from({ length: 5 * 3 }, (_, i) => {
  let sum = 0;
  for (let k = 0; k < pixels; k++) sum += images[Math.floor(i / 3) * pixels + k] * weights[k * 3 + (i % 3)];
  return sum;
});

/** A classifier whose input has this shape; `after` comes behind the matrix product. */
function classifier(
  shape: readonly (number | string)[],
  {
    dtype = 'float32',
    after = [],
    output = 'scores',
    flatShape = [-1, pixels],
  }: {
    dtype?: 'float32' | 'uint8';
    after?: OnnxGraph['nodes'];
    output?: string;
    flatShape?: readonly number[];
  } = {},
): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', dtype, shape }],
    outputs: [{ name: output, shape: ['M', 3] }],
    nodes: [
      { operator: 'Cast', inputs: ['x'], outputs: ['float'], attributes: { to: 1 } },
      { operator: 'Reshape', inputs: ['float', 'flatShape'], outputs: ['flat'] },
      { operator: 'MatMul', inputs: ['flat', 'weights'], outputs: ['scores'] },
      ...after,
    ],
    tensors: [
      { name: 'flatShape', shape: [2], data: BigInt64Array.from(flatShape, BigInt) },
      { name: 'weights', shape: [pixels, 3], data: weights },
    ],
  });
}

/** An autoencoder that gives its input back, times the tensor `factors`. */
function scaler(
  shape: readonly (number | string)[],
  factors: { shape: readonly number[]; data: Float32Array } = { shape: [1], data: Float32Array.of(0.5) },
): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', shape }],
    outputs: [{ name: 'y', shape }],
    nodes: [{ operator: 'Mul', inputs: ['x', 'factors'], outputs: ['y'] }],
    tensors: [{ name: 'factors', ...factors }],
  });
}

let runtime: OrtRuntime;
beforeAll(async () => {
  runtime = await openNodeRuntime();
});
const openOwn = (bytes: Uint8Array, fitting = digits) => openOwnModel(runtime, 'mine.onnx', bytes, fitting);

describe('a classifier', () => {
  test.each([
    ['rows of pixels', ['N', 16]],
    ['NHWC', ['N', 4, 4, 1]],
    ['NCHW', ['N', 1, 4, 4]],
    ['no axis for channels', ['N', 4, 4]],
    ['one image at a time', [1, 1, 4, 4]],
    ['two at a time', [2, 4, 4, 1]],
    ['no axis for the batch', [4, 4]],
    ['nothing declared but the number of axes', ['a', 'b', 'c', 'd']],
  ])('is asked as it takes images: %s', async (_, shape) => {
    const model = await openOwn(classifier(shape));
    expect(model.kind).toBe('classifier');
    const answered = await (model as ClassifierRuns).logits(images);
    expect(answered.length).toBe(scores.length);
    answered.forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i], 5);
    });
    await model.close();
  });

  it('is asked one by one where it says that it takes any number and does not', async () => {
    const model = (await openOwn(classifier(['N', 16], { flatShape: [1, pixels] }))) as ClassifierRuns;
    (await model.logits(images)).forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i], 5);
    });
  });

  it('that takes bytes is given 0 to 255', async () => {
    const model = (await openOwn(classifier(['N', 16], { dtype: 'uint8' }))) as ClassifierRuns;
    (await model.logits(images)).forEach((score, i) => {
      // 16 pixels, each off by half a step at most.
      expect(Math.abs(score - 255 * scores[i])).toBeLessThan(pixels / 2);
    });
  });

  it('may answer with probabilities, which stay what they are', async () => {
    const after = [{ operator: 'Softmax', inputs: ['scores'], outputs: ['p'] }];
    const model = (await openOwn(classifier(['N', 16], { after, output: 'p' }))) as ClassifierRuns;
    const expected = softmax(scores, 3);
    softmax(await model.logits(images), 3).forEach((probability, i) => {
      expect(probability).toBeCloseTo(expected[i], 5);
    });
  });
});

describe('an autoencoder', () => {
  test.each([
    ['NHWC', ['N', 4, 4, 1]],
    ['flat', [1, 16]],
    ['without a batch', [4, 4, 1]],
  ])('gives images back: %s', async (_, shape) => {
    const model = (await openOwn(scaler(shape))) as CodecRuns;
    expect(model).toMatchObject({ kind: 'codec', encode: undefined, decode: undefined });
    expect(await model.reconstruct(images)).toEqual(images.map((value) => value / 2));
  });

  it('whose channels come first is given and gives them so', async () => {
    const factors = { shape: [3, 1, 1], data: Float32Array.of(1, 0.5, 0.25) };
    const model = (await openOwn(scaler(['N', 3, 4, 4], factors), colours)) as CodecRuns;
    const coloured = drawn(2 * 48);
    expect(await model.reconstruct(coloured)).toEqual(
      coloured.map((value, i) => value * factors.data[i % 3]),
    );
  });
});

describe('what does not fit is refused with what would', () => {
  const add = (a: string, b: string) => [{ operator: 'Add', inputs: [a, b], outputs: ['y'] }];
  const image = { name: 'x', shape: ['N', 16] };
  const refused: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /must be an ONNX model, and it is empty/],
    ['PyTorch', Uint8Array.of(0x50, 0x4b, 3, 4, 0), /is a ZIP archive, such as PyTorch/],
    ['text', new TextEncoder().encode('hello'), /is something else: export the model to ONNX/],
    [
      'a file that was cut off',
      classifier(['N', 16]).slice(0, 100),
      /^Cannot use "mine.onnx": onnxruntime must be able to open it, and it says: .*parsing failed\.$/,
    ],
    [
      'larger images',
      classifier(['N', 3, 224, 224]),
      /must be images as float32 or uint8 \[N, 4, 4, 1\], .* or \[N, 16\], and it takes float32 \[N, 3, 224, 224\]\.$/,
    ],
    [
      'two inputs',
      onnxFile({
        inputs: [image, { ...image, name: 'z' }],
        outputs: [{ ...image, name: 'y' }],
        nodes: add('x', 'z'),
      }),
      /must have one input, the image, and it has "x", "z"\.$/,
    ],
    [
      'no input',
      onnxFile({
        inputs: [],
        outputs: [{ name: 'y', shape: [1] }],
        nodes: [{ operator: 'Identity', inputs: ['c'], outputs: ['y'] }],
        tensors: [{ name: 'c', shape: [1], data: Float32Array.of(1) }],
      }),
      /must have one input, the image, and it has none\.$/,
    ],
    [
      'other classes',
      onnxFile({
        inputs: [image],
        outputs: [{ name: 'y', shape: ['N', 1] }],
        nodes: [{ operator: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['y'] }],
        tensors: [{ name: 'axes', shape: [1], data: BigInt64Array.of(1n) }],
      }),
      /must be 3 class scores or an image of 4 × 4 × 1 as float32, and for 2 images it gives "y" float32 \[2, 1\]\.$/,
    ],
    [
      'classes without scores',
      onnxFile({
        inputs: [image],
        outputs: [{ name: 'y', dtype: 'int64', shape: ['N'] }],
        nodes: [{ operator: 'ArgMax', inputs: ['x'], outputs: ['y'], attributes: { axis: 1, keepdims: 0 } }],
      }),
      /for 2 images it gives "y" int64 \[2\]\.$/,
    ],
    [
      'no numbers',
      onnxFile({
        inputs: [image],
        outputs: [{ name: 'y', shape: ['N', 16] }],
        nodes: [{ operator: 'Div', inputs: ['x', 'x'], outputs: ['y'] }],
      }),
      /must answer with finite numbers, and for a plain image one is NaN\.$/,
    ],
    [
      'an operator that there is not',
      onnxFile({
        inputs: [image],
        outputs: [{ name: 'y', shape: ['N', 16] }],
        nodes: [{ operator: 'Frobnicate', inputs: ['x'], outputs: ['y'] }],
      }),
      /^[^\n]*Frobnicate[^\n]*$/,
    ],
    [
      'weights in another file',
      onnxFile({
        inputs: [image],
        outputs: [{ name: 'y', shape: ['N', 16] }],
        nodes: add('x', 'bias'),
        tensors: [{ name: 'bias', shape: [1], data: Float32Array.of(1), external: 'weights.bin' }],
      }),
      /^[^\n]*its weights must be inside[^\n]*$/,
    ],
  ];
  test.each(refused)('%s', async (_, bytes, message) => {
    await expect(openOwn(bytes)).rejects.toThrow(message);
  });

  it('a file that is too large, before anything else', async () => {
    await expect(openOwn(new Uint8Array(200_000_001))).rejects.toThrow(
      'Cannot use "mine.onnx": a model may have 200 MB, and this has 201: export a smaller one.',
    );
  });
});
