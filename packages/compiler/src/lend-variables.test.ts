import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { printGraph } from './graph.ts';
import { runModel } from './testing/run-onnx.ts';
import { trace } from './trace.ts';

const vector = { x: { shape: [3], dtype: 'float32' } } as const;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

let before = tf.memory();
beforeEach(() => {
  before = tf.memory();
});
afterEach(() => {
  tf.disposeVariables();
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  expect({ numTensors, numDataBuffers, numBytes }).toEqual({
    numTensors: before.numTensors,
    numDataBuffers: before.numDataBuffers,
    numBytes: before.numBytes,
  });
});

function variable(values: number[], name: string): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values), true, name));
}

describe('variables of a traced function', () => {
  it('are inputs, and outputs if they were assigned to', () => {
    const [w, count, still] = [
      variable([1, 2, 3], 'w'),
      variable([4, 4, 4], 'count'),
      variable([5], 'still'),
    ];
    const graph = trace(
      ({ x }) => {
        count.assign(tf.add(count, 1));
        count.assign(tf.add(count, 1));
        w.assign(tf.add(tf.mul(w, x), still));
        return { loss: tf.sum(w) };
      },
      vector,
      { variables: { w, 'step/count': count, still } },
    );
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[3]
      %1 = input "w" : float32[3]
      %2 = input "step/count" : float32[3]
      %3 = input "still" : float32[1]
      %4 = constant [1] : float32[]
      %5 = constant [1] : float32[]
      %6 = Add(%2, %4) : float32[3]
      %7 = Add(%6, %5) : float32[3]
      %8 = Multiply(%1, %0) : float32[3]
      %9 = Add(%8, %3) : float32[3]
      %10 = Sum(%9) {keepDims: false} : float32[]
      output "loss" = %10
      output "next/w" = %9
      output "next/step/count" = %7"
    `);
  });

  it('hold what they held, after success and after failure', async () => {
    const w = variable([1, 2, 3], 'w');
    const shared = tf.clone(w);
    const assign = ({ x }: Record<string, tf.Tensor>) => {
      w.assign(tf.add(w, x));
      return { y: w };
    };
    trace(assign, vector, { variables: { w } });
    expect(await w.data()).toEqual(Float32Array.of(1, 2, 3));
    expect(() =>
      trace(
        (inputs) => {
          assign(inputs);
          throw new RangeError('of my own');
        },
        vector,
        { variables: { w } },
      ),
    ).toThrow(new RangeError('of my own'));
    expect(await w.data()).toEqual(Float32Array.of(1, 2, 3));
    const next = tf.tensor([7, 8, 9]);
    w.assign(next);
    next.dispose();
    expect(await w.data()).toEqual(Float32Array.of(7, 8, 9));
    expect(await shared.data()).toEqual(Float32Array.of(1, 2, 3));
    shared.dispose();
  });

  it('may have been constants of an earlier trace, and may become some in a later one', async () => {
    const w = variable([1, 2, 3], 'w');
    const fn = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.mul(x, w) });
    const constant = printGraph(trace(fn, vector));
    expect(trace(fn, vector, { variables: { w } }).inputs.map(({ name }) => name)).toEqual(['x', 'w']);
    expect(printGraph(trace(fn, vector))).toBe(constant);
    expect(await w.data()).toEqual(Float32Array.of(1, 2, 3));
  });

  it('may take a tensor from outside or the input itself', async () => {
    const [a, b] = [variable([1, 2, 3], 'a'), variable([1, 2, 3], 'b')];
    const outside = tf.tensor([7, 8, 9]);
    const { bytes } = compile(
      ({ x }) => {
        a.assign(outside);
        b.assign(x);
        return { y: tf.neg(x) };
      },
      vector,
      { name: 'assigned', variables: { a, b } },
    );
    const point = { shape: [3], dtype: 'float32', data: Float32Array.of(4, 5, 6) } as const;
    const results = await runModel(bytes, { x: point, a: point, b: point });
    expect(results['next/a'].data).toEqual(Float32Array.of(7, 8, 9));
    expect(results['next/b'].data).toEqual(Float32Array.of(4, 5, 6));
    outside.dispose();
  });

  it('stay beside an open size', () => {
    const w = variable([1, 2, 3], 'w');
    const { inputs, outputs } = compile(
      ({ x }) => {
        w.assign(tf.mul(w, 2));
        return { y: tf.mul(x, w) };
      },
      { x: { shape: ['N', 3], dtype: 'float32' } },
      { name: 'open', variables: { w } },
    );
    expect([...inputs, ...outputs].map(({ name, shape }) => `${name} ${shape.join()}`)).toEqual([
      'x N,3',
      'w 3',
      'y N,3',
      'next/w 3',
    ]);
  });

  it('are the only ones that may be assigned to', async () => {
    const [w, other] = [variable([1, 2, 3], 'w'), variable([1, 2, 3], 'other')];
    expect(() =>
      trace(
        ({ x }) => {
          other.assign(x);
          return { y: x };
        },
        vector,
        { variables: { w } },
      ),
    ).toThrow(
      'Cannot assign to variable "other" in a traced function: it is not one of its `variables`, so the new value would be lost; pass it in there.',
    );
    expect(await other.data()).toEqual(Float32Array.of(1, 2, 3));
  });

  it('are made before', () => {
    const w = variable([1, 2, 3], 'w');
    const optimizer = tf.train.momentum(0.1, 0.9);
    expect(() =>
      trace(({ x }) => ({ loss: optimizer.minimize(() => tf.sum(tf.mul(w, x)), true, [w])! }), vector, {
        variables: { w },
      }),
    ).toThrow(
      'Cannot make variable "" of [3] in a traced function: its value is part of the graph, and would be lost; make it before',
    );
    optimizer.dispose();
    (optimizer as unknown as { c: tf.Tensor }).c.dispose();
    const graph = trace(({ x }) => {
      const scale = variable([2, 2, 2], 'scale');
      scale.assign(tf.mul(scale, x));
      return { y: scale };
    }, vector);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Multiply']);
  });

  it('are not disposed by the function', () => {
    const w = variable([1, 2, 3], 'w');
    expect(() =>
      trace(
        ({ x }) => {
          w.dispose();
          return { y: x };
        },
        vector,
        { variables: { w } },
      ),
    ).toThrow('Cannot trace a function that disposes variable "w"');
  });

  it('have names of their own', () => {
    const w = variable([1, 2, 3], 'w');
    expect(() => trace(({ x }) => ({ y: x }), vector, { variables: { x: w } })).toThrow(
      'Cannot trace input "x": inputs and outputs must have names of their own, and this is an input\'s; choose another.',
    );
  });

  it('have one name each, and hold what they held if they are given two', async () => {
    const w = variable([1, 2, 3], 'w');
    expect(() => trace(({ x }) => ({ y: tf.mul(x, w) }), vector, { variables: { a: w, b: w } })).toThrow(
      new TypeError(
        'Cannot trace variable "w" as "a" and as "b": a variable is one input, and would be two; pass it under one name.',
      ),
    );
    expect(await w.data()).toEqual(Float32Array.of(1, 2, 3));
  });

  it('are of tfjs and of its engine as before', () => {
    const prototype = Object.getOwnPropertyDescriptors(tf.Variable.prototype);
    const engine = Object.keys(tf.engine());
    trace(({ x }) => ({ y: x }), vector);
    expect(Object.getOwnPropertyDescriptors(tf.Variable.prototype)).toEqual(prototype);
    expect(Object.keys(tf.engine())).toEqual(engine);
  });
});
