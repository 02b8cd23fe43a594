import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../tensor-type.ts';
import { drawValues } from './draw-values.ts';

/** A node of a GraphDef in JSON. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

export interface GraphModelParts {
  readonly nodes: readonly GraphNode[];
  /** Elements of the constants, or their shapes if drawn ones will do. */
  readonly constants: Readonly<Record<string, readonly number[] | { readonly int32: readonly number[] }>>;
  readonly signature?: object | undefined;
}

const type = { float32: 'DT_FLOAT', int32: 'DT_INT32', string: 'DT_STRING' } as const;

/** The input of a graph model; -1 is an open size. */
export function placeholder(
  name: string,
  shape: readonly number[],
  dtype: keyof typeof type = 'float32',
): GraphNode {
  return {
    name,
    op: 'Placeholder',
    attr: {
      dtype: { type: type[dtype] },
      shape: { shape: { dim: shape.map((size) => ({ size })) } },
    },
  };
}

/** A text as a GraphDef in JSON has it. */
export function text(value: string): { s: string } {
  return { s: Buffer.from(value).toString('base64') };
}

/** A list of whole numbers as a GraphDef has it. */
export function integers(...i: number[]): { list: { i: number[] } } {
  return { list: { i } };
}

/** Makes a graph model as tfjs-converter loads it, from its nodes and constants: float32 of a shape, or the int32 given. */
export function graphModel({
  nodes,
  constants,
  signature,
}: GraphModelParts): tf.GraphModel<tf.io.IOHandlerSync> {
  const weights = Object.entries(constants).map(([name, constant], i) => {
    const drawn = Array.isArray(constant);
    const shape = drawn ? [...(constant as number[])] : [(constant as { int32: number[] }).int32.length];
    const data = drawn
      ? (drawValues({ shape, dtype: 'float32', range: 'positive' }, 900 + i) as Float32Array)
      : Int32Array.from((constant as { int32: number[] }).int32);
    return { name, shape, dtype: drawn ? 'float32' : 'int32', data } as const;
  });
  const bytes = new Uint8Array(weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0));
  let offset = 0;
  for (const { data } of weights) {
    bytes.set(new Uint8Array(data.buffer), offset);
    offset += data.byteLength;
  }
  return tf.loadGraphModelSync({
    modelTopology: {
      node: [
        ...weights.map(({ name, dtype }) => ({ name, op: 'Const', attr: { dtype: { type: type[dtype] } } })),
        ...nodes,
      ],
      versions: { producer: 1, minConsumer: 0 },
    },
    weightSpecs: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    weightData: bytes.buffer,
    ...(signature === undefined ? {} : { signature }),
  });
}
