import { describe, expect, it } from 'vitest';
import { knownTensor, recordNode } from '../testing/lazy-values.ts';
import { graphCache, type GraphCache } from './graph-cache.ts';
import type { GraphRuntime, LoadedGraph, RuntimeTensor } from './graph-runtime.ts';
import { writtenValue } from './lazy-value.ts';
import { nodeRuntime } from './onnxruntime-node.ts';
import { cutOf, inputName, outputName, type Cut, type PendingNode } from './pending-graph.ts';

const runtime = nodeRuntime();

/** `x · factor` for an x of this length. */
function scale(factor: number, length = 3): Cut {
  const product = recordNode('Multiply', [knownTensor([length], [1, 2, 3]), knownTensor([], [factor])]);
  return cutOf([product], product.outputs);
}

function loadedFor(cache: GraphCache, cut: Cut): { graph: LoadedGraph; constants: ReadonlySet<number> } {
  const { graph, constants } = cache.get(cut);
  return { graph: graph as LoadedGraph, constants };
}

/** The first three elements of the result. */
function run(cache: GraphCache, cut: Cut): number[] {
  const { graph, constants } = loadedFor(cache, cut);
  const feeds = new Map<string, RuntimeTensor>();
  cut.inputs.forEach((input, position) => {
    if (!constants.has(position)) feeds.set(inputName(position), input as RuntimeTensor);
  });
  const results = graph.run(feeds, new Map()) as ReadonlyMap<string, Float32Array>;
  return [...results.get(outputName(0))!.subarray(0, 3)];
}

describe('graphCache', () => {
  it('compiles a structure once', () => {
    const cache = graphCache(runtime, 8);
    expect(run(cache, scale(2))).toEqual([2, 4, 6]);
    expect(run(cache, scale(2))).toEqual([2, 4, 6]);
    expect(run(cache, scale(2, 5))).toEqual([2, 4, 6]);
    expect([cache.compiled, cache.size]).toEqual([2, 2]);
    cache.close();
    expect(cache.size).toBe(0);
  });

  it('takes a number for constant until it varies, which costs one more compilation', () => {
    const cache = graphCache(runtime, 8);
    expect(loadedFor(cache, scale(2)).constants).toEqual(new Set([1]));
    expect(run(cache, scale(3))).toEqual([3, 6, 9]);
    expect(loadedFor(cache, scale(4)).constants).toEqual(new Set());
    expect(run(cache, scale(4))).toEqual([4, 8, 12]);
    expect(run(cache, scale(2))).toEqual([2, 4, 6]);
    expect([cache.compiled, cache.size]).toEqual([2, 1]);
    cache.close();
  });

  it('takes all numbers for inputs when one after the other has varied', () => {
    const cache = graphCache(runtime, 8);
    const numbers = [1, 2, 3, 4, 5, 6];
    const product = (): Cut => {
      const nodes: PendingNode[] = [];
      let x = knownTensor([3], [1, 1, 1]);
      for (const number of numbers) {
        nodes.push(recordNode('Multiply', [x, knownTensor([], [number])]));
        [x] = nodes.at(-1)!.outputs;
      }
      return cutOf(nodes, [x]);
    };
    for (let i = 0; i < numbers.length; i++) {
      numbers[i] = 10;
      expect(run(cache, product())).toEqual(Array(3).fill(numbers.reduce((a, b) => a * b)));
    }
    expect(cache.compiled).toBe(4);
    cache.close();
  });

  it('takes a tensor full of one number for that number, until it is something else', () => {
    const cache = graphCache(runtime, 8);
    const sum = (elements: readonly number[]): Cut => {
      const x = writtenValue({ shape: [300], dtype: 'float32' }, elements);
      const node = recordNode('Add', [knownTensor([300], [1, 2, 3]), x]);
      return cutOf([node], node.outputs);
    };
    const full = (number: number): number[] => Array<number>(300).fill(number);
    expect(loadedFor(cache, sum(full(1))).constants).toEqual(new Set([1]));
    expect(run(cache, sum(full(1)))).toEqual([2, 3, 4]);
    expect(cache.compiled).toBe(1);
    expect(run(cache, sum(full(2).with(1, 5)))).toEqual([3, 7, 5]);
    expect(run(cache, sum(full(3)))).toEqual([4, 5, 6]);
    expect(run(cache, sum(full(0).with(7, -0)))).toEqual([1, 2, 3]);
    expect([cache.compiled, cache.size]).toEqual([2, 1]);
    cache.close();
  });

  it('keeps nothing of a structure that could not be compiled', () => {
    const refused: GraphRuntime = {
      ...runtime,
      load: () => {
        throw new Error('No.');
      },
    };
    const cache = graphCache(refused, 8);
    for (let i = 0; i < 3; i++) expect(() => cache.get(scale(2 + i))).toThrow('No.');
    expect([cache.compiled, cache.size]).toEqual([0, 0]);
    cache.close();
  });

  it('compiles again what an asynchronous runtime could not load', async () => {
    const refused: GraphRuntime = { ...runtime, load: () => Promise.reject(new Error('No.')) };
    const cache = graphCache(refused, 8);
    for (let i = 1; i <= 2; i++) {
      await expect(cache.get(scale(2)).graph).rejects.toThrow('No.');
      expect([cache.compiled, cache.size]).toEqual([i, 0]);
    }
    cache.close();
  });

  it('does not take -0 for 0, and NaN for another number each time', () => {
    const cache = graphCache(runtime, 8);
    expect(run(cache, scale(0))).toEqual([0, 0, 0]);
    expect(run(cache, scale(-0))).toEqual([-0, -0, -0]);
    cache.close();
    const other = graphCache(runtime, 8);
    run(other, scale(NaN, 4));
    run(other, scale(NaN, 4));
    expect(other.compiled).toBe(1);
    other.close();
  });

  it('closes the model unused for longest when there are too many', () => {
    const cache = graphCache(runtime, 2);
    run(cache, scale(2, 3));
    run(cache, scale(2, 4));
    run(cache, scale(2, 3));
    run(cache, scale(2, 5));
    expect([cache.compiled, cache.size]).toEqual([3, 2]);
    run(cache, scale(2, 3));
    expect(cache.compiled).toBe(3);
    run(cache, scale(2, 4));
    expect([cache.compiled, cache.size]).toEqual([4, 2]);
    cache.close();
  });
});
