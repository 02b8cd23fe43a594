import { describe, expect, it } from 'vitest';
import { knownTensor, recordNode } from '../testing/lazy-values.ts';
import { graphCache, type GraphCache } from './graph-cache.ts';
import type { LoadedGraph, RuntimeTensor } from './graph-runtime.ts';
import { nodeRuntime } from './onnxruntime-node.ts';
import { cutOf, inputName, outputName, type Cut } from './pending-graph.ts';

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
