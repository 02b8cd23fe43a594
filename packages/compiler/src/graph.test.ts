import { describe, expect, it } from 'vitest';
import {
  attributesKey,
  countUses,
  float,
  nextId,
  printGraph,
  producers,
  type Graph,
  type Value,
} from './graph.ts';

const value = (id: number, shape: readonly number[] = [2]): Value => ({ id, shape, dtype: 'float32' });
const [x, few, many, unused, inner, y, z] = [
  value(7),
  value(1),
  value(2, [7]),
  value(3),
  value(4),
  value(5),
  value(9, []),
];

const graph: Graph = {
  inputs: [{ name: 'in/x', value: x }],
  outputs: [
    { name: 'y', value: y },
    { name: 'z', value: z },
  ],
  nodes: [
    { op: 'Clip', domain: '', inputs: [x, null, few], outputs: [inner], attributes: {}, layer: '' },
    {
      op: 'Split',
      domain: 'com.example',
      inputs: [inner, inner, many],
      outputs: [y, z],
      attributes: {
        axis: -1,
        alpha: float(0.5),
        mode: 'x',
        sizes: [1, 2],
        absent: undefined,
        none: null,
        flag: true,
      },
      layer: 'dense',
    },
  ],
  constants: new Map([
    [few, Float32Array.of(1.5, -0)],
    [many, Float32Array.from({ length: 7 }, (_, i) => i)],
    [unused, Float32Array.of(0, 0)],
  ]),
};

describe('printGraph', () => {
  it('shows ports, constants that are used, nodes with attributes and origin, and what is left out', () => {
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "%0 = input "in/x" : float32[2]
      %1 = constant [1.5, 0] : float32[2]
      %2 = constant [0, 1, 2, 3, 4, 5, …] : float32[7]
      %3 = Clip(%0, _, %1) : float32[2]
      %4, %5 = com.example.Split(%3, %3, %2) {axis: -1, alpha: 0.5f, mode: "x", sizes: [1,2], flag: true} : float32[2], float32[]  # dense
      output "y" = %4
      output "z" = %5"
    `);
  });

  it('has words for numbers that JSON has none for', () => {
    const attributes = {
      top: Infinity,
      bottom: -Infinity,
      fill: NaN,
      alpha: float(-0),
      ends: [-0, Infinity],
    };
    const node = { ...graph.nodes[0], attributes };
    expect(printGraph({ ...graph, nodes: [node] })).toContain(
      '{top: Infinity, bottom: -Infinity, fill: NaN, alpha: -0f, ends: [-0,Infinity]}',
    );
  });

  it('does not depend on ids', () => {
    const shift = (old: Value): Value => renamed.get(old)!;
    const renamed = new Map(
      [x, few, many, unused, inner, y, z].map((old) => [old, { ...old, id: 100 - old.id }]),
    );
    const other: Graph = {
      inputs: graph.inputs.map((port) => ({ ...port, value: shift(port.value) })),
      outputs: graph.outputs.map((port) => ({ ...port, value: shift(port.value) })),
      nodes: graph.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map((input) => (input === null ? null : shift(input))),
        outputs: node.outputs.map(shift),
      })),
      constants: new Map([...graph.constants].map(([old, data]) => [shift(old), data])),
    };
    expect(printGraph(other)).toBe(printGraph(graph));
  });
});

describe('questions to a graph', () => {
  it('counts every use of a value, by nodes and by outputs', () => {
    const uses = countUses({ ...graph, outputs: [...graph.outputs, { name: 'again', value: inner }] });
    expect([x, inner, y, z, unused].map((each) => uses.get(each))).toEqual([1, 3, 1, 1, undefined]);
  });

  it('finds what makes a value', () => {
    const made = producers(graph);
    expect([x, few, inner, y, z].map((each) => made.get(each)?.op)).toEqual([
      undefined,
      undefined,
      'Clip',
      'Split',
      'Split',
    ]);
  });

  it('finds a free id', () => {
    expect(nextId(graph)).toBe(10);
    expect(nextId({ inputs: [], outputs: [], nodes: [], constants: new Map() })).toBe(0);
  });
});

describe('attributesKey', () => {
  const numbers = [0, -0, 1, Infinity, -Infinity, NaN];

  it('is another for every other value', () => {
    const all = numbers.flatMap((value) => [{ value }, { value: float(value) }, { value: [value] }]);
    const texts = [{ value: 'NaN' }, { value: null }, { value: true }, { other: 1 }, {}];
    const keys = [...all, ...texts].map(attributesKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same for the same values', () => {
    const attributes = () => ({ numbers, alpha: float(NaN), mode: 'x', absent: undefined });
    expect(attributesKey(attributes())).toBe(attributesKey(attributes()));
  });
});
