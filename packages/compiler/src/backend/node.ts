/**
 * The tfjs backend `onnx` for Node:
 *
 *     import '@narrows/compiler/backend';
 *     await tf.setBackend('onnx');
 */
import { nodeRuntime, type NodeRuntimeOptions } from './onnxruntime-node.ts';
import { registerBackend } from './register-backend.ts';

export { fallbackCounts } from './register-backend.ts';

let options: NodeRuntimeOptions = {};

/** Chooses device and threads; call it before `tf.setBackend('onnx')`. */
export function configureBackend(chosen: NodeRuntimeOptions): void {
  options = chosen;
}

registerBackend(() => nodeRuntime(options));
