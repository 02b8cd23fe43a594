/**
 * The tfjs backend `onnx` for browsers:
 *
 *     import { configureBackend } from '@narrows/compiler/backend';
 *     import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'; // Vite's way to an address
 *     await configureBackend({ wasm });
 *     await tf.setBackend('onnx');
 *
 * onnxruntime-web runs asynchronously: values are read with `data()`, and `dataSync()` is an error.
 * A tensor of bool holds 0 and 1: other numbers of a `Uint8Array` that it is made of read as 1, where tfjs `cpu` keeps them.
 */
import { webRuntime, type WebRuntimeOptions } from './onnxruntime-web.ts';
import { registerBackend } from './register-backend.ts';

export type { WebDevice, WebRuntimeOptions } from './onnxruntime-web.ts';
export { fallbackCounts } from './register-backend.ts';

/**
 * Chooses device, threads and the WebAssembly file, and starts onnxruntime; call it before `tf.setBackend('onnx')`.
 * @throws Error where the device is missing or onnxruntime doesn't start, of which `tf.setBackend` alone would only warn
 *   before tfjs goes on with another backend; when the backend has been set or configured before.
 */
export const configureBackend: (options: WebRuntimeOptions) => Promise<void> = registerBackend(webRuntime);
