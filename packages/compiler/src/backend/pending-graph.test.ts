import { describe, expect, it } from 'vitest';
import { printGraph, type Attributes } from '../graph.ts';
import { knownTensor, recordNode } from '../testing/lazy-values.ts';
import { writtenValue, type LazyValue } from './lazy-value.ts';
import { cutOf, graphOf, neededFor, numberOf, type PendingNode } from './pending-graph.ts';

/** `(x + y) · x`, with values of its own. */
function sumTimesX(shapeOfX: readonly number[] = [3], shapeOfY: readonly number[] = [3]): PendingNode[] {
  const [x, y] = [knownTensor(shapeOfX), knownTensor(shapeOfY)];
  const sum = recordNode('Add', [x, y]);
  return [sum, recordNode('Multiply', [sum.outputs[0], x])];
}

function structureOf(nodes: readonly PendingNode[]): string {
  return cutOf(nodes, nodes.at(-1)!.outputs).structure;
}

function fill(attributes: Attributes): string {
  return structureOf([recordNode('Fill', [], { shape: [2], dtype: 'float32', ...attributes })]);
}

describe('the structure of a cut', () => {
  it('is equal for the same calls on other tensors', () => {
    expect(structureOf(sumTimesX())).toBe(structureOf(sumTimesX()));
  });

  it('differs where a shape, an operand or an output does', () => {
    const [x, y] = [knownTensor([3]), knownTensor([3])];
    const sum = recordNode('Add', [x, y]);
    const product = (other: LazyValue): PendingNode => recordNode('Multiply', [sum.outputs[0], other]);
    const [timesX, timesY] = [product(x), product(y)];
    const structures = [
      structureOf([sum, timesX]),
      structureOf([sum, timesY]),
      structureOf(sumTimesX([1])),
      structureOf(sumTimesX([3], [2, 3])),
      cutOf([sum, timesX], [sum.outputs[0]]).structure,
      cutOf([sum, timesX], [sum.outputs[0], timesX.outputs[0]]).structure,
      cutOf([sum, timesX], [timesX.outputs[0], sum.outputs[0]]).structure,
    ];
    expect(new Set(structures).size).toBe(structures.length);
  });

  it('differs where a dtype does', () => {
    const sumOf = (dtype: 'float32' | 'int32'): PendingNode => {
      const x = knownTensor([3], [1], dtype);
      return recordNode('Add', [x, x]);
    };
    expect(structureOf([sumOf('float32')])).not.toBe(structureOf([sumOf('int32')]));
  });

  it('is equal for clips, leaky ReLUs and slices with other numbers', () => {
    const pairs: [string, Attributes, Attributes][] = [
      ['ClipByValue', { clipValueMin: 0, clipValueMax: 1 }, { clipValueMin: -1, clipValueMax: 6 }],
      ['LeakyRelu', { alpha: 0.1 }, { alpha: 0.2 }],
      ['Slice', { begin: [0, 1], size: [2, 2] }, { begin: [1, 2], size: [2, 2] }],
      ['Slice', { begin: 1, size: [2, -1] }, { begin: [0, 0], size: [2, 4] }],
    ];
    for (const [name, first, second] of pairs) {
      const [a, b] = [first, second].map((attributes) =>
        structureOf([recordNode(name, [knownTensor([3, 4])], attributes)]),
      );
      expect(a, name).toBe(b);
    }
    const slice = (size: number[]): string =>
      structureOf([recordNode('Slice', [knownTensor([3, 4])], { begin: [0, 0], size })]);
    expect(slice([1, 4])).not.toBe(slice([2, 4]));
  });

  it('tells apart the numbers that JSON does not', () => {
    const structures = [0, -0, NaN, Infinity, -Infinity, 1].map((value) => fill({ value }));
    expect(new Set(structures).size).toBe(structures.length);
    expect(fill({ value: NaN })).toBe(fill({ value: NaN }));
  });

  it('takes an absent input for another than a present one', () => {
    const [x, filter, bias] = [knownTensor([4, 3]), knownTensor([3, 2]), knownTensor([2])];
    const attributes = { transposeA: false, transposeB: false, activation: 'linear' };
    const product = (other: LazyValue | null): PendingNode =>
      recordNode('_FusedMatMul', [x, filter, other, null], attributes);
    expect(structureOf([product(bias)])).not.toBe(structureOf([product(null)]));
  });
});

describe('neededFor', () => {
  it('leaves out what no output depends on, and keeps the order of recording', () => {
    const [sum, product] = sumTimesX();
    const unused = recordNode('Neg', [sum.outputs[0]]);
    const root = recordNode('Sqrt', [product.outputs[0]]);
    const all = [sum, product, unused, root];
    expect(neededFor([root.outputs[0]], all)).toEqual([sum, product, root]);
    expect(neededFor([sum.outputs[0]], all)).toEqual([sum]);
    expect(neededFor([unused.outputs[0], product.outputs[0]], all)).toEqual([sum, product, unused]);
    expect(neededFor([knownTensor([3])], all)).toEqual([]);
  });
});

describe('graphOf', () => {
  it('is a graph of the same kernels, with inputs in order of first use', () => {
    const [x, y] = [knownTensor([3]), knownTensor([3])];
    const difference = recordNode('Sub', [y, x]);
    const cut = cutOf([difference], difference.outputs);
    expect(cut.inputs).toEqual([y, x]);
    expect(printGraph(graphOf(cut, new Set()))).toMatchInlineSnapshot(`
      "%0 = input "i0" : float32[3]
      %1 = input "i1" : float32[3]
      %2 = Sub(%0, %1) : float32[3]
      output "o0" = %2"
    `);
  });

  it('makes constants of inputs where asked, copied', () => {
    const [x, factor] = [knownTensor([3]), knownTensor([], [0.5])];
    const product = recordNode('Multiply', [x, factor]);
    const cut = cutOf([product], product.outputs);
    expect(cut.inputs.map(numberOf)).toEqual([undefined, 0.5]);
    const graph = graphOf(cut, new Set([1]));
    (factor.data as Float32Array).fill(0);
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "i0" : float32[3]
      %1 = constant [0.5] : float32[]
      %2 = Multiply(%0, %1) : float32[3]
      output "o0" = %2"
    `);
  });

  it('says constants full of one number as that number', () => {
    const ones = writtenValue({ shape: [16, 16], dtype: 'float32' }, Array(256).fill(1));
    const cut = cutOf([recordNode('Add', [knownTensor([16]), ones])], []);
    expect(cut.inputs.map(numberOf)).toEqual([undefined, 1]);
    expect(printGraph(graphOf(cut, new Set([1])))).toMatchInlineSnapshot(`
      "%0 = input "i0" : float32[16]
      %1 = Fill() {shape: [16,16], dtype: "float32", value: 1} : float32[16,16]
      %2 = Add(%0, %1) : float32[16,16]"
    `);
    expect(printGraph(graphOf(cut, new Set()))).toMatchInlineSnapshot(`
      "%0 = input "i0" : float32[16]
      %1 = input "i1" : float32[16,16]
      %2 = Add(%0, %1) : float32[16,16]"
    `);
  });

  it('reads numbers among attributes from inputs where they are not constants', () => {
    const clipped = recordNode('ClipByValue', [knownTensor([3])], { clipValueMin: 0, clipValueMax: 6 });
    const cut = cutOf([clipped], clipped.outputs);
    expect(printGraph(graphOf(cut, new Set([1, 2])))).toMatchInlineSnapshot(`
      "%0 = input "i0" : float32[3]
      %1 = ClipByValue(%0) {clipValueMin: 0, clipValueMax: 6} : float32[3]
      output "o0" = %1"
    `);
    expect(printGraph(graphOf(cut, new Set([1])))).toMatchInlineSnapshot(`
      "%0 = input "i0" : float32[3]
      %1 = input "i2" : float32[]
      %2 = constant [0] : float32[]
      %3 = Maximum(%0, %2) : float32[3]
      %4 = Minimum(%3, %1) : float32[3]
      output "o0" = %4"
    `);
  });
});
