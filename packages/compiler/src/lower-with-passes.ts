import type { Graph } from './graph.ts';
import { lower } from './lower.ts';
import { checkGraph } from './onnx/check-graph.ts';
import { separateOutputs } from './onnx/onnx-model.ts';
import { simplifyKernels, simplifyOnnx, type PassOptions } from './simplify.ts';

/**
 * Takes a recorded graph of tfjs kernels all the way to a graph of ONNX operators that can be encoded, every pass included
 * but those to leave out.
 * @throws as {@link lower}; Error when a stage leaves a graph that ONNX would refuse, which is a fault of that stage.
 */
export function lowerWithPasses(graph: Graph, options: PassOptions = {}): Graph {
  checkGraph(graph, 'trace');
  const lowered = lower(simplifyKernels(graph, options));
  checkGraph(lowered, 'lower');
  const simplified = separateOutputs(simplifyOnnx(lowered, options));
  checkGraph(simplified, 'separateOutputs');
  return simplified;
}
