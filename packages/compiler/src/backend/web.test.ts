import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawTensor, fitAndUse, lessons } from '../testing/lessons.ts';
import { expectSameOnBoth } from '../testing/on-both-backends.ts';
import type { LazyBackend } from './lazy-backend.ts';
import { configureBackend } from './web.ts';

/** onnxruntime-web's WebAssembly runs in Node, too. */
const wasm = readFileSync(
  createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
);

describe('configureBackend', () => {
  it('refuses a device that is not there, and then takes another', async () => {
    await expect(configureBackend({ device: 'webgpu' })).rejects.toThrow(
      /^Cannot compute on device "webgpu": it takes a browser with WebGPU that finds a GPU, and this one has no WebGPU; give/,
    );
    await expect(configureBackend({ device: 'cuda' as 'wasm' })).rejects.toThrow(RangeError);
    await expect(configureBackend({ threads: 0 })).rejects.toThrow(
      'Cannot compute on 0 threads: it must be a whole number from 1 on',
    );
    await expect(configureBackend({ wasmPath: '/ort.wasm' } as object)).rejects.toThrow(
      new RangeError(
        'Cannot configure the backend "onnx" with option "wasmPath": there is none of that name; the options are device, threads, wasm.',
      ),
    );
    await configureBackend({ wasm, threads: 1 });
    expect(await tf.setBackend('onnx')).toBe(true);
    expect((tf.backend() as unknown as LazyBackend).runtime.name).toBe('onnxruntime-web (wasm)');
    await expect(configureBackend({ wasm })).rejects.toThrow(
      /^Cannot configure the backend "onnx": it has been/,
    );
  });
});

describe('the backend on an asynchronous runtime', () => {
  let backend: LazyBackend;
  beforeAll(async () => {
    await tf.setBackend('onnx');
    backend = tf.backend() as unknown as LazyBackend;
  });
  afterEach(() => {
    expect(backend.numDataIds()).toBe(0);
  });

  it.each(Object.keys(lessons))('trains, evaluates and predicts as tfjs cpu: %s', async (name) => {
    await expectSameOnBoth(() => fitAndUse(lessons[name]));
  });

  it('refuses dataSync() of what is not computed, and gives what is', async () => {
    const x = tf.tensor1d([1, 2]);
    const sum = tf.add(x, x);
    expect(x.dataSync()).toEqual(Float32Array.of(1, 2));
    expect(() => sum.dataSync()).toThrow(
      'Cannot read a tensor with dataSync() on the backend "onnx": onnxruntime-web (wasm) only runs asynchronously; use await tensor.data() instead.',
    );
    expect(await sum.data()).toEqual(Float32Array.of(2, 4));
    expect(sum.dataSync()).toEqual(Float32Array.of(2, 4));
    tf.dispose([x, sum]);
  });

  it('reckons with results that are on their way, numbers among them', async () => {
    const x = drawTensor([4, 4], 1);
    const total = tf.tidy(() => tf.sum(tf.matMul(x, x)));
    const reading = total.data();
    const scaled = tf.tidy(() => tf.mul(tf.add(x, 1), total));
    const again = tf.tidy(() => tf.sub(scaled, total));
    const [[sum], elements] = await Promise.all([reading, again.data()]);
    const expected = x.dataSync().map((element) => Math.fround(Math.fround(element + 1) * sum) - sum);
    expect([...elements].map((element, i) => Math.abs(element - expected[i]) < 1e-5)).not.toContain(false);
    tf.dispose([x, total, scaled, again]);
  });

  it('compiles nothing again when a number varies between runs that overlap', async () => {
    const x = drawTensor([4], 2);
    const before = backend.counts().compiled;
    const readings = [1, 2, 3, 4, 5, 6].map(async (factor) => {
      const product = tf.tidy(() => tf.mul(x, factor));
      const elements = await product.data();
      product.dispose();
      return elements;
    });
    const products = await Promise.all(readings);
    expect(backend.counts().compiled).toBeLessThanOrEqual(before + 2);
    products.forEach((elements, i) => {
      expect(elements).toEqual(x.dataSync().map((element) => element * (i + 1)));
    });
    x.dispose();
  });

  it('tells a failure to whoever reads what depends on it, and to nobody else', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const row = tf.tensor1d([99], 'int32');
    const missing = tf.gather(x, row);
    const dependent = tf.neg(missing);
    const negative = tf.neg(x);
    expect(await negative.data()).toEqual(Float32Array.of(-1, -2, -3));
    await expect(missing.data()).rejects.toThrow(
      'Cannot run kernel "GatherV2" on onnxruntime-web (wasm): its indices must be rows from 0 to 2, and one is 99; look at what it is given.',
    );
    await expect(dependent.data()).rejects.toThrow(/^Cannot run kernel "GatherV2"/);
    expect(() => missing.dataSync()).toThrow(/^Cannot run kernel "GatherV2"/);
    tf.dispose([x, row, missing, dependent, negative]);
  });

  it('gives variables back what they held before a step that failed, though later steps have begun by then', async () => {
    const table = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const optimizer = tf.train.sgd(0.25);
    const step = (row: number): void => {
      tf.tidy(() => {
        const rows = tf.tensor1d([row], 'int32');
        optimizer.minimize(() => tf.sum(tf.square(tf.gather(table, rows))));
      });
    };
    for (const row of [0, 9, 1]) step(row);
    // All three are under way. The last reads what the second could not make.
    await expect(table.data()).rejects.toThrow(/^Cannot run kernel "GatherV2"/);
    expect(await table.data()).toEqual(Float32Array.of(0.5, 2));
    step(1);
    expect(await table.data()).toEqual(Float32Array.of(0.5, 1));
    optimizer.dispose();
    table.dispose();
  });

  it('gives what was asked for before it is disposed of, as tfjs does, and frees it then', async () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const product = tf.matMul(x, x);
    const readings = [product.data(), product.data()];
    tf.dispose([x, product]);
    for (const elements of await Promise.all(readings))
      expect(elements).toEqual(Float32Array.of(7, 10, 15, 22));
    expect(backend.counts()).toMatchObject({ pending: 0, pooledBytes: 0 });
  });

  it('times what is given until it is computed, also what is read already', async () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const products: tf.Tensor[] = [];
    const { kernelMs } = await tf.time(() => {
      const product = tf.matMul(x, x);
      products.push(product);
      void product.data();
    });
    expect(products[0].dataSync()).toEqual(Float32Array.of(7, 10, 15, 22));
    expect(kernelMs).toBeGreaterThan(0);
    tf.dispose([x, ...products]);
  });

  it('runs kernels on tfjs cpu on what is computed, and refuses what is not', async () => {
    const x = tf.tensor1d([1, 2, 1]);
    const sum = tf.add(x, x);
    expect(() => tf.unique(sum)).toThrow(
      'Cannot run kernel "Unique" on an input float32[3] that is not computed yet: it runs on tfjs\'s cpu backend, which ' +
        "needs the elements now, and onnxruntime-web (wasm) only runs asynchronously; await the input's data() first.",
    );
    await sum.data();
    const { values, indices } = tf.unique(sum);
    expect(await values.data()).toEqual(Float32Array.of(2, 4));
    tf.dispose([x, sum, values, indices]);
  });
});
