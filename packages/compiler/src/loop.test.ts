import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { findBlockedChannels } from './find-blocked-channels.ts';
import { printGraph } from './graph.ts';
import { compileLoop, type LoopOptions, type LoopStep } from './loop.ts';
import { drawValues } from './testing/draw-values.ts';
import { findMismatch } from './testing/mismatch.ts';
import { openModel, runModel, type HostTensor } from './testing/run-onnx.ts';
import { tolerances } from './testing/tolerances.ts';

/** One step down the slope of a small network on a batch of its own, with its momentum. */
const descend: LoopStep = ({ carried: { w, momentum }, each: { pixels, rate } }) => {
  const { value, grad } = tf.valueAndGrad((v) =>
    tf.mean(tf.square(tf.relu(tf.matMul(tf.div(tf.cast(pixels, 'float32'), 255), v)))),
  )(w);
  const next = tf.add(tf.mul(momentum, 0.9), grad);
  return {
    carried: { w: tf.sub(w, tf.mul(rate, next)), momentum: next },
    each: { loss: value, norm: tf.sum(tf.square(grad), 0) },
  };
};
const specs = {
  carried: { w: { shape: [3, 2], dtype: 'float32' }, momentum: { shape: [3, 2], dtype: 'float32' } },
  each: { pixels: { shape: [4, 3], dtype: 'uint8' }, rate: { shape: [], dtype: 'float32' } },
} as const;

const floats = (shape: readonly number[], data: Float32Array): HostTensor => ({
  shape,
  dtype: 'float32',
  data,
});
const start = {
  w: floats([3, 2], drawValues({ shape: [3, 2], dtype: 'float32', range: 'positive' }, 1) as Float32Array),
  momentum: floats([3, 2], new Float32Array(6)),
};
/** What steps `first` to before `end` have of their own. */
const own = (first: number, end: number): { pixels: HostTensor; rate: HostTensor } => ({
  pixels: {
    shape: [end - first, 4, 3],
    dtype: 'uint8',
    data: Uint8Array.from({ length: 12 * (end - first) }, (_, i) => ((12 * first + i) * 37) % 256),
  },
  rate: floats(
    [end - first],
    Float32Array.from({ length: end - first }, (_, i) => 0.5 / (first + i + 1)),
  ),
});

test('is a Loop around the step, which finds its own inputs at the number of its turn', () => {
  const { graph, inputs, outputs } = compileLoop(
    ({ carried: { x }, each: { by } }) => ({ carried: { x: tf.add(x, by) }, each: { twice: tf.mul(x, 2) } }),
    { carried: { x: { shape: [2], dtype: 'float32' } }, each: { by: { shape: [2], dtype: 'float32' } } },
    { name: 'sums' },
  );
  expect(printGraph(graph)).toMatchInlineSnapshot(`
    "%0 = input "x" : float32[2]
    %1 = input "by" : float32[1,2]
    %2 = constant [] : int64[0]
    %3 = Shape(%1) {start: 0, end: 1} : int64[1]
    %4 = Reshape(%3, %2) : int64[]
    %5, %6 = Loop(%4, _, %0) : float32[2], float32[1,2]
      %7 = input "iteration" : int64[]
      %8 = input "going" : bool[]
      %9 = input "x" : float32[2]
      %10 = constant [2] : float32[]
      %11 = Gather(%1, %7) {axis: 0} : float32[2]
      %12 = Add(%9, %11) : float32[2]
      %13 = Mul(%9, %10) : float32[2]
      %14 = Identity(%8) : bool[]
      output "goes on" = %14
      output "next/x" = %12
      output "next/each/twice" = %13
    output "next/x" = %5
    output "twice" = %6"
  `);
  expect(inputs).toEqual([
    { name: 'x', shape: [2], dtype: 'float32' },
    { name: 'by', shape: ['steps', 2], dtype: 'float32' },
  ]);
  expect(outputs).toEqual([
    { name: 'next/x', shape: [2], dtype: 'float32' },
    { name: 'twice', shape: ['steps', 2], dtype: 'float32' },
  ]);
});

describe('onnxruntime', () => {
  test('takes k steps in a run as it takes them one by one, bit for bit', async () => {
    const loop = await openModel(compileLoop(descend, specs, { name: 'descent' }).bytes);
    const single = await openModel(
      compile(
        ({ pixels, rate, w, momentum }) => {
          const { carried, each } = descend({ carried: { w, momentum }, each: { pixels, rate } });
          return { ...each, 'next/w': carried['w'], 'next/momentum': carried['momentum'] };
        },
        { ...specs.carried, ...specs.each },
        { name: 'one step' },
      ).bytes,
    );
    let state: Record<string, HostTensor> = start;
    const losses: number[] = [];
    const norms: number[] = [];
    for (let i = 0; i < 7; i++) {
      const { pixels, rate } = own(i, i + 1);
      const { loss, norm, ...next } = await single.run({
        ...state,
        pixels: { ...pixels, shape: [4, 3] },
        rate: { ...rate, shape: [] },
      });
      state = { w: next['next/w'], momentum: next['next/momentum'] };
      losses.push(...(loss.data as Float32Array));
      norms.push(...(norm.data as Float32Array));
    }

    const whole = await loop.run({ ...start, ...own(0, 7) });
    expect(whole['next/w']).toEqual(state['w']);
    expect(whole['next/momentum']).toEqual(state['momentum']);
    expect(whole['loss']).toEqual(floats([7], Float32Array.from(losses)));
    expect(whole['norm']).toEqual(floats([7, 2], Float32Array.from(norms)));
    expect(new Set(losses).size).toBe(7);

    const begun = await loop.run({ ...start, ...own(0, 5) });
    const rest = await loop.run({ w: begun['next/w'], momentum: begun['next/momentum'], ...own(5, 7) });
    expect(rest['next/w']).toEqual(state['w']);
    await loop.close();
    await single.close();
  });

  test('takes none where no step has inputs', async () => {
    const loop = await openModel(compileLoop(descend, specs, { name: 'descent' }).bytes);
    const none = await loop.run({ ...start, ...own(0, 0) });
    expect(none['next/w'].data).toEqual(start.w.data);
    expect(none['loss'].shape).toEqual([0]);
    await loop.close();
  });

  test('gives what a step passes on as it is, exchanges or makes of nothing', async () => {
    const scalar = { shape: [], dtype: 'float32' } as const;
    const { bytes } = compileLoop(
      ({ carried: { a, b }, each: { own: x } }) => ({
        carried: { a: b, b: a },
        each: { seen: x, again: x, one: tf.scalar(1) },
      }),
      { carried: { a: scalar, b: scalar }, each: { own: scalar } },
      { name: 'exchange' },
    );
    const loop = await openModel(bytes);
    const value = (of: number): HostTensor => floats([], Float32Array.of(of));
    const results = await loop.run({
      a: value(1),
      b: value(2),
      own: floats([3], Float32Array.of(7, 8, 9)),
    });
    const found = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]),
    );
    expect(found).toEqual({
      'next/a': [2],
      'next/b': [1],
      seen: [7, 8, 9],
      again: [7, 8, 9],
      one: [1, 1, 1],
    });
    await loop.close();
  });
});

describe('compileLoop refuses', () => {
  const x = { shape: [2], dtype: 'float32' } as const;
  const same: LoopStep = ({ carried }) => ({ carried, each: {} });
  test.each([
    [
      'steps with no inputs of their own',
      () => compileLoop(same, { carried: { x }, each: {} }, { name: 'endless' }),
      'Cannot compile a loop in which steps have no inputs of their own: their first axis says how many steps to take, and "each" is empty; give it one.',
    ],
    [
      'one name for two inputs',
      () => compileLoop(same, { carried: { x }, each: { x } }, { name: 'twins' }),
      'Cannot compile a loop with two inputs "x": names must differ between "carried" and "each", and both have it; rename one.',
    ],
    [
      'a carried tensor of another shape',
      () =>
        compileLoop(
          ({ carried }) => ({ carried: { x: tf.concat([carried['x'], carried['x']]) }, each: {} }),
          { carried: { x }, each: { y: x } },
          { name: 'growing' },
        ),
      'Cannot carry "x" from step to step: it must come out of a step with the type it goes in with, which is float32[2], and comes out as float32[4]; return it unchanged in type.',
    ],
    [
      'a carried tensor that is not returned',
      () =>
        compileLoop(() => ({ carried: {}, each: {} }), { carried: { x }, each: { y: x } }, { name: 'lost' }),
      'Cannot carry "x" from step to step: it must come out of a step with the type it goes in with, which is float32[2], and comes out as none; return it unchanged in type.',
    ],
    [
      'pixels that are carried, which a step sees as int32',
      () =>
        compileLoop(
          same,
          { carried: { x: { shape: [2], dtype: 'uint8' } }, each: { y: x } },
          { name: 'bytes' },
        ),
      'Cannot carry "x" from step to step: it must come out of a step with the type it goes in with, which is uint8[2], and comes out as int32[2]; return it unchanged in type.',
    ],
    [
      'a name in "each" that goes in and comes out',
      () =>
        compileLoop(
          ({ carried, each }) => ({ carried, each: { y: tf.neg(each['y']) } }),
          { carried: { x }, each: { y: x } },
          { name: 'same' },
        ),
      'Cannot trace output "y": inputs and outputs must have names of their own, and this is an input\'s; choose another.',
    ],
    [
      'a name in "each" of what is carried',
      () =>
        compileLoop(
          ({ carried, each }) => ({ carried, each: { x: each['y'] } }),
          { carried: { x }, each: { y: x } },
          { name: 'same' },
        ),
      'Cannot trace output "x": inputs and outputs must have names of their own, and this is an input\'s; choose another.',
    ],
    [
      'a step that returns nothing',
      () => compileLoop((() => undefined) as unknown as LoopStep, { carried: { x }, each: { y: x } }),
      'Cannot trace what the step returns: it must be what it hands on and what to collect, as { carried: { … }, each: { … } }, and is nothing; return that.',
    ],
    [
      'a step that returns no "each"',
      () => compileLoop((({ carried }) => ({ carried })) as LoopStep, { carried: { x }, each: { y: x } }),
      'Cannot trace what the step returns as "each": it must be tensors by name, as in { y }, and is nothing; return that.',
    ],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(new TypeError(message));
  });
});

test('compileLoop refuses options that there are none of', () => {
  const x = { shape: [], dtype: 'float32' } as const;
  const step: LoopStep = ({ carried, each }) => ({ carried, each: { y: tf.neg(each['x']) } });
  const options = { weights: 'int8' } as LoopOptions;
  expect(() => compileLoop(step, { carried: {}, each: { x } }, options)).toThrow(
    new RangeError(
      'Cannot compile a loop with option "weights": there is none of that name; the options are name, description, metadata, without, target.',
    ),
  );
});

describe('a step is improved as its options say', () => {
  const images = { shape: [2, 8, 8, 16], dtype: 'float32' } as const;
  const filter = { shape: [3, 3, 16, 16], dtype: 'float32' } as const;
  const convolve: LoopStep = ({ carried: { w }, each: { x } }) => {
    const hidden = tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'));
    return { carried: { w }, each: { y: tf.conv2d(hidden, w as tf.Tensor4D, 1, 'same') } };
  };
  const convolution = { carried: { w: filter }, each: { x: images } };

  test('without passes that are left out', () => {
    const twice: LoopStep = ({ carried: { w }, each: { x } }) => ({
      carried: { w },
      each: { y: tf.mul(tf.exp(x), tf.exp(x)) },
    });
    const exponentials = (options: LoopOptions): number =>
      printGraph(compileLoop(twice, { carried: { w: images }, each: { x: images } }, options).graph).split(
        'Exp(',
      ).length - 1;
    expect(exponentials({})).toBe(1);
    expect(exponentials({ without: ['shareEqual'] })).toBe(2);
  });

  test('with blocked convolutions for a machine that has them', async () => {
    const blockedChannels = await findBlockedChannels(runModel);
    const { bytes, graph } = compileLoop(convolve, convolution, { target: { blockedChannels } });
    expect(printGraph(graph).includes('nchwc')).toBe(blockedChannels !== undefined);
    const point = {
      w: { ...filter, data: drawValues({ ...filter, range: 'signed' }, 5) },
      x: {
        shape: [3, ...images.shape],
        dtype: 'float32',
        data: drawValues({ shape: [3, ...images.shape], dtype: 'float32', range: 'signed' }, 6),
      },
    } as const;
    const actual = await runModel(bytes, point);
    const expected = await runModel(compileLoop(convolve, convolution).bytes, point);
    expect(findMismatch(actual['y'], expected['y'], tolerances.sum)).toBeUndefined();
  });
});

test('draws the random numbers of every step', async () => {
  const step: LoopStep = ({ carried: { x }, each: { by } }) => {
    const noisy = tf.layers.gaussianNoise({ stddev: 0.5 }).apply(by, { training: true }) as tf.Tensor;
    return { carried: { x: tf.add(x, noisy) }, each: {} };
  };
  const type = { shape: [2], dtype: 'float32' } as const;
  const { bytes, inputs } = compileLoop(
    step,
    { carried: { x: type }, each: { by: type } },
    { name: 'noisy' },
  );
  expect(inputs.at(-1)).toEqual({
    name: 'random/0',
    shape: ['steps', 2],
    dtype: 'float32',
    distribution: { kind: 'normal', mean: 0, standardDeviation: 0.5 },
  });
  const model = await openModel(bytes);
  const results = await model.run({
    x: floats([2], Float32Array.of(1, 2)),
    by: floats([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)),
    'random/0': floats([3, 2], Float32Array.of(0, 0.5, 0, -0.25, 1, 0)),
  });
  await model.close();
  expect(results['next/x'].data).toEqual(Float32Array.of(1 + 9 + 1, 2 + 12 + 0.25));
});
