import type { Graph } from './graph.ts';
import { lower } from './lower.ts';
import { checkGraph } from './onnx/check-graph.ts';
import { separateOutputs } from './onnx/onnx-model.ts';
import { requireKnownOptions } from './require-known-options.ts';
import { passNames, simplifyKernels, simplifyOnnx, type PassOptions } from './simplify.ts';

/**
 * Takes a recorded graph of tfjs kernels all the way to a graph of ONNX operators that can be encoded, every pass included
 * but those to leave out.
 * @throws as {@link lower}; RangeError when there is no such pass or target; Error when a stage leaves a graph that ONNX
 *   would refuse, which is a fault of that stage.
 */
export function lowerWithPasses(graph: Graph, options: PassOptions = {}): Graph {
  checkOptions(options);
  checkGraph(graph, 'trace');
  const lowered = lower(simplifyKernels(graph, options));
  checkGraph(lowered, 'lower');
  const simplified = separateOutputs(simplifyOnnx(lowered, options));
  checkGraph(simplified, 'separateOutputs');
  return simplified;
}

function checkOptions({ without = [], target = {} }: PassOptions): void {
  const unknown = without.find((name) => !passNames.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot leave out pass "${unknown}": there is none of that name; the passes are ${passNames.join(', ')}.`,
    );
  }
  requireKnownOptions(target, { blockedChannels: true }, 'compile for a target');
  const { blockedChannels } = target;
  if (blockedChannels === undefined || (blockedChannels > 0 && blockedChannels % 4 === 0)) return;
  throw new RangeError(
    `Cannot block channels by ${blockedChannels}: onnxruntime takes a multiple of 4 together; give what findBlockedChannels finds, or leave it out.`,
  );
}
