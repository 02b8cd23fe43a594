import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { passNames } from './simplify.ts';
import { findMismatch } from './testing/mismatch.ts';
import { runModel } from './testing/run-onnx.ts';
import { denseModel, twoBlockModel } from './testing/small-models.ts';
import { tolerances } from './testing/tolerances.ts';
import type { TensorFunction } from './trace.ts';

const vector = { x: { shape: [3], dtype: 'float32' } } as const;
const x = { shape: [3], dtype: 'float32', data: Float32Array.of(-1, 0, 2) } as const;

describe('compile', () => {
  it('gives a model that runs, and describes its ports', async () => {
    const compiled = compile(
      (inputs) => ({
        total: tf.sum(tf.cast(inputs['pixels'], 'float32')),
        flags: tf.greater(inputs['pixels'], 7),
      }),
      { pixels: { shape: [2, 2], dtype: 'uint8' } },
      { name: 'sum' },
    );
    expect(compiled.inputs).toEqual([{ name: 'pixels', shape: [2, 2], dtype: 'uint8' }]);
    expect(compiled.outputs).toEqual([
      { name: 'total', shape: [], dtype: 'float32' },
      { name: 'flags', shape: [2, 2], dtype: 'bool' },
    ]);
    const pixels = { shape: [2, 2], dtype: 'uint8', data: Uint8Array.of(255, 1, 0, 8) } as const;
    expect(await runModel(compiled.bytes, { pixels })).toEqual({
      total: { shape: [], dtype: 'float32', data: Float32Array.of(264) },
      flags: { shape: [2, 2], dtype: 'bool', data: Uint8Array.of(1, 0, 0, 1) },
    });
  });

  it('gives outputs values of their own', async () => {
    const weights = tf.tensor([1, 2, 3]);
    const { bytes, graph } = compile(
      (inputs) => {
        const y = tf.neg(inputs['x']);
        return { input: inputs['x'], constant: weights, y, again: y };
      },
      vector,
      { name: 'copies' },
    );
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Neg', 'Identity', 'Identity', 'Identity']);
    const results = await runModel(bytes, { x });
    expect(Object.entries(results).map(([name, { data }]) => `${name} ${data.join(' ')}`)).toEqual([
      'input -1 0 2',
      'constant 1 2 3',
      'y 1 0 -2',
      'again 1 0 -2',
    ]);
  });

  it('takes inputs that the function does not use', async () => {
    const { bytes } = compile(
      (inputs) => ({ y: tf.neg(inputs['x']) }),
      { ...vector, unused: vector.x },
      { name: 'unused' },
    );
    const results = await runModel(bytes, { x, unused: x });
    expect(results['y'].data).toEqual(Float32Array.of(1, -0, -2));
  });

  it('runs names that are no identifiers', async () => {
    const { bytes } = compile(
      (inputs) => ({
        'next/loss': tf.neg(inputs['parameters/dense/kernel']),
        größe: tf.exp(inputs['c0']),
        v1: inputs['v0'],
      }),
      { 'parameters/dense/kernel': vector.x, c0: vector.x, v0: vector.x },
      { name: 'names' },
    );
    const results = await runModel(bytes, { 'parameters/dense/kernel': x, c0: x, v0: x });
    expect(Object.keys(results)).toEqual(['next/loss', 'größe', 'v1']);
  });

  it.each(passNames)('leaves out %s when told to, with the same results', async (pass) => {
    const model = twoBlockModel();
    const fn: TensorFunction = ({ images }) => {
      const score = (batch: tf.Tensor): tf.Tensor => tf.mean(tf.square(model.apply(batch) as tf.Tensor));
      return { gradient: tf.grad(score)(images) };
    };
    const specs = { images: { shape: [2, 8, 8, 1], dtype: 'float32' } } as const;
    const images = { ...specs.images, data: Float32Array.from({ length: 128 }, (_, i) => Math.sin(i)) };
    const all = compile(fn, specs, { name: 'all' });
    const fewer = compile(fn, specs, { name: 'fewer', without: [pass] });
    const [expected, actual] = [
      await runModel(all.bytes, { images }),
      await runModel(fewer.bytes, { images }),
    ];
    expect(findMismatch(actual['gradient'], expected['gradient'], tolerances.gradient)).toBeUndefined();
  });

  it('needs no options', async () => {
    const { bytes } = compile((inputs) => ({ y: tf.neg(inputs['x']) }), vector);
    expect((await runModel(bytes, { x }))['y'].data).toEqual(Float32Array.of(1, -0, -2));
  });

  it.each([[[null, 2]], [[-1, 2]]])('says how to leave a size open where it is %s', (shape) => {
    const specs = { x: { shape: shape as number[], dtype: 'float32' } } as const;
    expect(() => compile(({ x }) => ({ y: x }), specs)).toThrow(
      new TypeError(
        `Cannot trace input "x" of shape [${shape.map(String).join()}]: sizes must be whole numbers from 0 up, or a name where a size is to ` +
          "stay open, as in ['N', 2].",
      ),
    );
  });

  it.each<[string, object, string]>([
    [
      'an empty name',
      { name: '' },
      'Cannot make a model with the name "": an ONNX graph must have a name, and this is empty; give one, or leave it out.',
    ],
    [
      'options that there are none of',
      { weigths: 'int8' },
      'Cannot compile with option "weigths": there is none of that name; the options are name, description, metadata, variables, weights, without, target.',
    ],
    [
      'integers that there are none of',
      { weights: 'int4' },
      'Cannot store weights as "int4": they may be float32, int8 or int6; choose one of these.',
    ],
    [
      'passes that there are none of',
      { without: ['fuseBiass'] },
      `Cannot leave out pass "fuseBiass": there is none of that name; the passes are ${passNames.join(', ')}.`,
    ],
    [
      'a target that there is none of',
      { target: { blockedChanels: 8 } },
      'Cannot compile for a target with option "blockedChanels": there is none of that name; the options are blockedChannels.',
    ],
    [
      'blocks of three channels',
      { target: { blockedChannels: 3 } },
      'Cannot block channels by 3: onnxruntime takes a multiple of 4 together; give what findBlockedChannels finds, or leave it out.',
    ],
    [
      'blocks of no channels',
      { target: { blockedChannels: 0 } },
      'Cannot block channels by 0: onnxruntime takes a multiple of 4 together; give what findBlockedChannels finds, or leave it out.',
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => compile((inputs) => ({ y: tf.neg(inputs['x']) }), vector, options)).toThrow(
      new RangeError(message),
    );
  });

  it('refuses an input without a shape', () => {
    const specs = { x: { dtype: 'float32' } } as unknown as typeof vector;
    expect(() => compile((inputs) => ({ y: inputs['x'] }), specs)).toThrow(
      'Cannot trace input "x": it must have a shape, a list of sizes, and has undefined;',
    );
  });

  it('compiles a model to the same bytes every time', () => {
    const model = denseModel('elu');
    const bytes = (): Uint8Array =>
      compile(
        ({ rows }) => ({ y: model.predict(rows) as tf.Tensor }),
        { rows: { shape: ['N', 3], dtype: 'float32' } },
        { name: 'same' },
      ).bytes;
    expect(bytes()).toEqual(bytes());
  });
});
