import { afterEach, describe, expect, it } from 'vitest';
import { kernelTable } from '../kernels/table.ts';
import { knownTensor } from '../testing/lazy-values.ts';
import { smallestKept } from './array-pool.ts';
import { lazyGraph } from './lazy-graph.ts';
import type { LazyValue } from './lazy-value.ts';
import { nodeRuntime } from './onnxruntime-node.ts';

let runs = 0;
const open = () =>
  lazyGraph(nodeRuntime(), () => {
    runs++;
  });
let graph = open();
afterEach(() => {
  runs = 0;
  graph.close();
  graph = open();
});

/** Calls a kernel; a tensor stands for its result. */
function call(name: string, inputs: readonly LazyValue[], attributes: object = {}): LazyValue {
  const value = graph.record(kernelTable.get(name)!, inputs, attributes) as LazyValue;
  value.tensors++;
  return value;
}

function read(value: LazyValue): number[] {
  return [...(graph.elements(value) as Float32Array)];
}

/** Takes a row that is not there, which only the runtime notices. */
function takeMissingRow(x: LazyValue): LazyValue {
  return call('GatherV2', [x, knownTensor([1], [99], 'int32')], { axis: 0, batchDims: 0 });
}

describe('a lazy graph', () => {
  it('runs all that is recorded when one element is asked for, and only then', () => {
    const x = knownTensor([3], [1, 2, 3]);
    const sum = call('Add', [x, x]);
    const square = call('Square', [sum]);
    expect(graph.counts()).toMatchObject({ runs: 0, pending: 2 });
    expect(read(square)).toEqual([4, 16, 36]);
    expect(graph.counts()).toMatchObject({ runs: 1, compiled: 1, loaded: 1, pending: 0 });
    expect(read(sum)).toEqual([2, 4, 6]);
    expect(graph.counts().runs).toBe(1);
  });

  it('computes nothing for values that no tensor stands for any longer', () => {
    const x = knownTensor([3], [1, 2, 3]);
    const unread = call('Neg', [x]);
    const twice = call('Add', [x, x]);
    graph.release(unread);
    void graph.flush();
    expect(twice.data).toEqual(Float32Array.of(2, 4, 6));
    expect(unread.data).toBeUndefined();
    expect(x.readers).toBe(0);
  });

  it('frees elements when neither a tensor nor a recorded node reads them', () => {
    const x = knownTensor([smallestKept]);
    const sum = call('Add', [x, x]);
    graph.release(x);
    expect(x.data).toBeDefined();
    void graph.flush();
    expect(x.data).toBeUndefined();
    const bytes = smallestKept * Float32Array.BYTES_PER_ELEMENT;
    // The program's own array is not the pool's.
    expect(graph.counts().pooledBytes).toBe(0);
    expect(runs).toBe(1);
    graph.release(sum);
    expect(graph.counts().pooledBytes).toBe(bytes);
  });

  it('does not use an array again that a reader may have kept', () => {
    const x = knownTensor([smallestKept], [1]);
    const sum = call('Add', [x, x]);
    const elements = graph.elements(sum) as Float32Array;
    graph.release(sum);
    expect(graph.counts().pooledBytes).toBe(0);
    for (let i = 0; i < 3; i++) void graph.elements(call('Neg', [x]));
    expect(elements.every((element) => element === 2)).toBe(true);
  });

  it('runs when very much is recorded, though nobody asks', () => {
    let x = knownTensor([1], [0]);
    const one = knownTensor([], [1]);
    for (let i = 0; i < 5001; i++) {
      const next = call('Add', [x, one]);
      graph.release(x);
      x = next;
    }
    expect(graph.counts()).toMatchObject({ runs: 1, pending: 1 });
    expect(read(x)).toEqual([5001]);
  });

  it('tells a failure to whoever reads what depends on it, and to nobody else', () => {
    const x = knownTensor([3, 2], [1]);
    const before = call('Neg', [x]);
    const missing = takeMissingRow(x);
    const dependent = call('Neg', [missing]);
    const after = call('Add', [before, x]);
    expect(read(after)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(() => graph.elements(missing)).toThrow(
      /^Cannot compute a tensor of float32\[1,2\] on onnxruntime-node \(cpu\), which says: .*out of data bounds/s,
    );
    expect(read(before)).toEqual([-1, -1, -1, -1, -1, -1]);
    for (const value of [dependent, call('Neg', [dependent]), call('Add', [missing, missing])]) {
      expect(() => graph.elements(value)).toThrow(/out of data bounds/);
    }
    expect(graph.counts().pending).toBe(0);
    expect(read(call('Neg', [x]))).toEqual(read(before));
  });

  it('gives back the arrays of a run that failed', () => {
    const x = knownTensor([smallestKept], [1]);
    x.owned = true;
    const { data } = x;
    const sum = call('Add', [x, x]);
    graph.release(x);
    void graph.flush();
    expect(graph.counts().pooledBytes).toBe(data!.byteLength);
    const negative = call('Neg', [sum]);
    const missing = takeMissingRow(knownTensor([3, 2]));
    void graph.flush();
    expect(() => graph.elements(missing)).toThrow();
    // It was taken when both ran together, and again when this one ran by itself.
    expect(negative.data).toBe(data);
  });
});
