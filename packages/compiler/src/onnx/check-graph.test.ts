import { describe, expect, it } from 'vitest';
import type { Graph, Node, Value } from '../graph.ts';
import { checkGraph } from './check-graph.ts';

const value = (id: number, shape: readonly number[] = [2]): Value => ({ id, shape, dtype: 'float32' });
const node = (inputs: readonly (Value | null)[], outputs: readonly Value[], layer = ''): Node => ({
  op: 'Add',
  domain: '',
  inputs,
  outputs,
  attributes: {},
  layer,
});

const [x, c, y, z] = [value(0), value(1), value(2), value(3)];

/** `y = x + c` */
const valid: Graph = {
  inputs: [{ name: 'x', value: x }],
  outputs: [{ name: 'y', value: y }],
  nodes: [node([x, c], [y])],
  constants: new Map([[c, Float32Array.of(1, 2)]]),
};

const violations: readonly [string, Graph, string][] = [
  [
    'a value that is used before it is made',
    { ...valid, nodes: [node([x, z], [y]), node([x, c], [z])] },
    'node 0 (Add) reads input 1 before it is defined',
  ],
  [
    'a value that nothing makes',
    { ...valid, nodes: [node([x, z], [y], 'dense')] },
    'node 0 (Add of layer "dense") reads input 1 before it is defined',
  ],
  [
    'a value that two nodes make',
    { ...valid, nodes: [node([x, c], [y]), node([x, c], [y])] },
    'node 1 (Add) defines a value that was defined before',
  ],
  [
    'a node that makes one value twice',
    { ...valid, nodes: [node([x, c], [y, y])] },
    'node 0 (Add) defines a value that was defined before',
  ],
  [
    'a node that makes an input',
    { ...valid, nodes: [node([x, c], [x])] },
    'node 0 (Add) defines a value that was defined before',
  ],
  [
    'a constant that is an input too',
    { ...valid, constants: new Map([[x, Float32Array.of(1, 2)]]) },
    'a constant defines a value that was defined before',
  ],
  [
    'one value for two inputs',
    { ...valid, inputs: [...valid.inputs, { name: 'w', value: x }] },
    'input "w" defines a value that was defined before',
  ],
  [
    'a constant with too few elements',
    { ...valid, constants: new Map([[c, Float32Array.of(1)]]) },
    'a constant of float32[2] has 1 elements',
  ],
  [
    'an output that nothing makes',
    { ...valid, outputs: [{ name: 'y', value: z }] },
    'output "y" is never defined',
  ],
  [
    'an input without a name',
    { ...valid, inputs: [{ name: '', value: x }] },
    '"" is not a unique name of an input or output',
  ],
  [
    'an output with the name of an input',
    { ...valid, outputs: [{ name: 'x', value: y }] },
    '"x" is not a unique name of an input or output',
  ],
  [
    'two outputs of one name',
    { ...valid, outputs: [...valid.outputs, { name: 'y', value: x }] },
    '"y" is not a unique name of an input or output',
  ],
];

describe('checkGraph', () => {
  it('accepts a graph in order', () => {
    expect(() => {
      checkGraph(valid, 'test');
    }).not.toThrow();
  });

  it('accepts optional inputs that are left out, and empty constants', () => {
    const empty = value(4, [0, 3]);
    const graph = {
      ...valid,
      nodes: [node([x, null, empty], [y])],
      constants: new Map([[empty, new Float32Array()]]),
    };
    expect(() => {
      checkGraph(graph, 'test');
    }).not.toThrow();
  });

  it.each(violations)('refuses %s', (_, graph, what) => {
    expect(() => {
      checkGraph(graph, 'fuseBias');
    }).toThrow(
      new Error(
        `Cannot use the graph after "fuseBias": ${what}. This is a fault of that stage, please report it.`,
      ),
    );
  });
});
