import { countUses, type Graph, type Value } from '../graph.ts';
import { rewrite } from '../rewrite.ts';
import type { Target } from '../target.ts';
import { canBlock, convolveBlocks } from './blocked-convolution.ts';
import { computeInBlocks } from './blocked-image.ts';
import { blockedImages } from './blocked-layout.ts';

/**
 * Runs convolutions on images whose channels are stored in blocks, `[N, C/B, H, W, B]`, and keeps images so from the first
 * convolution to the last: onnxruntime's own kernels for that layout are about twice as fast as those for NCHW, but it
 * uses them by itself only where the weights are constant.
 *
 * The result is for the machine that the target describes and never for a file: the operators of the domain
 * `com.microsoft.nchwc` are internal to onnxruntime, and B depends on the processor (16 with AVX-512, 8 with AVX2). With a
 * wrong B the results are wrong.
 *
 * Convolutions of which {@link canBlock} says no stay as they are, with the images around them.
 */
export function blockChannels(graph: Graph, { blockedChannels: block }: Target): Graph {
  if (block === undefined) return graph;
  const images = blockedImages(block);
  const activated = convolutionsBeforeRelu(graph);
  const weights = weightsOnly(graph);
  const done = new Set<Value>();
  return rewrite(graph, (node, surroundings) => {
    if (node.domain !== '') return undefined;
    const { builder } = surroundings;
    const [input] = node.inputs;
    if (canBlock(node, block)) {
      const relu = activated.has(node.outputs[0]);
      const image = images.leave(builder, convolveBlocks(node, surroundings, { images, relu }), 'NCHW');
      if (relu) done.add(image);
      return [image];
    }
    if (node.op === 'Relu' && done.has(input!)) return [input!];
    // What becomes the weights of a convolution is put into their order there, straight from where it comes.
    return weights.has(node.outputs[0]) ? undefined : computeInBlocks(node, surroundings, images);
  });
}

/** Results of convolutions that a ReLU is the only one to read. */
function convolutionsBeforeRelu(graph: Graph): Set<Value> {
  const uses = countUses(graph);
  return new Set(
    graph.nodes.flatMap(({ op, domain, inputs }) =>
      op === 'Relu' && domain === '' && uses.get(inputs[0]!) === 1 ? [inputs[0]!] : [],
    ),
  );
}

/** Values that are read as the weights of convolutions and as nothing else. */
function weightsOnly(graph: Graph): Set<Value> {
  const uses = countUses(graph);
  const asWeights = new Map<Value, number>();
  for (const { op, domain, inputs } of graph.nodes) {
    const value = op === 'Conv' && domain === '' ? inputs[1] : null;
    if (value) asWeights.set(value, (asWeights.get(value) ?? 0) + 1);
  }
  return new Set([...asWeights].flatMap(([value, count]) => (uses.get(value) === count ? [value] : [])));
}
