import { PbfWriter } from 'pbf';
import type { Attribute, Graph, Node, Value } from '../graph.ts';
import { formatType, type DType, type TensorData } from '../tensor-type.ts';
import type { Dimension, OnnxModel } from './onnx-model.ts';

/**
 * Writes ONNX models as protobuf. This is the only file that knows the wire format: the message and field numbers below
 * are those of https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto (IR version 8).
 */

/** `TensorProto.DataType` */
const dataType: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** `AttributeProto.AttributeType` */
const attributeType = { float: 1, int: 2, string: 3, graph: 5, ints: 7, strings: 8 } as const;

const irVersion = 8;
const largestModelBytes = 2 ** 31 - 1;

/** A graph and the bodies of its loops, and theirs. */
function withBodies(graph: Graph): Graph[] {
  return [graph, ...graph.nodes.flatMap(({ body }) => (body === undefined ? [] : withBodies(body)))];
}

/** @param what takes `sizeBytes` of the model. */
function requireEncodable({ graph, name }: OnnxModel, sizeBytes: number, what: string): void {
  if (sizeBytes <= largestModelBytes) return;
  const graphs = withBodies(graph);
  const [value] = graphs
    .flatMap(({ constants }) => [...constants])
    .reduce((a, b) => (b[1].byteLength > a[1].byteLength ? b : a));
  const user = graphs.flatMap(({ nodes }) => nodes).find(({ inputs }) => inputs.includes(value));
  const where = user === undefined || user.layer === '' ? '' : ` of layer "${user.layer}"`;
  throw new RangeError(
    `Cannot write model "${name}": a protobuf message holds at most ${largestModelBytes} bytes, ${what} ${sizeBytes}, the largest is ${formatType(value)}${where}; pass large tensors as inputs.`,
  );
}

/**
 * Serialises a model.
 * @throws RangeError when the model exceeds 2 GiB, the limit of protobuf.
 */
export function encodeModel(model: OnnxModel): Uint8Array {
  const constants = withBodies(model.graph).flatMap((graph) => [...graph.constants.values()]);
  const constantBytes = constants.reduce((total, { byteLength }) => total + byteLength, 0);
  // Before anything is written: the buffer of what is too large would be larger still.
  requireEncodable(model, constantBytes, 'its constants take');
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, model.producer.name);
  pbf.writeStringField(3, model.producer.version);
  if (model.description !== '') pbf.writeStringField(6, model.description);
  pbf.writeMessage(7, writeGraph, model);
  for (const opset of model.opsets) pbf.writeMessage(8, writeOpset, opset);
  for (const entry of Object.entries(model.metadata)) pbf.writeMessage(14, writeEntry, entry);
  const bytes = pbf.finish();
  requireEncodable(model, bytes.length, 'its constants and nodes take');
  return bytes;
}

function writeOpset({ domain, version }: { domain: string; version: number }, pbf: PbfWriter): void {
  if (domain !== '') pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, version);
}

function writeEntry([key, value]: [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

/** A graph in a model: the model's own, or the body of a loop. */
type NamedGraph = Pick<OnnxModel, 'graph' | 'name' | 'names' | 'dimensions'>;

function writeGraph({ graph, name, names, dimensions }: NamedGraph, pbf: PbfWriter): void {
  graph.nodes.forEach((node, i) => {
    pbf.writeMessage(1, writeNode, { node, names, dimensions, name: nodeName(node, i) });
  });
  pbf.writeStringField(2, name);
  for (const [value, data] of graph.constants) {
    pbf.writeMessage(5, writeTensor, { value, data, name: names.get(value)! });
  }
  for (const { value } of graph.inputs) {
    pbf.writeMessage(11, writeValueInfo, { value, name: names.get(value)!, dimensions });
  }
  for (const { value } of graph.outputs) {
    pbf.writeMessage(12, writeValueInfo, { value, name: names.get(value)!, dimensions });
  }
}

/**
 * `layer/kernel/operator_position`, which a runtime has in its errors and profiles: those who wrote a model know its layers
 * and kernels, and no operators. Where kernel and operator have one name it is said once.
 */
function nodeName({ layer, kernel, op }: Node, position: number): string {
  const origin = kernel === undefined || kernel === op ? [layer] : [layer, kernel];
  return [...origin.filter((part) => part !== ''), `${op}_${position}`].join('/');
}

interface NamedNode {
  readonly node: Node;
  readonly name: string;
  readonly names: ReadonlyMap<Value, string>;
  readonly dimensions: ReadonlyMap<Value, readonly Dimension[]>;
}

function writeNode({ node, name, names, dimensions }: NamedNode, pbf: PbfWriter): void {
  // An empty name is ONNX's way to leave an optional input out.
  for (const input of node.inputs) pbf.writeStringField(1, input === null ? '' : names.get(input)!);
  for (const output of node.outputs) pbf.writeStringField(2, names.get(output)!);
  pbf.writeStringField(3, name);
  pbf.writeStringField(4, node.op);
  for (const [key, value] of Object.entries(node.attributes)) {
    if (value === undefined || value === null) continue;
    // The one attribute that names a type; graphs name it by dtype.
    const encoded = node.op === 'Cast' && key === 'to' ? dataType[value as DType] : value;
    pbf.writeMessage(5, writeAttribute, { key, value: encoded });
  }
  if (node.body !== undefined) {
    pbf.writeMessage(5, writeBody, { graph: node.body, name: `${name} body`, names, dimensions });
  }
  if (node.domain !== '') pbf.writeStringField(7, node.domain);
}

function writeBody(body: NamedGraph, pbf: PbfWriter): void {
  pbf.writeStringField(1, 'body');
  pbf.writeMessage(6, writeGraph, body);
  pbf.writeVarintField(20, attributeType.graph);
}

function writeAttribute(
  { key, value }: { key: string; value: NonNullable<Attribute> },
  pbf: PbfWriter,
): void {
  pbf.writeStringField(1, key);
  if (typeof value === 'number' || typeof value === 'boolean') {
    pbf.writeVarintField(3, Number(value));
    pbf.writeVarintField(20, attributeType.int);
  } else if (typeof value === 'string') {
    pbf.writeBytesField(4, new TextEncoder().encode(value));
    pbf.writeVarintField(20, attributeType.string);
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, attributeType.float);
  } else if (value.every((item) => typeof item === 'number')) {
    pbf.writePackedVarint(8, [...value]);
    pbf.writeVarintField(20, attributeType.ints);
  } else {
    for (const item of value) pbf.writeBytesField(9, new TextEncoder().encode(String(item)));
    pbf.writeVarintField(20, attributeType.strings);
  }
}

interface NamedTensor {
  readonly value: Value;
  readonly data: TensorData;
  readonly name: string;
}

function writeTensor({ value, data, name }: NamedTensor, pbf: PbfWriter): void {
  pbf.writePackedVarint(1, [...value.shape]);
  pbf.writeVarintField(2, dataType[value.dtype]);
  pbf.writeStringField(8, name);
  // Typed arrays are little-endian on every platform that Node and browsers run on, as raw_data has to be.
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

interface DimensionedValue {
  readonly value: Value;
  readonly name: string;
  readonly dimensions: ReadonlyMap<Value, readonly Dimension[]>;
}

function writeValueInfo({ value, name, dimensions }: DimensionedValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  const shape = dimensions.get(value) ?? value.shape;
  pbf.writeMessage(2, writeType, { dtype: value.dtype, shape });
}

interface DimensionedType {
  readonly dtype: DType;
  readonly shape: readonly Dimension[];
}

function writeType(type: DimensionedType, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, type);
}

function writeTensorType({ dtype, shape }: DimensionedType, pbf: PbfWriter): void {
  pbf.writeVarintField(1, dataType[dtype]);
  pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: readonly Dimension[], pbf: PbfWriter): void {
  for (const dimension of shape) pbf.writeMessage(1, writeDimension, dimension);
}

function writeDimension(dimension: Dimension, pbf: PbfWriter): void {
  if (typeof dimension === 'string') pbf.writeStringField(2, dimension);
  else pbf.writeVarintField(1, dimension);
}
