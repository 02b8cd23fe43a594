import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { float, type Attributes, type Graph, type Node, type Value } from '../graph.ts';
import { openModel, runModel } from '../testing/run-onnx.ts';
import type { DType, TensorData } from '../tensor-type.ts';
import { onnxModel, type Dimension, type ModelDescription } from './onnx-model.ts';
import { encodeModel } from './protobuf.ts';

/** What was written to a field of a message, in order. */
type Message = (field: number) => readonly (number | Uint8Array)[];

/** Reads a message without knowing its type: varints (as signed numbers), 32-bit floats and bytes. */
function decode(bytes: Uint8Array): Message {
  const fields = new Map<number, (number | Uint8Array)[]>();
  new PbfReader(bytes).readFields((tag, _, reader) => {
    const values = fields.get(tag) ?? [];
    if (reader.type === 2) values.push(reader.readBytes());
    else values.push(reader.type === 5 ? reader.readFloat() : reader.readVarint(true));
    fields.set(tag, values);
  }, undefined);
  return (field) => fields.get(field) ?? [];
}

/** The messages in a field of a message. */
function messages(message: Message, field: number): Message[] {
  return message(field).map((bytes) => decode(bytes as Uint8Array));
}

function text(bytes: number | Uint8Array): string {
  return new TextDecoder().decode(bytes as Uint8Array);
}

/** Numbers of a packed field. */
function varints(packed: number | Uint8Array): number[] {
  const reader = new PbfReader(packed as Uint8Array);
  const numbers: number[] = [];
  while (reader.pos < reader.length) numbers.push(reader.readVarint(true));
  return numbers;
}

const value = (id: number, shape: readonly number[] = [2], dtype: DType = 'float32'): Value => ({
  id,
  shape,
  dtype,
});

interface Sample {
  readonly attributes?: Attributes;
  readonly constants?: readonly (readonly [Value, TensorData])[];
  readonly inputs?: Node['inputs'];
  readonly description?: Partial<ModelDescription>;
  readonly dimensions?: readonly (readonly [Value, readonly Dimension[]])[];
}

const [x, y] = [value(0), value(1)];

/** A model of one node. */
function encodeSample({
  attributes = {},
  constants = [],
  inputs = [x],
  description = {},
  dimensions = [],
}: Sample): Uint8Array {
  const graph: Graph = {
    inputs: [{ name: 'x', value: x }],
    outputs: [{ name: 'y', value: y }],
    nodes: [{ op: 'Test', domain: '', inputs, outputs: [y], attributes, layer: 'dense' }],
    constants: new Map(constants),
  };
  return encodeModel(onnxModel(graph, { name: 'sample', ...description }, new Map(dimensions)));
}

/** The graph message of a sample. */
function sampleGraph(sample: Sample): Message {
  return messages(decode(encodeSample(sample)), 7)[0];
}

/** The attributes of the node of a sample, by name. */
function sampleAttributes(attributes: Attributes): Record<string, Message> {
  const [node] = messages(sampleGraph({ attributes }), 1);
  return Object.fromEntries(messages(node, 5).map((attribute) => [text(attribute(1)[0]), attribute]));
}

describe('the model message', () => {
  it('states IR version 8, opset 17, its producer and its metadata', () => {
    const model = decode(
      encodeSample({ description: { description: 'für alle', metadata: { seed: '1', kind: 'test' } } }),
    );
    expect(model(1)).toEqual([8]);
    expect(text(model(2)[0])).toBe('narrows');
    expect(text(model(3)[0])).toMatch(/^\d+\.\d+\.\d+$/);
    expect(text(model(6)[0])).toBe('für alle');
    expect(messages(model, 8).map((opset) => [opset(1), opset(2)])).toEqual([[[], [17]]]);
    expect(messages(model, 14).map((entry) => [text(entry(1)[0]), text(entry(2)[0])])).toEqual([
      ['seed', '1'],
      ['kind', 'test'],
    ]);
  });

  it('names the graph, its nodes and their values', () => {
    const graph = sampleGraph({ inputs: [x, null, x] });
    expect(text(graph(2)[0])).toBe('sample');
    const [node] = messages(graph, 1);
    expect(node(1).map(text)).toEqual(['x', '', 'x']);
    expect(node(2).map(text)).toEqual(['y']);
    expect([text(node(3)[0]), text(node(4)[0])]).toEqual(['dense/Test_0', 'Test']);
    expect(node(7)).toEqual([]);
  });

  it('is the same for the same model', () => {
    const sample: Sample = {
      attributes: { a: 1, b: float(0.1) },
      constants: [[value(2), Float32Array.of(1, 2)]],
    };
    expect(encodeSample(sample)).toEqual(encodeSample(sample));
  });

  it('is never larger than protobuf allows', () => {
    // Nine constants that share a quarter of a gigabyte, which is never touched.
    const data = new Uint8Array(2 ** 28);
    const constants = Array.from({ length: 8 }, (_, i) => [value(10 + i, [2 ** 28], 'uint8'), data] as const);
    expect(() => encodeSample({ constants })).toThrow(
      new RangeError(
        'Cannot write model "sample": a protobuf message holds at most 2147483647 bytes, its constants take 2147483648, the largest is uint8[268435456]; pass large tensors as inputs.',
      ),
    );
  });

  it('is never larger with the constants of loops in it', () => {
    const data = new Uint8Array(2 ** 28);
    const large = Array.from({ length: 8 }, (_, i) => [value(10 + i, [2 ** 28], 'uint8'), data] as const);
    const body: Graph = {
      inputs: [],
      outputs: [],
      nodes: [
        {
          op: 'Test',
          domain: '',
          inputs: [large[0][0]],
          outputs: [value(2)],
          attributes: {},
          layer: 'recurrent',
        },
      ],
      constants: new Map(large),
    };
    const graph: Graph = {
      inputs: [{ name: 'x', value: x }],
      outputs: [{ name: 'y', value: y }],
      nodes: [{ op: 'Loop', domain: '', inputs: [x], outputs: [y], attributes: {}, layer: '', body }],
      constants: new Map([[value(3), Float32Array.of(1, 2)]]),
    };
    expect(() => encodeModel(onnxModel(graph, { name: 'sample' }))).toThrow(
      new RangeError(
        'Cannot write model "sample": a protobuf message holds at most 2147483647 bytes, its constants take 2147483656, the largest is uint8[268435456] of layer "recurrent"; pass large tensors as inputs.',
      ),
    );
  });
});

describe('attributes', () => {
  it('are integers, also negative and large ones, and booleans', () => {
    const { small, negative, large, flag } = sampleAttributes({
      small: 3,
      negative: -1,
      large: 2 ** 40,
      flag: true,
    });
    expect([small, negative, large, flag].map((attribute) => attribute(3))).toEqual([
      [3],
      [-1],
      [2 ** 40],
      [1],
    ]);
    expect([small, negative, large, flag].map((attribute) => attribute(20))).toEqual([[2], [2], [2], [2]]);
  });

  it('are real numbers', () => {
    const { alpha, whole } = sampleAttributes({ alpha: float(0.1), whole: float(2) });
    expect([alpha(2), alpha(20)]).toEqual([[Math.fround(0.1)], [1]]);
    expect([whole(2), whole(20)]).toEqual([[2], [1]]);
  });

  it('are strings', () => {
    const { mode } = sampleAttributes({ mode: 'größer' });
    expect(text(mode(4)[0])).toBe('größer');
    expect(mode(20)).toEqual([3]);
  });

  it('are lists of integers, also empty and negative, and of strings', () => {
    const { axes, none, names } = sampleAttributes({ axes: [0, -1, 300], none: [], names: ['a', 'b'] });
    expect(varints(axes(8)[0])).toEqual([0, -1, 300]);
    expect(axes(20)).toEqual([7]);
    expect([none(8), none(20)]).toEqual([[], [7]]);
    expect(names(9).map(text)).toEqual(['a', 'b']);
    expect(names(20)).toEqual([8]);
  });

  it('are left out when they have no value', () => {
    expect(sampleAttributes({ absent: undefined, nothing: null })).toEqual({});
  });
});

describe('constants', () => {
  it.each<[DType, TensorData, number, number[]]>([
    ['float32', Float32Array.of(1, -0), 1, [0, 0, 128, 63, 0, 0, 0, 128]],
    ['uint8', Uint8Array.of(0, 255), 2, [0, 255]],
    ['int32', Int32Array.of(-2, 258), 6, [254, 255, 255, 255, 2, 1, 0, 0]],
    ['int64', BigInt64Array.of(-1n, 258n), 7, [...Array<number>(8).fill(255), 2, 1, 0, 0, 0, 0, 0, 0]],
    ['bool', Uint8Array.of(0, 1), 9, [0, 1]],
  ])('of %s hold little-endian bytes', (dtype, data, type, bytes) => {
    const [tensor] = messages(sampleGraph({ constants: [[value(2, [2], dtype), data]] }), 5);
    expect(varints(tensor(1)[0])).toEqual([2]);
    expect(tensor(2)).toEqual([type]);
    expect(text(tensor(8)[0])).toBe('c0');
    expect([...(tensor(9)[0] as Uint8Array)]).toEqual(bytes);
  });

  it('hold the part of a buffer that they view', () => {
    const data = Float32Array.of(7, 8, 9, 10).subarray(1, 3);
    const [tensor] = messages(sampleGraph({ constants: [[value(2), data]] }), 5);
    expect(tensor(9)[0]).toEqual(new Uint8Array(Float32Array.of(8, 9).buffer));
  });

  it('are scalars and empty tensors, too', () => {
    const [scalar, empty] = messages(
      sampleGraph({
        constants: [
          [value(2, []), Float32Array.of(1)],
          [value(3, [0, 3]), new Float32Array()],
        ],
      }),
      5,
    );
    expect(scalar(1)).toEqual([]);
    expect(varints(empty(1)[0])).toEqual([0, 3]);
    expect(empty(9)[0]).toHaveLength(0);
  });
});

describe('ports', () => {
  const shapeOf = (sample: Sample): (number | string)[] => {
    const [port] = messages(sampleGraph(sample), 11);
    expect(text(port(1)[0])).toBe('x');
    const [tensorType] = messages(messages(port, 2)[0], 1);
    expect(tensorType(1)).toEqual([1]);
    const [shape] = messages(tensorType, 2);
    return messages(shape, 1).map((axis) =>
      axis(2).length === 0 ? (axis(1)[0] as number) : text(axis(2)[0]),
    );
  };

  it('have sizes and named sizes', () => {
    expect(shapeOf({})).toEqual([2]);
    expect(shapeOf({ dimensions: [[x, ['N', 0, 3]]] })).toEqual(['N', 0, 3]);
  });
});

describe('onnxruntime', () => {
  const input = { shape: [2], dtype: 'float32', data: Float32Array.of(-1, 2) } as const;
  const model = (op: string, attributes: Attributes, dimensions: readonly Dimension[] = [2]): Uint8Array => {
    const graph: Graph = {
      inputs: [{ name: 'x', value: x }],
      outputs: [{ name: 'y', value: y }],
      nodes: [{ op, domain: '', inputs: [x], outputs: [y], attributes, layer: '' }],
      constants: new Map(),
    };
    const named = new Map([x, y].map((port) => [port, dimensions]));
    return encodeModel(onnxModel(graph, { name: 'sample' }, named));
  };

  it('reads attributes as they were meant', async () => {
    const leaky = await runModel(model('LeakyRelu', { alpha: float(0.25) }), { x: input });
    expect(leaky['y'].data).toEqual(Float32Array.of(-0.25, 2));
    const softmax = await runModel(model('Softmax', { axis: -1 }), { x: input });
    expect(softmax['y'].data[1]).toBeCloseTo(1 / (1 + Math.exp(-3)), 6);
  });

  it('reads ports as they were meant', async () => {
    const opened = await openModel(model('Neg', {}, ['batch']));
    expect(opened.inputs).toEqual([{ name: 'x', isTensor: true, type: 'float32', shape: ['batch'] }]);
    expect(opened.outputs).toEqual([{ name: 'y', isTensor: true, type: 'float32', shape: ['batch'] }]);
    await opened.close();
  });
});
