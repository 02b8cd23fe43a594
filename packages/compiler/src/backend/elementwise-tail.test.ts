import { describe, expect, it } from 'vitest';
import { knownTensor, recordNode } from '../testing/lazy-values.ts';
import { arrayPool, smallestKept } from './array-pool.ts';
import { findTail, tailRunner } from './elementwise-tail.ts';
import type { LazyValue } from './lazy-value.ts';
import type { PendingNode } from './pending-graph.ts';

interface Recorder {
  readonly nodes: PendingNode[];
  /** Records a call whose result no tensor stands for. */
  readonly call: (name: string, ...inputs: LazyValue[]) => LazyValue;
  /** Results that tensors stand for. */
  readonly awaited: () => ReadonlySet<LazyValue>;
}

function recorder(): Recorder {
  const nodes: PendingNode[] = [];
  return {
    nodes,
    call(name, ...inputs) {
      const node = recordNode(name, inputs);
      nodes.push(node);
      return node.outputs[0];
    },
    awaited: () => new Set(nodes.flatMap(({ outputs }) => outputs.filter(({ tensors }) => tensors > 0))),
  };
}

function kept(value: LazyValue): LazyValue {
  value.tensors = 1;
  return value;
}

const large = [2, smallestKept / 2];

/** A step of momentum: `m ← 0.9·m + g`, `w ← w − 0.1·m`, where the new `m` and `w` are kept. */
function momentum({ call }: Recorder, gradient: LazyValue) {
  const [m, w] = [knownTensor(gradient.shape, [0.5, -1]), knownTensor(gradient.shape, [2, 3, 5])];
  const moments = kept(call('Add', call('Multiply', knownTensor([], [0.9]), m), gradient));
  const weights = kept(call('Sub', w, call('Multiply', knownTensor([], [0.1]), moments)));
  return { m, w, moments, weights };
}

describe('findTail', () => {
  it('takes the elementwise nodes that only each other read', () => {
    const program = recorder();
    const gradient = program.call('Exp', knownTensor(large));
    const { m, w, moments, weights } = momentum(program, gradient);
    const tail = findTail(program.nodes, program.awaited());
    expect([...tail.nodes]).toEqual(program.nodes.slice(1));
    expect(tail.parts).toHaveLength(1);
    const [{ arrays, numbers, stored, body }] = tail.parts;
    expect(arrays).toEqual([m, gradient, w]);
    expect(numbers.map(({ data }) => data![0])).toEqual([Math.fround(0.9), Math.fround(0.1)]);
    expect(stored).toEqual([moments, weights]);
    expect(body.steps.map(({ op }) => op)).toEqual(['mul', 'add', 'mul', 'sub']);
    expect(new Set(tail.reads)).toEqual(new Set([...arrays, ...numbers]));
  });

  it('makes a loop for each parameter, whatever the order of recording', () => {
    const program = recorder();
    const [a, b] = [knownTensor(large), knownTensor([3000])];
    const scaled = [a, b].map((x) => program.call('Multiply', x, knownTensor([], [2])));
    const sums = scaled.map((x) => program.call('Add', x, x));
    const roots = sums.map((x) => program.call('Sqrt', x));
    const results = roots.map((x) => kept(program.call('Neg', x)));
    const tail = findTail(program.nodes, program.awaited());
    expect(tail.parts.map(({ stored }) => stored)).toEqual(results.map((result) => [result]));
    expect(tail.nodes.size).toBe(8);
  });

  it('leaves to the graph what the graph reads', () => {
    const program = recorder();
    const { weights } = momentum(program, knownTensor(large));
    // The new weights are used at once, so all they are made of stays in the graph, and so does the sum.
    program.call('Sum', weights);
    expect(findTail(program.nodes, program.awaited()).nodes.size).toBe(0);
  });

  it('leaves to the graph what another shape reads', () => {
    const program = recorder();
    const { weights } = momentum(program, knownTensor([smallestKept]));
    // The sum has the size of a tail of its own, but the weights broadcast to it.
    kept(program.call('Add', weights, knownTensor([3, smallestKept])));
    expect(findTail(program.nodes, program.awaited()).nodes.size).toBe(0);
  });

  it('leaves to the graph small tensors, other dtypes, other kernels and short chains', () => {
    const small = recorder();
    momentum(small, knownTensor([smallestKept - 1]));
    const integers = recorder();
    let x = knownTensor(large, [1, 2, 3], 'int32');
    for (let i = 0; i < 6; i++) x = integers.call('Add', x, x);
    const other = recorder();
    let y = knownTensor(large);
    for (let i = 0; i < 6; i++) y = other.call('Exp', y);
    const short = recorder();
    let z = knownTensor(large);
    for (let i = 0; i < 3; i++) z = short.call('Neg', z);
    for (const [program, result] of [[small], [integers, x], [other, y], [short, z]] as const) {
      if (result) kept(result);
      expect(findTail(program.nodes, program.awaited()).nodes.size).toBe(0);
    }
  });
});

describe('tailRunner', () => {
  it('computes what float32 arithmetic says, into arrays of the pool', () => {
    const pool = arrayPool();
    const runner = tailRunner(pool);
    const program = recorder();
    const gradient = knownTensor(large);
    const { m, w, moments, weights } = momentum(program, gradient);
    const [g, before, start] = [gradient, m, w].map(({ data }) => (data as Float32Array).slice());
    pool.arena();
    runner.run(findTail(program.nodes, program.awaited()));
    const expected = before.map((x, i) => Math.fround(Math.fround(0.9) * x) + g[i]);
    expect(moments.data).toEqual(expected);
    expect(weights.data).toEqual(start.map((x, i) => x - Math.fround(Math.fround(0.1) * expected[i])));
    expect([moments, weights].map(({ producer, owned }) => [producer, owned])).toEqual([
      [undefined, true],
      [undefined, true],
    ]);
    expect([moments, weights].every(({ data }) => pool.isInArena(data!))).toBe(true);
  });

  it('compiles one loop for all parameters that are treated alike, of whatever size and numbers', () => {
    const pool = arrayPool();
    const runner = tailRunner(pool);
    pool.arena();
    for (const shape of [large, [5000], large]) {
      const program = recorder();
      momentum(program, knownTensor(shape));
      runner.run(findTail(program.nodes, program.awaited()));
    }
    expect(runner.compiled).toBe(1);
  });
});
