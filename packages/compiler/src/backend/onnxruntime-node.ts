import { createRequire } from 'node:module';
import { env, Tensor, type InferenceSession } from 'onnxruntime-node';
import type { TensorData } from '../tensor-type.ts';
import type { GraphRuntime, RuntimeTensor } from './graph-runtime.ts';

// Its errors come back as exceptions; what it logs besides would end up between the lines of the program's own output.
env.logLevel = 'fatal';

/** Where onnxruntime-node runs graphs. */
export type NodeDevice = 'cpu' | 'cuda' | 'webgpu';

export interface NodeRuntimeOptions {
  /** `cpu` unless given. */
  readonly device?: NodeDevice;
  /** Threads that one operator may use on the cpu; all cores unless given. */
  readonly threads?: number;
}

/** What the public API of onnxruntime-node wraps into promises: its sessions load and run synchronously. */
interface Binding {
  readonly binding: {
    readonly InferenceSession: new () => {
      loadModel(
        buffer: ArrayBufferLike,
        offset: number,
        length: number,
        options: InferenceSession.SessionOptions,
      ): void;
      run(
        feeds: Record<string, Tensor>,
        fetches: Record<string, Tensor | null>,
        options: InferenceSession.RunOptions,
      ): Record<string, Tensor>;
      readonly outputMetadata: readonly { readonly name: string }[];
      dispose(): void;
    };
  };
  readonly initOrt: () => void;
}

/**
 * onnxruntime-node as a synchronous runtime. The compiler's only door to onnxruntime-node.
 *
 * It takes the layer below the package's public API (`dist/binding.js`), which runs synchronously: `dataSync` and every
 * plain tfjs program depend on that.
 *
 * @throws Error when onnxruntime-node is of a version that has no such layer.
 */
export function nodeRuntime({ device = 'cpu', threads = 0 }: NodeRuntimeOptions = {}): GraphRuntime {
  const { binding, initOrt } = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as Binding;
  initOrt();
  return {
    name: `onnxruntime-node (${device})`,
    isSynchronous: true,
    load(bytes, { isSmall }) {
      const session = new binding.InferenceSession();
      session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
        executionProviders: [device],
        intraOpNumThreads: isSmall ? 1 : threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        // Behind a shut ReLU or sigmoid gradients fade into subnormal numbers, which cost time and change nothing.
        extra: { session: { set_denormal_as_zero: '1' } },
        logSeverityLevel: 4,
      });
      const names = session.outputMetadata.map(({ name }) => name);
      return {
        run(inputs, into) {
          const feeds: Record<string, Tensor> = {};
          for (const [name, tensor] of inputs) feeds[name] = native(tensor);
          const fetches: Record<string, Tensor | null> = {};
          for (const name of names) {
            const target = into.get(name);
            fetches[name] = target === undefined ? null : native(target);
          }
          const results = session.run(feeds, fetches, {});
          // A result that was written into an array of ours comes back as another view of it.
          return new Map(
            names.map((name) => [name, into.get(name)?.data ?? (results[name].data as TensorData)]),
          );
        },
        close: () => {
          session.dispose();
        },
      };
    },
  };
}

function native({ dtype, data, shape }: RuntimeTensor): Tensor {
  return new Tensor(dtype, data as Tensor.DataType, [...shape]);
}
