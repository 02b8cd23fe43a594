/**
 * The tfjs backend `onnx` for Node:
 *
 *     import '@narrows/compiler/backend';
 *     await tf.setBackend('onnx');
 *
 * A tensor of bool holds 0 and 1: other numbers of a `Uint8Array` that it is made of read as 1, where tfjs `cpu` keeps them.
 */
import { nodeRuntime, type NodeRuntimeOptions } from './onnxruntime-node.ts';
import { registerBackend } from './register-backend.ts';

export type { NodeDevice, NodeRuntimeOptions } from './onnxruntime-node.ts';
export { fallbackCounts } from './register-backend.ts';

/**
 * Chooses device and threads, and sees that they are there; call it before `tf.setBackend('onnx')`.
 * @throws Error where the device is missing, of which `tf.setBackend` alone would only warn before tfjs goes on with
 *   another backend; when the backend has been set or configured before.
 */
export const configureBackend: (options: NodeRuntimeOptions) => Promise<void> = registerBackend(nodeRuntime);
