import { describe, expect, it } from 'vitest';
import type { Graph, Value } from '../graph.ts';
import { onnxModel, separateOutputs } from './onnx-model.ts';

const value = (id: number): Value => ({ id, shape: [2], dtype: 'float32' });
const [x, c, inner, y] = [value(0), value(1), value(2), value(3)];
const node = { attributes: {}, layer: '' };

const graph: Graph = {
  inputs: [{ name: 'v0', value: x }],
  outputs: [{ name: 'c0', value: y }],
  nodes: [
    { ...node, op: 'Add', domain: '', inputs: [x, c], outputs: [inner] },
    { ...node, op: 'Gelu', domain: 'com.microsoft', inputs: [inner], outputs: [y] },
  ],
  constants: new Map([[c, Float32Array.of(1, 2)]]),
};

describe('onnxModel', () => {
  it('names every value once, around the names of the ports', () => {
    const { names } = onnxModel(graph, { name: 'model' });
    expect([x, c, inner, y].map((each) => names.get(each))).toEqual(['v0', 'c1', 'v2', 'c0']);
    expect(new Set(names.values()).size).toBe(names.size);
  });

  it('states the operator sets that its nodes are from', () => {
    expect(onnxModel(graph, { name: 'model' }).opsets).toEqual([
      { domain: '', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ]);
  });
});

describe('separateOutputs', () => {
  it('copies what is an input, a constant or another output already', () => {
    const outputs = [x, c, y, y].map((each, i) => ({ name: `out${i}`, value: each }));
    const separate = separateOutputs({ ...graph, outputs });
    expect(separate.nodes.map(({ op, inputs }) => [op, inputs[0]])).toEqual([
      ['Add', x],
      ['Gelu', inner],
      ['Identity', x],
      ['Identity', c],
      ['Identity', y],
    ]);
    const values = separate.outputs.map((port) => port.value);
    expect(new Set(values).size).toBe(4);
    expect(values[2]).toBe(y);
    expect(separate.outputs.map(({ name }) => name)).toEqual(['out0', 'out1', 'out2', 'out3']);
  });

  it('leaves outputs that have values of their own', () => {
    expect(separateOutputs(graph)).toEqual(graph);
  });
});
