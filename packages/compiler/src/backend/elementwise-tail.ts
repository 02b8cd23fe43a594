import { sameShape } from '../tensor-type.ts';
import { smallestKept, type ArrayPool } from './array-pool.ts';
import { sizeOfValue, type LazyValue } from './lazy-value.ts';
import type { PendingNode } from './pending-graph.ts';
import { compileWasmLoop, type Loop, type LoopBody, type LoopOp, type LoopOperand } from './wasm-loop.ts';

/**
 * The end of a train step: an optimizer does a dozen elementwise operations on every parameter, its gradient and its
 * moments, and nothing in the graph reads the results. As operators of a graph each would go through memory by itself,
 * which took half of the step's time; as one loop they go through it once.
 */
export interface ElementwiseTail {
  /** Nodes that the loops do. */
  readonly nodes: ReadonlySet<PendingNode>;
  /** Values that the loops read. */
  readonly reads: readonly LazyValue[];
  readonly parts: readonly TailPart[];
  /** Every array that the loops read or store. */
  readonly arrays: readonly LazyValue[];
}

/** One loop: nodes that hang together and are all of one shape. */
interface TailPart {
  readonly body: LoopBody;
  readonly arrays: readonly LazyValue[];
  readonly numbers: readonly LazyValue[];
  /** Results that somebody waits for. */
  readonly stored: readonly LazyValue[];
}

/** Kernels that loops can do, all of them rounded alike everywhere. */
const loopOps: Readonly<Record<string, LoopOp>> = {
  Abs: 'abs',
  Neg: 'neg',
  Sqrt: 'sqrt',
  Add: 'add',
  Sub: 'sub',
  Multiply: 'mul',
  RealDiv: 'div',
  Minimum: 'min',
  Maximum: 'max',
};

/** Most arrays and numbers of one loop: WebAssembly allows a function 1,000 parameters. */
const mostOperands = 900;

/** Fewest nodes for which a loop is better than operators of the graph, which have two threads. */
const fewestNodes = 4;

function isLoopable({ kernel, inputs, outputs }: PendingNode): boolean {
  const [output] = outputs;
  return (
    (kernel.name in loopOps || kernel.name === 'Square') &&
    output.dtype === 'float32' &&
    sizeOfValue(output) >= smallestKept &&
    inputs.every(
      (input) =>
        input !== null &&
        input.dtype === 'float32' &&
        (sizeOfValue(input) === 1 || sameShape(input.shape, output.shape)),
    )
  );
}

/**
 * Finds the elementwise nodes that only each other read.
 * @param nodes all nodes to run, in order.
 * @param outputs values that somebody waits for.
 */
export function findTail(nodes: readonly PendingNode[], outputs: ReadonlySet<LazyValue>): ElementwiseTail {
  const readElsewhere = new Set<LazyValue>();
  const tail: PendingNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (isLoopable(node) && !readElsewhere.has(node.outputs[0])) tail.push(node);
    else for (const input of node.inputs) if (input !== null) readElsewhere.add(input);
  }
  tail.reverse();
  const parts = components(tail)
    .filter((part) => part.length >= fewestNodes)
    .map((part) => describePart(part, outputs))
    .filter(({ part }) => part.arrays.length + part.stored.length + part.numbers.length <= mostOperands);
  const done = new Set(parts.flatMap(({ nodes: own }) => own));
  const reads = new Set(parts.flatMap(({ part }) => [...part.arrays, ...part.numbers]));
  const arrays = parts.flatMap(({ part }) => [...part.arrays, ...part.stored]);
  return { nodes: done, reads: [...reads], parts: parts.map(({ part }) => part), arrays };
}

/** Groups of nodes that read each other's results. */
function components(nodes: readonly PendingNode[]): PendingNode[][] {
  const groupOf = new Map<PendingNode, PendingNode[]>();
  for (const node of nodes) {
    let group = [node];
    groupOf.set(node, group);
    for (const input of node.inputs) {
      const other = input?.producer && groupOf.get(input.producer);
      if (other === undefined || other === group) continue;
      const [small, large] = other.length < group.length ? [other, group] : [group, other];
      for (const member of small) groupOf.set(member, large);
      large.push(...small);
      group = large;
    }
  }
  return [...new Set(groupOf.values())];
}

function describePart(
  unordered: readonly PendingNode[],
  outputs: ReadonlySet<LazyValue>,
): { nodes: readonly PendingNode[]; part: TailPart } {
  const nodes = unordered.toSorted((a, b) => a.order - b.order);
  const places = new Map<LazyValue, LoopOperand>();
  const arrays: LazyValue[] = [];
  const numbers: LazyValue[] = [];
  const operandOf = (value: LazyValue): LoopOperand => {
    const known = places.get(value);
    if (known !== undefined) return known;
    const isNumber = sizeOfValue(value) === 1;
    const list = isNumber ? numbers : arrays;
    const place: LoopOperand = { kind: isNumber ? 'number' : 'array', index: list.length };
    list.push(value);
    places.set(value, place);
    return place;
  };
  const steps = nodes.map(({ kernel, inputs, outputs }, index) => {
    const operands = inputs.map((input) => operandOf(input!));
    places.set(outputs[0], { kind: 'step', index });
    return kernel.name === 'Square'
      ? { op: 'mul' as const, operands: [operands[0], operands[0]] }
      : { op: loopOps[kernel.name], operands };
  });
  const kept = nodes.flatMap(({ outputs: [output] }, index) =>
    outputs.has(output) ? [{ output, index }] : [],
  );
  return {
    nodes,
    part: {
      body: {
        arrays: arrays.length,
        numbers: numbers.length,
        steps,
        stored: kept.map(({ index }) => index),
      },
      arrays,
      numbers,
      stored: kept.map(({ output }) => output),
    },
  };
}

/** Runs tails, with one compiled loop for each body. */
export interface TailRunner {
  /** Computes what a tail stores, once everything that it reads is there. The arena must be open and have room. */
  run(tail: ElementwiseTail): void;
  /** Loops compiled so far. */
  readonly compiled: number;
}

/** Loops that stay compiled. */
const mostLoops = 256;

/** @param pool whose arena the loops work on, and where their results are taken from. */
export function tailRunner(pool: ArrayPool): TailRunner {
  const loops = new Map<string, Loop>();
  /** Of tails that run again, as a step's that is taken again: telling bodies apart takes as long as a small loop. */
  const loopOfBody = new WeakMap<LoopBody, Loop>();
  let compiled = 0;

  const loopFor = (body: LoopBody): Loop => {
    const known = loopOfBody.get(body);
    if (known !== undefined) return known;
    const text = JSON.stringify(body);
    let loop = loops.get(text);
    if (loop === undefined) {
      loop = compileWasmLoop(body, pool.arena()!);
      compiled++;
      // Used or not, the first is compiled again if it is asked for.
      if (loops.size === mostLoops) loops.delete(loops.keys().next().value!);
      loops.set(text, loop);
    }
    loopOfBody.set(body, loop);
    return loop;
  };

  return {
    run({ parts }) {
      for (const { body, arrays, numbers, stored } of parts) {
        for (const array of arrays) pool.enterArena(array);
        for (const output of stored) {
          output.data = pool.take(output);
          output.owned = true;
        }
        loopFor(body)(
          arrays[0].data!.byteLength,
          [...arrays, ...stored].map(({ data }) => data!.byteOffset),
          numbers.map(({ data }) => Number(data![0])),
        );
        for (const output of stored) output.producer = undefined;
      }
    },
    get compiled() {
      return compiled;
    },
  };
}
