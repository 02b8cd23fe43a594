import type { Graph, Node, Value } from '../graph.ts';
import { sameShape, sizeOf } from '../tensor-type.ts';

/**
 * Promises pools, and their gradients, that an image which comes from convolutions alone has numbers only. In tfjs a
 * maximum passes over NaN, which costs two more passes over the whole image and keeps a runtime from joining convolution
 * and pool. Where a convolution gives NaN the numbers are lost anyway: it is all around by then. Images that come from
 * elsewhere in whole or in part, which may mark what is missing with NaN, are left as they are.
 *
 * What a convolution's image is computed with on the way has to be finite if it is constant. Otherwise it may be one number
 * a channel, such as a bias: NaN in that is NaN in every window of the channel.
 *
 * Works on a graph of tfjs kernels, before lowering.
 */
export function trustConvolutions(graph: Graph): Graph {
  const trusted = new Set<Value>();
  const isFinite = (value: Value): boolean =>
    // Constants of a traced graph have numbers for elements.
    (graph.constants.get(value) as Float32Array | undefined)?.every(Number.isFinite) ?? false;
  const passesOn = (node: Node): boolean => {
    const inputs = node.inputs.filter((value) => value !== null);
    const [{ shape }] = node.outputs;
    const isImage = inputs.some((value) => trusted.has(value) && sameShape(value.shape, shape));
    const isCalm = (value: Value): boolean =>
      trusted.has(value) ||
      isFinite(value) ||
      (isImage && channelwise.has(node.op) && isPerChannel(value, graph));
    return (
      (calm.has(node.op) || channelwise.has(node.op)) &&
      inputs.some((value) => trusted.has(value)) &&
      inputs.every(isCalm) &&
      Object.values(node.attributes).every((value) => typeof value !== 'number' || Number.isFinite(value))
    );
  };
  const nodes = graph.nodes.map((node): Node => {
    if (convolutions.has(node.op) || passesOn(node)) {
      for (const output of node.outputs) trusted.add(output);
    }
    const image = node.inputs[pools.get(node.op) ?? -1];
    if (!image || !trusted.has(image)) return node;
    return { ...node, attributes: { ...node.attributes, numbersOnly: true } };
  });
  return { ...graph, nodes };
}

const convolutions = new Set([
  'Conv2D',
  'Conv3D',
  'DepthwiseConv2dNative',
  'FusedConv2D',
  'FusedDepthwiseConv2D',
]);

/** Pools with a way to skip NaN, and which of their inputs is the image. */
const pools: ReadonlyMap<string, number> = new Map([
  ['MaxPool', 0],
  ['MaxPool3D', 0],
  ['MaxPoolGrad', 1],
  ['MaxPool3DGrad', 1],
]);

/** Kernels between convolution and pool that make no NaN or -∞ of finite numbers. */
const calm = new Set(
  (
    'Relu Relu6 LeakyRelu Elu Selu Sigmoid Tanh Softplus ClipByValue Cast Concat PadV2 Reshape Transpose MaxPool AvgPool ' +
    'MaxPool3D AvgPool3D'
  ).split(' '),
);

/** Others that do not, and that treat the last axis, that of the channels, alike all over the image. */
const channelwise = new Set('Add AddN Sub Multiply Maximum Prelu FusedBatchNorm'.split(' '));

/** Whether a value that is computed or given when the graph runs has one number a channel, or one for all. */
function isPerChannel(value: Value, { constants }: Graph): boolean {
  return !constants.has(value) && sizeOf(value.shape) === (value.shape.at(-1) ?? 1);
}
