import { afterEach, describe, expect, it } from 'vitest';
import { kernelTable } from '../kernels/table.ts';
import { knownTensor } from '../testing/lazy-values.ts';
import { smallestKept } from './array-pool.ts';
import { lazyGraph } from './lazy-graph.ts';
import type { TensorType } from '../tensor-type.ts';
import { filledValue, knownValue, type LazyValue } from './lazy-value.ts';
import { nodeRuntime } from './onnxruntime-node.ts';

let runs = 0;
let isInStep = false;
let isAfterStep = false;
let isInDoubt = false;
const open = () =>
  lazyGraph(nodeRuntime(), {
    beginRun: () => () => {
      runs++;
    },
    isInStep: () => isInStep,
    isAfterStep: () => isAfterStep,
    isInDoubt: () => isInDoubt,
  });
let graph = open();
afterEach(() => {
  runs = 0;
  isInStep = false;
  isAfterStep = false;
  isInDoubt = false;
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

  it('forgets at once what no tensor stands for and nothing reads', () => {
    const x = knownTensor([3], [1, 2, 3]);
    const first = call('Neg', [x]);
    const second = call('Square', [first]);
    const third = call('Abs', [first]);
    graph.release(x);
    graph.release(first);
    graph.release(second);
    expect(graph.counts().pending).toBe(2);
    expect(x.data).toBeDefined();
    graph.release(third);
    expect(graph.counts().pending).toBe(0);
    expect(x.data).toBeUndefined();
  });

  it('keeps a node as long as one of its results is wanted', () => {
    const x = knownTensor([4], [1, 2, 3, 4]);
    const split = kernelTable.get('SplitV')!;
    const parts = graph.record(split, [x], { axis: 0, numOrSizeSplits: 2 }) as LazyValue[];
    for (const part of parts) part.tensors++;
    graph.release(parts[0]);
    expect(graph.counts().pending).toBe(1);
    expect(read(parts[1])).toEqual([3, 4]);
  });

  /** `x := exp(x + 0)·0`, again and again without a read, after as many nodes that are something else. */
  function turns(count: number, before: number): LazyValue {
    let x = knownTensor([smallestKept], [0]);
    const zero = knownTensor([], [0]);
    const next = (name: string, inputs: readonly LazyValue[]): void => {
      const made = call(name, inputs);
      graph.release(x);
      x = made;
    };
    for (let i = 0; i < before; i++) next('Sin', [x]);
    for (let i = 0; i < count; i++) {
      next('Add', [x, zero]);
      next('Exp', [x]);
      next('Multiply', [x, zero]);
    }
    return x;
  }

  it.each([0, 1, 50])('runs the turns of a loop by one graph, after %i other nodes', (before) => {
    const x = turns(1000, before);
    const { runs: had, compiled, pending } = graph.counts();
    expect(had).toBeGreaterThan(10);
    expect(pending).toBeLessThan(300);
    // One for the first turns with what comes before, one for the others.
    expect(compiled).toBeLessThanOrEqual(2);
    expect(read(x)).toEqual(Array(smallestKept).fill(0));
  });

  it('compiles nothing for the same loop again', () => {
    read(turns(1000, 7));
    const { compiled } = graph.counts();
    read(turns(1000, 7));
    expect(graph.counts().compiled).toBe(compiled);
  });

  it('does not cut a step of a training, unless it is very large, and then runs it in small parts', () => {
    isInStep = true;
    turns(21_600, 0);
    expect(graph.counts()).toMatchObject({ runs: 0, pending: 64_800 });
    turns(100, 0);
    expect(graph.counts().runs).toBeGreaterThan(10);
    expect(graph.counts().compiled).toBeLessThanOrEqual(2);
    expect(graph.counts().pending).toBeLessThan(5300);
  });

  it('does not cut what follows a step that has not run, unless it is large', () => {
    isAfterStep = true;
    turns(1600, 0);
    expect(graph.counts()).toMatchObject({ runs: 0, pending: 4800 });
    turns(100, 0);
    expect(graph.counts().runs).toBe(1);
  });

  it('runs when very much is recorded that does not repeat itself', () => {
    let x = knownTensor([1], [1]);
    const { add, square } = { add: knownTensor([], [1]), square: knownTensor([], [0.5]) };
    const next = (name: string, other: LazyValue): void => {
      const made = call(name, [x, other]);
      graph.release(x);
      x = made;
    };
    // As 0110100110010110… goes on, which never repeats half of what was.
    const isOdd = (i: number): boolean => i.toString(2).replaceAll('0', '').length % 2 === 1;
    for (let i = 0; i < 5001; i++) next(isOdd(i) ? 'Add' : 'Multiply', isOdd(i) ? add : square);
    expect(graph.counts()).toMatchObject({ runs: 1, pending: 1 });
  });

  describe.each<[string, (type: TensorType) => LazyValue, number]>([
    ['runs when what is recorded holds', (type) => knownValue(type, new Float32Array(2 ** 20).fill(1)), 1],
    ['does not run for ones, which are held once, where it reads', (type) => filledValue(type, 1), 0],
  ])('%s', (_, make, mostRuns) => {
    it('very much that nothing else does', () => {
      let sum = knownTensor([], [0]);
      for (let i = 0; i < 80; i++) {
        const x = make({ shape: [2 ** 20], dtype: 'float32' });
        x.tensors++;
        const part = call('Sum', [x], { axis: [0], keepDims: false });
        graph.release(x);
        const next = call('Add', [sum, part]);
        for (const value of [part, sum]) graph.release(value);
        sum = next;
      }
      // 80 arrays have 320 MiB, and 256 are the most.
      expect(graph.counts().runs).toBe(mostRuns);
      expect(read(sum)).toEqual([80 * 2 ** 20]);
    });
  });

  it('tells a failure to whoever reads what depends on it, and to nobody else', () => {
    const x = knownTensor([3, 2], [1]);
    const before = call('Neg', [x]);
    const missing = takeMissingRow(x);
    const dependent = call('Neg', [missing]);
    const after = call('Add', [before, x]);
    expect(read(after)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(() => graph.elements(missing)).toThrow(
      /^Cannot run kernel "GatherV2" on onnxruntime-node \(cpu\): its indices must be rows from 0 to \d, and one is 99;/,
    );
    expect(read(before)).toEqual([-1, -1, -1, -1, -1, -1]);
    for (const value of [dependent, call('Neg', [dependent]), call('Add', [missing, missing])]) {
      expect(() => graph.elements(value)).toThrow(/and one is 99/);
    }
    expect(graph.counts().pending).toBe(0);
    expect(read(call('Neg', [x]))).toEqual(read(before));
  });

  it('compiles no graph for each value that is lost with another, and makes the others', () => {
    const x = knownTensor([3, 2], [1]);
    const missing = takeMissingRow(x);
    const lost = Array.from({ length: 20 }, (_, i) => call('Add', [missing, knownTensor([], [i])]));
    const made = Array.from({ length: 20 }, (_, i) => call('Add', [x, knownTensor([], [i])]));
    // Another that is there, of the kernel that is at fault.
    const row = call('GatherV2', [x, knownTensor([1], [2], 'int32')], { axis: 0, batchDims: 0 });
    void graph.flush();
    // All together, each gather, and the rest.
    expect(graph.counts().compiled).toBeLessThanOrEqual(4);
    for (const value of lost) expect(() => graph.elements(value)).toThrow(/and one is 99/);
    expect(made.map((value) => read(value)[0])).toEqual(made.map((_, i) => 1 + i));
    expect(read(row)).toEqual([1, 1]);

    const { compiled } = graph.counts();
    const later = lost.map((value) => call('Neg', [value]));
    expect(read(call('Neg', [row]))).toEqual([-1, -1]);
    expect(graph.counts().compiled - compiled).toBe(1);
    for (const value of later) expect(() => graph.elements(value)).toThrow(/and one is 99/);
  });

  it('runs the rest before it tells a failure of what ran in parts where a step is in doubt', () => {
    isInDoubt = true;
    const missing = takeMissingRow(knownTensor([3, 2]));
    turns(1000, 0);
    expect(missing.failure).toBeDefined();
    expect(graph.counts().pending).toBeGreaterThan(0);
    expect(runs).toBe(0);
    expect(() => graph.elements(missing)).toThrow(/and one is 99/);
    expect(graph.counts().pending).toBe(0);
    expect(runs).toBe(1);
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
