import { compileGradients, type CompiledTraining } from './compiled-step.ts';
import { machineTarget } from './machine-target.ts';

/**
 * Compiles loss and gradients of a model, as `compileGradients` does, in the form that is fastest on this machine's cpu.
 *
 * @param count images of a batch.
 * @param findTarget says what the machine can do; it isn't asked where that makes no difference.
 * @returns the bytes of an ONNX model that may not run on other machines.
 */
export async function compileForMachine(
  training: CompiledTraining,
  count: number,
  findTarget: typeof machineTarget = machineTarget,
): Promise<Uint8Array> {
  const portable = compileGradients(training, count);
  // Only convolutions are done otherwise on a machine that is known, and getting to know it takes longer than compiling.
  if (!portable.graph.nodes.some(({ op }) => op === 'Conv')) return portable.bytes;
  return compileGradients(training, count, { target: await findTarget() }).bytes;
}
