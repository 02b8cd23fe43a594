import type { Graph } from './graph.ts';
import { lower } from './lower.ts';
import { checkGraph } from './onnx/check-graph.ts';
import { separateOutputs } from './onnx/onnx-model.ts';
import { simplifyKernels, simplifyOnnx, type PassName } from './simplify.ts';

/**
 * Takes a recorded graph of tfjs kernels all the way to a graph of ONNX operators that can be encoded, every pass included
 * but those to leave out.
 * @throws as {@link lower}; Error when a stage leaves a graph that ONNX would refuse, which is a fault of that stage.
 */
export function lowerWithPasses(graph: Graph, without: readonly PassName[] = []): Graph {
  checkGraph(graph, 'trace');
  const lowered = lower(simplifyKernels(graph, without));
  checkGraph(lowered, 'lower');
  const simplified = separateOutputs(simplifyOnnx(lowered, without));
  checkGraph(simplified, 'separateOutputs');
  return simplified;
}
