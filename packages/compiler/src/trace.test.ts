import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { printGraph } from './graph.ts';
import { denseModel, twoBlockModel } from './testing/small-models.ts';
import { trace, type NamedTensors, type TensorFunction } from './trace.ts';
import { traceBackendName, UnsupportedKernelError } from './trace-backend.ts';

const vector = { x: { shape: [3], dtype: 'float32' } } as const;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a trace', () => {
  it('holds the kernels that the function runs, and nothing of how it is written', () => {
    const graph = trace(
      ({ x, y }) => {
        const sum = tf.tidy(() => tf.add(x, y));
        return { sum, loss: tf.mean(tf.square(tf.clone(sum))) };
      },
      { x: { shape: [2, 3], dtype: 'float32' }, y: { shape: [3], dtype: 'float32' } },
    );
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,3]
      %1 = input "y" : float32[3]
      %2 = Add(%0, %1) : float32[2,3]
      %3 = Square(%2) : float32[2,3]
      %4 = Mean(%3) {keepDims: false} : float32[]
      output "sum" = %2
      output "loss" = %4"
    `);
  });

  it('holds gradients like everything else', () => {
    const graph = trace(({ x }) => ({ dx: tf.grad((v) => tf.sum(tf.square(v)))(x) }), vector);
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = constant [1] : float32[]
      %2 = constant [1, 1, 1] : float32[3]
      %3 = constant [2] : float32[]
      %4 = Square(%0) : float32[3]
      %5 = Sum(%4) {keepDims: false} : float32[]
      %6 = Reshape(%1) {shape: [1]} : float32[1]
      %7 = Multiply(%6, %2) : float32[3]
      %8 = Cast(%0) {dtype: "float32"} : float32[3]
      %9 = Multiply(%8, %3) : float32[3]
      %10 = Multiply(%7, %9) : float32[3]
      output "dx" = %10"
    `);
  });

  it('widens uint8 inputs to the int32 that tfjs knows', () => {
    let dtype = '';
    const graph = trace(
      ({ images }) => {
        dtype = images.dtype;
        return { y: tf.cast(images, 'float32') };
      },
      { images: { shape: [2, 2], dtype: 'uint8' } },
    );
    expect(dtype).toBe('int32');
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "images" : uint8[2,2]
      %1 = Cast(%0) {dtype: "int32"} : int32[2,2]
      %2 = Cast(%1) {dtype: "float32"} : float32[2,2]
      output "y" = %2"
    `);
  });

  it('attributes nodes to the innermost layer', () => {
    const model = twoBlockModel();
    const graph = trace(({ x }) => ({ y: tf.relu(model.apply(x) as tf.Tensor) }), {
      x: { shape: [2, 8, 8, 1], dtype: 'float32' },
    });
    const layers = graph.nodes.map(({ op, layer }) => `${op} ${layer}`);
    expect(layers).toEqual([
      'FusedConv2D convolution1',
      'MaxPool pool1',
      'FusedConv2D convolution2',
      'MaxPool pool2',
      'Reshape flatten',
      'Reshape logits',
      'Reshape logits',
      '_FusedMatMul logits',
      'Reshape logits',
      'Relu ',
    ]);
  });

  it('predicts all rows at once', () => {
    const model = denseModel('relu');
    const opsAt = (batchSize: number): string[] =>
      trace(({ x }) => ({ y: model.predict(x, { batchSize }) as tf.Tensor }), {
        x: { shape: [6, 3], dtype: 'float32' },
      }).nodes.map(({ op }) => op);
    expect(opsAt(2)).toEqual(opsAt(6));
  });

  it('gives equal text for equal functions', () => {
    const weights = tf.tensor([1, 2, 3]);
    const fn: TensorFunction = ({ x }) => ({ y: tf.mul(x, weights) });
    expect(printGraph(trace(fn, vector))).toBe(printGraph(trace(fn, vector)));
  });
});

describe('tensors from outside', () => {
  it('become one constant each, however often they are used', () => {
    const weights = tf.tensor([1, 2, 3]);
    const graph = trace(({ x }) => ({ y: tf.add(tf.mul(x, weights), weights) }), vector);
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = constant [1, 2, 3] : float32[3]
      %2 = Multiply(%0, %1) : float32[3]
      %3 = Add(%2, %1) : float32[3]
      output "y" = %3"
    `);
  });

  it('become constants when they are variables, too', () => {
    const weights = tf.variable(tf.tensor([1, 2, 3]));
    const graph = trace(({ x }) => {
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(x, weights)), [weights]);
      return { gradient: grads[weights.name] };
    }, vector);
    expect([...graph.constants.values()]).toContainEqual(Float32Array.of(1, 2, 3));
  });

  it('can be returned as they are', () => {
    const weights = tf.tensor([1, 2, 3]);
    expect(printGraph(trace(() => ({ weights }), vector))).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = constant [1, 2, 3] : float32[3]
      output "weights" = %1"
    `);
  });

  it('are readable and usable after the trace', async () => {
    const weights = tf.tensor([1, 2, 3]);
    const flags = tf.tensor([true, false], [2], 'bool');
    const indices = tf.tensor([4, -5], [2], 'int32');
    trace(
      ({ x }) => ({ y: tf.mul(x, weights), flags: tf.logicalNot(flags), indices: tf.neg(indices) }),
      vector,
    );
    expect(await weights.data()).toEqual(Float32Array.of(1, 2, 3));
    expect(tf.add(weights, 1).dataSync()).toEqual(Float32Array.of(2, 3, 4));
    expect(tf.logicalNot(flags).dataSync()).toEqual(Uint8Array.of(0, 1));
    expect(tf.neg(indices).dataSync()).toEqual(Int32Array.of(-4, 5));
  });

  it('can be used in the next trace', () => {
    const weights = tf.tensor([1, 2, 3]);
    trace(({ x }) => ({ y: tf.mul(x, weights) }), vector);
    const graph = trace(({ x }) => ({ y: tf.sub(weights, x) }), vector);
    expect([...graph.constants.values()]).toEqual([Float32Array.of(1, 2, 3)]);
  });
});

describe('what a traced function must not do', () => {
  it('reads no values', async () => {
    const message =
      'Cannot read a tensor of float32[3] inside of a traced function: nothing has been computed yet; ' +
      'pass what you need as an input, or return the tensor and read it after the run.';
    expect(() => trace(({ x }) => ({ y: tf.scalar(x.dataSync()[0]) }), vector)).toThrow(message);
    expect(() => trace(({ x }) => ({ y: tf.tensor(x.arraySync()) }), vector)).toThrow(message);
    expect(() => trace(({ x }) => ({ y: tf.scalar(tf.exp(x).dataSync()[0]) }), vector)).toThrow(
      message.replace('nothing has been', 'kernel "Exp" has not been'),
    );
    let reading: Promise<unknown> = Promise.resolve();
    trace(({ x }) => {
      reading = x.data();
      return { y: tf.neg(x) };
    }, vector);
    await expect(reading).rejects.toThrow(message);
  });

  it('may read what it made from numbers', () => {
    const graph = trace(({ x }) => ({ y: tf.mul(x, tf.tensor([1, 2, 3]).dataSync()[1]) }), vector);
    expect([...graph.constants.values()]).toEqual([Float32Array.of(2)]);
  });

  it('may read what it computed from numbers alone', () => {
    const weights = tf.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    let read: unknown;
    const graph = trace(({ x }) => {
      const [size] = tf.tensor(x.shape, [1], 'int32').dataSync();
      const parts = [tf.tensor([-1], [1], 'int32'), tf.tensor([size], [1], 'int32')];
      const [first] = tf.split(tf.matMul(weights, weights, false, true), 2);
      read = first.arraySync();
      return { y: tf.reshape(x, [...tf.concat(parts).dataSync()]) };
    }, vector);
    expect(read).toEqual([[14, 32]]);
    expect(graph.nodes.at(-1)).toMatchObject({ op: 'Reshape', attributes: { shape: [-1, 3] } });
    const before = tf.memory().numDataBuffers;
    expect(() =>
      trace(({ x }) => ({ y: tf.scalar(tf.add(weights, tf.sum(x)).dataSync()[0]) }), vector),
    ).toThrow('Cannot read a tensor of float32[2,3]');
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  it.each([
    ['randomUniform', () => tf.randomUniform([3])],
    ['randomUniform', () => tf.randomUniformInt([3], 0, 9)],
    ['randomNormal', () => tf.randomNormal([3])],
    ['randomNormal', () => tf.randomStandardNormal([3])],
    ['truncatedNormal', () => tf.truncatedNormal([3])],
    ['randomGamma', () => tf.randomGamma([3], 1)],
    ['rand', () => tf.rand([3], () => 0.5)],
    [
      'truncatedNormal',
      () => tf.layers.dense({ units: 2, kernelInitializer: 'leCunNormal' }).apply(tf.ones([1, 3])),
    ],
  ])('draws no random numbers: %s', (op, draw) => {
    expect(() => trace(({ x }) => ({ y: tf.add(x, draw() as tf.Tensor) }), vector)).toThrow(
      `Cannot trace ${op}: its numbers would be drawn once and frozen into the graph; pass them in as an input.`,
    );
  });

  it('computes nothing from text or complex numbers, and leaves them as they were', async () => {
    const words = tf.tensor(['one', 'two']);
    const waves = tf.complex([1, 2], [3, 4]);
    const layer = tf.layers.concatenate({ name: 'join', axis: 0 });
    expect(() => trace(({ x }) => ({ x2: x, y: layer.apply([words, words]) as tf.Tensor }), vector)).toThrow(
      new TypeError(
        'Cannot trace kernel "Concat" on a tensor of string[2] in layer "join": graphs hold float32, int32, bool and uint8; convert it before the traced function.',
      ),
    );
    expect(() => trace(() => ({ words }), vector)).toThrow(
      'Cannot trace output "words", a tensor of string[2]:',
    );
    expect(() => trace(({ x }) => ({ y: tf.add(x, tf.real(waves)) }), vector)).toThrow(
      'Cannot trace kernel "Real"',
    );
    expect(await words.data()).toEqual(['one', 'two']);
    expect(trace(({ x }) => ({ y: tf.mul(x, words.size) }), vector).nodes).toHaveLength(1);
  });

  it('is told in which layer it went wrong', () => {
    class Wrong extends tf.layers.Layer {
      readonly compute: (x: tf.Tensor) => tf.Tensor;
      constructor(compute: (x: tf.Tensor) => tf.Tensor, name: string) {
        super({ name });
        this.compute = compute;
      }
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return this.compute(inputs as tf.Tensor);
      }
      static readonly className = 'Wrong';
    }
    const reader = new Wrong((x) => tf.scalar(x.dataSync()[0]), 'reader');
    expect(() => trace(({ x }) => ({ y: reader.apply(x) as tf.Tensor }), vector)).toThrow(
      'Cannot read a tensor of float32[3] inside of a traced function in layer "reader": nothing has been computed yet;',
    );
    const adder = new Wrong((x) => tf.engine().runKernel('Add', { a: x, b: tf.ones([2]) }), 'adder');
    expect(() => trace(({ x }) => ({ y: adder.apply(x) as tf.Tensor }), vector)).toThrow(
      'Cannot broadcast [3] with [2]: sizes of an axis must be equal or 1, axis 0 has 3 and 2. It happened in layer "adder".',
    );
  });

  it('starts no trace of its own', () => {
    expect(() =>
      trace(({ x }) => {
        trace(({ x: inner }) => ({ y: inner }), vector);
        return { y: x };
      }, vector),
    ).toThrow(
      'Cannot start a trace inside of a traced function: traces do not nest; trace the outer one only.',
    );
  });

  it('uses no kernel without a rule, and reads where it did', () => {
    class Distinct extends tf.layers.Layer {
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.unique((inputs as tf.Tensor[])[0]).values;
      }
      static readonly className = 'Distinct';
    }
    const model = tf.sequential();
    model.add(tf.layers.flatten({ inputShape: [4, 4, 1] }));
    model.add(new Distinct({ name: 'distinct' }));
    const images = { x: { shape: [2, 4, 4, 1], dtype: 'float32' } } as const;
    const inLayer = (): unknown => trace(({ x }) => ({ y: model.apply(x) as tf.Tensor }), images);
    expect(inLayer).toThrow(UnsupportedKernelError);
    expect(inLayer).toThrow(
      'Cannot trace kernel "Unique" in layer "distinct" with inputs (x: float32[2,16]): ' +
        'the shape of its result depends on values, and graphs have static shapes, so there is no rule for it; ' +
        'use another op, or compute it outside of the traced function and pass it in as an input.',
    );
    expect(inLayer).toThrow(expect.objectContaining({ kernel: 'Unique', layer: 'distinct' }) as Error);
    expect(() => trace(({ x }) => ({ y: tf.unique(x).values }), images)).toThrow(
      'Cannot trace kernel "Unique" outside of any layer',
    );
    expect(() =>
      trace(({ x }) => ({ y: tf.engine().runKernel<tf.Tensor>('Draw', { image: x }) }), vector),
    ).toThrow(
      'Cannot trace kernel "Draw" outside of any layer with inputs (image: float32[3]): the compiler has no rule for it; use another op, or add a rule to packages/compiler/src/kernels.',
    );
    const complex = 'it works on complex numbers, and graphs hold real ones, so there is no rule for it;';
    expect(() => trace(({ x }) => ({ y: tf.complex(x, x) }), vector)).toThrow(
      `Cannot trace kernel "Complex" outside of any layer with inputs (real: float32[3], imag: float32[3]): ${complex}`,
    );
    expect(() => trace(() => ({ y: tf.fft(tf.complex([1, 2], [3, 4])) }), vector)).toThrow(complex);
    expect(() => trace(({ x }) => ({ y: tf.multinomial(x as tf.Tensor1D, 2, 3) }), vector)).toThrow(
      'it draws random numbers, and onnxruntime would draw others, so there is no rule for it;',
    );
  });
});

describe('ports', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'nothing; return that'],
    ['null', null, 'nothing; return that'],
    ['a number', 3, 'of type number; return that'],
    ['a list', [tf.scalar(1)], 'a list; return that'],
    ['a tensor', tf.scalar(1), 'a tensor without a name; return that'],
    [
      'a promise',
      Promise.resolve({ y: tf.scalar(1) }),
      'a promise; leave out async and await, there is nothing to wait for',
    ],
  ])('have names, which %s has not', (_, returned, is) => {
    expect(() => trace((() => returned) as unknown as TensorFunction, vector)).toThrow(
      new TypeError(
        `Cannot trace what the function returns: it must be tensors by name, as in { y }, and is ${is}.`,
      ),
    );
  });

  it('leave nothing behind that goes wrong in an async function later', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => {
      unhandled.push(reason);
    };
    process.on('unhandledRejection', note);
    const fn = async ({ x }: Record<string, tf.Tensor>): Promise<unknown> => ({ y: await x.data() });
    expect(() => trace(fn as unknown as TensorFunction, vector)).toThrow('is a promise');
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('have outputs that are tensors', () => {
    const fn = (() => ({ y: 3 })) as unknown as TensorFunction;
    expect(() => trace(fn, vector)).toThrow(
      'Cannot trace output "y": the function returns tensors by name, and this is of type number; return a tensor, as tf.scalar makes one of a number.',
    );
  });

  it.each<[string, TensorFunction]>([
    [
      'was disposed',
      ({ x }) => {
        const y = tf.neg(x);
        y.dispose();
        return { y };
      },
    ],
    [
      'went with its tidy',
      ({ x }) => {
        let y = x;
        tf.tidy(() => {
          y = tf.neg(x);
        });
        return { y };
      },
    ],
  ])('have no output that %s', (_, fn) => {
    expect(() => trace(fn, vector)).toThrow(
      new TypeError(
        'Cannot trace output "y": its tensor must be there at the end, and is disposed; return it from the tf.tidy in which it is made, or leave out its dispose.',
      ),
    );
  });

  it('have at least one output', () => {
    expect(() => trace(() => ({}), vector)).toThrow(
      'Cannot trace a function without outputs: return at least one tensor.',
    );
  });

  it('have unique names', () => {
    expect(() => trace(({ x }) => ({ x: tf.neg(x) }), vector)).toThrow(
      'Cannot trace output "x": inputs and outputs must have names of their own, and this is an input\'s; choose another.',
    );
    expect(() => trace(({ x }) => ({ '': tf.neg(x) }), vector)).toThrow('Cannot trace output ""');
  });

  it.each([[[2.5]], [[-1]], [[NaN]], [[2 ** 30, 2 ** 30]]])('have no shape like [%s]', (shape) => {
    expect(() => trace(({ x }) => ({ y: x }), { x: { shape, dtype: 'float32' } })).toThrow(
      `Cannot trace input "x" of shape [${shape.join(',')}]: sizes must be whole numbers from 0 up.`,
    );
  });

  it('are told where the function reads one that there is not, and throws', () => {
    expect(() => trace(({ X }) => ({ y: tf.square(X) }), vector)).toThrow(
      /^Cannot trace a function that reads input "X": its inputs are "x"; give it that input too, or read another\. It threw: Argument 'x' passed to 'square'/,
    );
    const masked = ({ x, mask }: Partial<NamedTensors>) => ({ y: mask ?? tf.fft(tf.complex(x!, x!)) });
    expect(() => trace(masked, vector)).toThrow(/^(?!Cannot trace a function that reads input)/);
    const graph = trace(({ x, mask }) => ({ y: (mask as tf.Tensor | undefined) ? x.mul(mask) : x }), vector);
    expect(graph.nodes).toEqual([]);
  });

  it('have a shape', () => {
    const specs = { x: { dtype: 'float32' } } as unknown as typeof vector;
    expect(() => trace(({ x }) => ({ y: x }), specs)).toThrow(
      new TypeError(
        `Cannot trace input "x": it must have a shape, a list of sizes, and has undefined; give one, as in { shape: [2, 3], dtype: 'float32' }.`,
      ),
    );
  });

  it.each(['complex64', 'string', 'int64', 'float64', undefined])('have no dtype like %s', (dtype) => {
    const specs = { x: { shape: [2], dtype } } as unknown as typeof vector;
    expect(() => trace(({ x }) => ({ y: x }), specs)).toThrow(
      new TypeError(
        `Cannot trace input "x" of dtype "${dtype}": graphs take float32, int32, bool, uint8; convert what you feed to one of them.`,
      ),
    );
  });
});

describe('tfjs around a trace', () => {
  it('has the backend that it had before, after success and after failure', () => {
    expect(tf.getBackend()).toBe('cpu');
    trace(({ x }) => {
      expect(tf.getBackend()).toBe(traceBackendName);
      return { y: x };
    }, vector);
    expect(tf.getBackend()).toBe('cpu');
    expect(() =>
      trace(() => {
        throw new RangeError('of my own');
      }, vector),
    ).toThrow(new RangeError('of my own'));
    expect(tf.getBackend()).toBe('cpu');
    expect(printGraph(trace(({ x }) => ({ y: x }), vector))).toContain('output "y"');
  });

  it('has as many tensors as before', () => {
    const before = tf.memory().numTensors;
    trace(({ x }) => ({ y: tf.add(tf.neg(x), tf.tensor([1, 2, 3])) }), vector);
    expect(() => trace(({ x }) => ({ y: tf.scalar(tf.neg(x).dataSync()[0]) }), vector)).toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has layers as they were', () => {
    const before = Object.getOwnPropertyDescriptors(tf.layers.Layer.prototype);
    trace(({ x }) => ({ y: x }), vector);
    expect(Object.getOwnPropertyDescriptors(tf.layers.Layer.prototype)).toEqual(before);
  });

  it('has models as they were', () => {
    const before = Object.getOwnPropertyDescriptors(tf.LayersModel.prototype);
    trace(({ x }) => ({ y: x }), vector);
    expect(Object.getOwnPropertyDescriptors(tf.LayersModel.prototype)).toEqual(before);
  });

  it('cannot use the recording backend outside of a trace', async () => {
    await tf.setBackend(traceBackendName);
    try {
      expect(() => tf.neg(tf.tensor([1]))).toThrow(
        `Cannot run an op on the backend "${traceBackendName}": it only records inside of a trace; call tf.setBackend first.`,
      );
    } finally {
      await tf.setBackend('cpu');
    }
  });

  it('cannot use a traced tensor after its trace', () => {
    let kept = tf.scalar(0);
    trace(({ x }) => {
      kept = tf.keep(tf.sum(x));
      return { y: kept };
    }, vector);
    expect(() => tf.neg(kept)).toThrow('Cannot read a tensor of float32[]');
  });
});
