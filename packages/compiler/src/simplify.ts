import { checkGraph } from './onnx/check-graph.ts';
import type { Graph } from './graph.ts';
import { cancelTransposes } from './passes/cancel-transposes.ts';
import { foldUniform } from './passes/fold-uniform.ts';
import { fuseBias } from './passes/fuse-bias.ts';
import { mergeReshapes } from './passes/merge-reshapes.ts';
import { poolByPhases } from './passes/pool-by-phases.ts';
import { shareEqual } from './passes/share-equal.ts';
import { slopeOfOutput } from './passes/slope-of-output.ts';
import { widenScalars } from './passes/widen-scalars.ts';
import { removeDead, type Pass } from './rewrite.ts';

/** Passes over a graph of tfjs kernels, in the order in which they run. */
const kernelPasses = { removeDead, slopeOfOutput, poolByPhases } satisfies Record<string, Pass>;

/** Passes over a graph of ONNX operators, in the order in which they run. */
const onnxPasses = {
  foldUniform,
  mergeReshapes,
  cancelTransposes,
  // Moving transposes leaves reshapes next to each other, and realigned biases next to their products.
  mergeReshapesAgain: mergeReshapes,
  fuseBias,
  // After the passes that look for plain numbers.
  widenScalars,
  shareEqual,
} satisfies Record<string, Pass>;

/** Name of a pass. Any of them can be left out, which gives a slower graph with the same results. */
export type PassName = keyof typeof kernelPasses | keyof typeof onnxPasses;

/** Every pass, in the order in which they run. */
export const passNames = [...Object.keys(kernelPasses), ...Object.keys(onnxPasses)] as readonly PassName[];

function run(passes: Record<string, Pass>, graph: Graph, without: readonly string[]): Graph {
  return Object.entries(passes).reduce((current, [name, pass]) => {
    if (without.includes(name)) return current;
    const next = pass(current);
    checkGraph(next, name);
    return next;
  }, graph);
}

/** Improves a graph of tfjs kernels without changing what it computes. */
export function simplifyKernels(graph: Graph, without: readonly PassName[] = []): Graph {
  return run(kernelPasses, graph, without);
}

/** Improves a graph of ONNX operators without changing what it computes. */
export function simplifyOnnx(graph: Graph, without: readonly PassName[] = []): Graph {
  return run(onnxPasses, graph, without);
}
