/** ONNX's numbers of data types. */
const dataTypes = { float32: 1, uint8: 2, int64: 7 } as const;
type DataType = keyof typeof dataTypes;

/** An input or output: a size that is open has a name. */
interface OnnxPort {
  readonly name: string;
  readonly dtype?: DataType;
  readonly shape: readonly (number | string)[];
}

interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
  /** Says that the values are in a file of this name, which they are not. */
  readonly external?: string;
}

/** A graph as little of ONNX says it. */
export interface OnnxGraph {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly nodes: readonly {
    readonly operator: string;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    /** Integers by name. */
    readonly attributes?: Readonly<Record<string, number>>;
  }[];
  readonly tensors?: readonly OnnxTensor[];
}

/**
 * Writes an ONNX file (IR version 8, opset 17) as other exporters do, for tests of what a visitor may drop.
 *
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function onnxFile({ inputs, outputs, nodes, tensors = [] }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.map((node) => field(1, nodeBytes(node))),
    field(2, text('graph')),
    ...tensors.map((tensor) => field(5, tensorBytes(tensor))),
    ...inputs.map((port) => field(11, portBytes(port))),
    ...outputs.map((port) => field(12, portBytes(port))),
  ].flat();
  return Uint8Array.from([...number(1, 8), ...field(7, graph), ...field(8, number(2, 17))]);
}

function nodeBytes({ operator, inputs, outputs, attributes = {} }: OnnxGraph['nodes'][number]): number[] {
  return [
    ...inputs.flatMap((name) => field(1, text(name))),
    ...outputs.flatMap((name) => field(2, text(name))),
    ...field(4, text(operator)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      field(5, [...field(1, text(name)), ...number(3, value), ...number(20, 2)]),
    ),
  ];
}

function tensorBytes({ name, shape, data, external }: OnnxTensor): number[] {
  const type = data instanceof Float32Array ? dataTypes.float32 : dataTypes.int64;
  const bytes = [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  return [
    ...shape.flatMap((size) => number(1, size)),
    ...number(2, type),
    ...field(8, text(name)),
    ...(external === undefined
      ? field(9, bytes)
      : [...field(13, [...field(1, text('location')), ...field(2, text(external))]), ...number(14, 1)]),
  ];
}

function portBytes({ name, dtype = 'float32', shape }: OnnxPort): number[] {
  const sizes = shape.flatMap((size) =>
    field(1, typeof size === 'number' ? number(1, size) : field(2, text(size))),
  );
  const tensor = field(1, [...number(1, dataTypes[dtype]), ...field(2, sizes)]);
  return [...field(1, text(name)), ...field(2, tensor)];
}

/** A field of protobuf that is an integer. */
function number(id: number, value: number): number[] {
  return [...varint(id * 8), ...varint(value)];
}

/** A field of protobuf that is a text, bytes or another message. */
function field(id: number, content: readonly number[]): number[] {
  return [...varint(id * 8 + 2), ...varint(content.length), ...content];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))];
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}
