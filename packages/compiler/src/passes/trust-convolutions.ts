import type { Graph, Node, Value } from '../graph.ts';

/**
 * Promises pools, and their gradients, that an image which comes from a convolution has numbers only. In tfjs a maximum
 * passes over NaN, which costs two more passes over the whole image and keeps a runtime from joining convolution and pool.
 * Where a convolution gives NaN the numbers are lost anyway: it is in every window by then. Images that come from
 * elsewhere, which may mark what is missing with NaN, are left as they are.
 *
 * Works on a graph of tfjs kernels, before lowering.
 */
export function trustConvolutions(graph: Graph): Graph {
  const trusted = new Set<Value>();
  const nodes = graph.nodes.map((node): Node => {
    const isTrusted = node.inputs.some((value) => value !== null && trusted.has(value));
    if (convolutions.has(node.op) || (isTrusted && passesOn(node))) {
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

/** Kernels between convolution and pool that make no NaN or -∞ of numbers. */
const calm = new Set(
  (
    'Add AddN Sub Multiply RealDiv Maximum Relu Relu6 LeakyRelu Prelu Elu Selu Sigmoid Tanh Softplus ClipByValue ' +
    'FusedBatchNorm Cast Concat Reshape Transpose MaxPool AvgPool MaxPool3D AvgPool3D'
  ).split(' '),
);

function passesOn({ op, attributes }: Node): boolean {
  return op === 'PadV2' ? Number.isFinite(attributes['constantValue']) : calm.has(op);
}
