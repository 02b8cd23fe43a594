import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelTable } from '../kernels/table.ts';
import { fallbackKernels } from './fallback-kernels.ts';
import type { LazyBackend } from './lazy-backend.ts';
import { fallbackCounts } from './register-backend.ts';

/** Kernels of tfjs's cpu backend that the compiler has no rule for. */
const unknown = 'CubeRoot';

beforeAll(async () => {
  tf.registerKernel({ kernelName: unknown, backendName: 'cpu', kernelFunc: () => [] });
  await import('./node.ts');
  await tf.setBackend('onnx');
});

function counts() {
  return (tf.backend() as unknown as LazyBackend).counts();
}

/** How often kernels fell back while `run` ran, by name. */
function fallbacksOf(run: () => void): Record<string, number> {
  const before = new Map(fallbackCounts());
  tf.tidy(run);
  return Object.fromEntries(
    [...fallbackCounts()].flatMap(([name, count]) => {
      const more = count - (before.get(name) ?? 0);
      return more === 0 ? [] : [[name, more]];
    }),
  );
}

describe('kernels of the backend', () => {
  it('with a rule run in a graph', () => {
    const { runs } = counts();
    const fallbacks = fallbacksOf(() => {
      expect(tf.sum(tf.exp(tf.tensor1d([0, 0]))).dataSync()).toEqual(Float32Array.of(2));
    });
    expect(fallbacks).toEqual({});
    expect(counts().runs).toBe(runs + 1);
  });

  it('on the list run on tfjs cpu, are counted, and go on in a graph', () => {
    const fallbacks = fallbacksOf(() => {
      const x = tf.tensor1d([1, 2, 1], 'int32');
      const { values, indices } = tf.unique(tf.add(x, x));
      expect(tf.mul(values, values).dataSync()).toEqual(Int32Array.of(4, 16));
      expect(tf.add(indices, indices).dataSync()).toEqual(Int32Array.of(0, 2, 0));
    });
    expect(fallbacks).toEqual({ Unique: 1 });
  });

  it('on strings run on tfjs cpu', () => {
    const fallbacks = fallbacksOf(() => {
      const { values } = tf.string.stringSplit(tf.tensor1d(['a b', 'c'], 'string'), ' ');
      expect(values.dataSync()).toEqual(['a', 'b', 'c']);
    });
    expect(fallbacks).toEqual({ StringSplit: 1 });
  });

  it('with neither a rule nor a place on the list are an error, though tfjs cpu has them', () => {
    expect(kernelTable.has(unknown) || fallbackKernels.has(unknown)).toBe(false);
    const x = tf.tensor2d([1, 2], [1, 2]);
    expect(() => tf.engine().runKernel(unknown, { x })).toThrow(
      /^Cannot run kernel "CubeRoot" on the backend "onnx" with inputs \(x: float32\[1,2\]\): the compiler has no rule for it; use another op/,
    );
    x.dispose();
  });

  it('throw what their rule says of inputs that no graph can take, when they are called', () => {
    const x = tf.tensor1d([1, 2, 3]);
    expect(() => tf.engine().runKernel('Add', { a: x, b: tf.tensor1d([1, 2]) })).toThrow(TypeError);
    x.dispose();
  });
});

describe('the list of fallback kernels', () => {
  it('names kernels of tfjs cpu, each with a reason', () => {
    const known = new Set(tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName));
    expect([...fallbackKernels.keys()].filter((name) => !known.has(name))).toEqual([]);
    expect([...fallbackKernels.values()].filter((reason) => reason.length < 20)).toEqual([]);
  });
});

describe('steps of a training', () => {
  it('run apart when an optimizer is asked for the next, so that they share a graph', () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const optimizer = tf.train.sgd(0.1);
    const step = (): void => {
      optimizer.minimize(() => tf.sum(tf.square(w)));
    };
    step();
    step();
    const { runs, compiled } = counts();
    for (let i = 0; i < 10; i++) step();
    expect(counts()).toMatchObject({ runs: runs + 10, compiled });
    expect([...w.dataSync()].map((x) => Math.round(x * 1e4) / 1e4)).toEqual(
      [1, 2, 3].map((x) => Math.round(x * 0.8 ** 12 * 1e4) / 1e4),
    );
    w.dispose();
  });

  it('are one graph each where gradients repeat themselves', () => {
    const w = tf.variable(tf.fill([300], 0.5));
    const optimizer = tf.train.sgd(0.1);
    const step = (): number => {
      const { value, grads } = tf.variableGrads(() => {
        let y: tf.Tensor = w;
        for (let turn = 0; turn < 100; turn++) y = tf.sin(y);
        return tf.sum(y);
      });
      optimizer.applyGradients(grads);
      tf.dispose(grads);
      const [loss] = value.dataSync();
      value.dispose();
      return loss;
    };
    step();
    const { runs, compiled } = counts();
    for (let i = 0; i < 5; i++) step();
    expect(counts()).toMatchObject({ runs: runs + 5, compiled });
    w.dispose();
  });

  it('run apart when a variable is given a value for the second time', () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const step = (): void => {
      tf.tidy(() => {
        w.assign(tf.mul(w, 0.5));
      });
    };
    for (let i = 0; i < 3; i++) step();
    const { runs, compiled } = counts();
    for (let i = 0; i < 10; i++) step();
    expect(counts()).toMatchObject({ runs: runs + 10, compiled });
    expect(w.dataSync()).toEqual(Float32Array.of(2 ** -13, 2 ** -12, 3 * 2 ** -13));
    w.dispose();
  });
});
