import { checkGraph } from './onnx/check-graph.ts';
import type { Graph } from './graph.ts';
import { blockChannels } from './passes/block-channels.ts';
import { cancelTransposes } from './passes/cancel-transposes.ts';
import { filterGradientByConvolution } from './passes/filter-gradient-by-convolution.ts';
import { foldUniform } from './passes/fold-uniform.ts';
import { fuseBias } from './passes/fuse-bias.ts';
import { mergeReshapes } from './passes/merge-reshapes.ts';
import { poolByPhases } from './passes/pool-by-phases.ts';
import { shareEqual } from './passes/share-equal.ts';
import { sharePads } from './passes/share-pads.ts';
import { slopeOfOutput } from './passes/slope-of-output.ts';
import { sumRowsByProduct } from './passes/sum-rows-by-product.ts';
import { trustConvolutions } from './passes/trust-convolutions.ts';
import { widenScalars } from './passes/widen-scalars.ts';
import { removeDead } from './rewrite.ts';
import type { Target } from './target.ts';

/** How a graph is improved. */
export interface PassOptions {
  /** Passes to leave out, to find out which one is at fault. */
  readonly without?: readonly PassName[];
  /** What the graph may use beyond standard operators. */
  readonly target?: Target;
}

/** Passes over a graph of tfjs kernels, in the order in which they run. */
const kernelPasses = {
  removeDead,
  slopeOfOutput,
  poolByPhases,
  // After the pass that takes a gradient apart.
  filterGradientByConvolution,
  trustConvolutions,
} satisfies Record<string, TargetPass>;

/** Passes over a graph of ONNX operators, in the order in which they run. */
const onnxPasses = {
  foldUniform,
  mergeReshapes,
  cancelTransposes,
  fuseBias,
  sharePads,
  // After the passes that know layouts by the transposes between them.
  blockChannels,
  // Moved transposes leave reshapes next to each other; blocks have two shapes, and go from one to the other and back.
  mergeReshapesOfBlocks: mergeReshapes,
  sumRowsByProduct,
  // After the passes that look for plain numbers.
  widenScalars,
  shareEqual,
} satisfies Record<string, TargetPass>;

/** A pass that may do other than {@link Pass} where the graph is for one machine. */
type TargetPass = (graph: Graph, target: Target) => Graph;

/**
 * Name of a pass. Any of them can be left out, which gives a slower graph with the same results up to rounding, except:
 *
 * - without `slopeOfOutput` the slope of a ReLU of NaN is NaN as in tfjs, and not 0;
 * - without `trustConvolutions` pools of what a convolution made pass over NaN as in tfjs, and give -∞ for a window of
 *   nothing but that;
 * - without `poolByPhases` the gradient of a pool goes to the element that is largest in tfjs where two differ by rounding.
 */
export type PassName = keyof typeof kernelPasses | keyof typeof onnxPasses;

/** Every pass, in the order in which they run. */
export const passNames = [...Object.keys(kernelPasses), ...Object.keys(onnxPasses)] as readonly PassName[];

function run(
  passes: Record<string, TargetPass>,
  graph: Graph,
  { without = [], target = {} }: PassOptions,
): Graph {
  return Object.entries(passes).reduce((current, [name, pass]) => {
    if ((without as readonly string[]).includes(name)) return current;
    const next = pass(current, target);
    checkGraph(next, name);
    return next;
  }, graph);
}

/**
 * Improves a graph of tfjs kernels, which computes the same numbers up to rounding. NaN, infinities in pools and ties may
 * be met in another way, see {@link PassName}.
 */
export function simplifyKernels(graph: Graph, options: PassOptions = {}): Graph {
  return run(kernelPasses, graph, options);
}

/** Improves a graph of ONNX operators, which computes the same up to rounding, NaN and infinities included. */
export function simplifyOnnx(graph: Graph, options: PassOptions = {}): Graph {
  return run(onnxPasses, graph, options);
}
