import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smallestKept } from './array-pool.ts';
import type { LazyBackend } from './lazy-backend.ts';
import './node.ts';

/** The backend itself, whatever is set. */
let backend: LazyBackend;

beforeAll(async () => {
  await tf.setBackend('onnx');
  backend = tf.backend() as unknown as LazyBackend;
});

let before = { numTensors: 0, numDataIds: 0 };
beforeEach(async () => {
  await tf.setBackend('onnx');
  before = { numTensors: tf.memory().numTensors, numDataIds: backend.numDataIds() };
});
afterEach(() => {
  tf.disposeVariables();
  expect({ numTensors: tf.memory().numTensors, numDataIds: backend.numDataIds() }).toEqual(before);
});

/** A test that leaves no tensor behind. */
function tidied(test: () => void): () => void {
  return () => {
    tf.tidy(test);
  };
}

describe('tensors on the backend', () => {
  it.each([
    ['float32', [0.5, -0, NaN, Infinity], Float32Array.of(0.5, -0, NaN, Infinity)],
    ['int32', [1, -2, 2 ** 31 - 1], Int32Array.of(1, -2, 2 ** 31 - 1)],
    ['bool', [true, false], Uint8Array.of(1, 0)],
    ['string', ['a', ''], ['a', '']],
  ] as const)('of %s come back as they went in', async (dtype, values, elements) => {
    const x = tf.tensor(values, [values.length], dtype);
    expect(x.dataSync()).toEqual(elements);
    expect(await x.data()).toEqual(elements);
    x.dispose();
  });

  it('of complex numbers come back as they went in', async () => {
    const x = tf.complex([1, 2], [3, 4]);
    expect(await x.data()).toEqual(Float32Array.of(1, 3, 2, 4));
    const y = x.clone();
    x.dispose();
    expect(y.dataSync()).toEqual(Float32Array.of(1, 3, 2, 4));
    y.dispose();
  });

  it(
    'of one number all over come back, each as an array of its own',
    tidied(() => {
      for (const value of [0, 1, 0.1, -7]) {
        const elements = new Float32Array(300).fill(value);
        const [first, second] = [tf.tensor(elements), tf.tensor(elements)];
        first.dataSync().fill(99);
        expect(second.dataSync()).toEqual(elements);
      }
      const whole = new Int32Array(300).fill(2 ** 30 + 1);
      expect(tf.tensor(whole, [300], 'int32').dataSync()).toEqual(whole);
      const truths = new Uint8Array(300).fill(1);
      expect(tf.tensor(truths, [300], 'bool').dataSync()).toEqual(truths);
      for (const value of [-0, NaN, Infinity]) {
        const elements = new Float32Array(300).fill(value);
        expect(tf.tensor(elements).dataSync()).toEqual(elements);
      }
    }),
  );

  it(
    'keep what they were made of when the program changes its array',
    tidied(() => {
      for (const length of [3, 300, 3000]) {
        const values = Float32Array.from({ length }, (_, i) => i);
        const x = tf.tensor(values);
        const sum = tf.add(x, 1);
        values.fill(-1);
        expect(x.dataSync()[2]).toBe(2);
        expect(sum.dataSync()[2]).toBe(3);
      }
    }),
  );

  it(
    'keep their elements when the program uses what it has read for something else',
    tidied(() => {
      const x = tf.range(0, 2000);
      const sum = tf.add(x, 1);
      const elements = sum.dataSync();
      sum.dispose();
      for (let i = 0; i < 3; i++) tf.mul(x, i).dataSync();
      expect(elements[1999]).toBe(2000);
    }),
  );

  it('may be read at any time while ops are recorded', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const sum = tf.tidy(() => tf.sum(tf.square(x)));
    const reading = sum.data();
    const more = tf.mul(sum, 2);
    sum.dispose();
    expect(await reading).toEqual(Float32Array.of(14));
    expect(more.dataSync()).toEqual(Float32Array.of(28));
    expect(await Promise.all([x.data(), more.array(), more.data()])).toEqual([
      Float32Array.of(1, 2, 3),
      28,
      Float32Array.of(28),
    ]);
    tf.dispose([x, more]);
  });

  it('move between backends in the middle of a program', async () => {
    await tf.setBackend('cpu');
    const onCpu = tf.tensor1d([1, 2, 3]);
    const complex = tf.complex([1], [2]);
    await tf.setBackend('onnx');
    const imaginary = tf.tidy(() => tf.imag(complex));
    expect(imaginary.dataSync()).toEqual(Float32Array.of(2));
    const recorded = tf.tidy(() => tf.add(onCpu, onCpu));
    await tf.setBackend('cpu');
    const again = tf.tidy(() => tf.mul(recorded, onCpu));
    expect(again.dataSync()).toEqual(Float32Array.of(2, 8, 18));
    await tf.setBackend('onnx');
    const difference = tf.tidy(() => tf.sub(again, recorded));
    expect(difference.dataSync()).toEqual(Float32Array.of(0, 4, 12));
    tf.dispose([onCpu, recorded, complex, imaginary, again, difference]);
  });
});

describe('memory of the backend', () => {
  it('is what dispose and tidy leave', () => {
    const x = tf.tensor1d([1, 2, 3]);
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors + 1,
      unreliable: false,
    });
    const y = tf.tidy(() => tf.exp(tf.add(tf.mul(x, 2), x.clone())));
    expect(backend.numDataIds()).toBe(before.numDataIds + 2);
    expect(tf.memory().numBytes).toBeGreaterThanOrEqual(24);
    // Without a read, too.
    y.dispose();
    x.dispose();
    expect(backend.numDataIds()).toBe(before.numDataIds);
  });

  it('counts a clone as one more tensor on the same elements', () => {
    const x = tf.tensor1d([1, 2]);
    const y = x.clone();
    expect(backend.numDataIds()).toBe(before.numDataIds + 1);
    x.dispose();
    expect(y.dataSync()).toEqual(Float32Array.of(1, 2));
    y.dispose();
  });

  it('frees the parts of complex tensors with them', () => {
    const x = tf.tidy(() => tf.fft(tf.complex([1, 2], [3, 4])));
    x.dispose();
    expect(backend.numDataIds()).toBe(before.numDataIds);
  });

  it(
    'gives the arrays of tensors that are gone to the next',
    tidied(() => {
      const x = tf.range(0, 10 * smallestKept);
      x.dataSync();
      const addTwice = (): void => {
        tf.tidy(() => {
          const twice = tf.add(x, x);
          tf.sum(tf.mul(twice, tf.add(twice, 1))).dataSync();
        });
      };
      addTwice();
      const { pooledBytes } = backend.counts();
      for (let i = 0; i < 20; i++) addTwice();
      expect(backend.counts().pooledBytes).toBe(pooledBytes);
    }),
  );
});

describe('what tfjs measures', () => {
  it('tf.time gives the time of running what was recorded', async () => {
    const x = tf.randomUniform([200, 200]);
    const { runs } = backend.counts();
    let product: tf.Tensor | undefined;
    const { kernelMs, wallMs } = await tf.time(() => {
      product = tf.matMul(x, x);
    });
    expect(kernelMs).toBeGreaterThan(0);
    expect(wallMs).toBeGreaterThan(0);
    // The product was made by then, though nobody has read it.
    expect(backend.counts()).toMatchObject({ runs: runs + 1, pending: 0 });
    tf.dispose([x, product!]);
  });

  it('tf.profile names the kernels', async () => {
    const x = tf.tensor1d([1, 2]);
    const { kernelNames, kernels, newTensors, result } = await tf.profile(() =>
      tf.tidy(() => tf.sum(tf.exp(x))),
    );
    expect(kernelNames.toSorted()).toEqual(['Exp', 'Sum']);
    expect(kernels.map(({ outputShapes }) => outputShapes)).toEqual([[[2]], [[]]]);
    expect(newTensors).toBe(1);
    tf.dispose([x, result]);
  });
});
