import { createRequire } from 'node:module';
import { env, Tensor, type InferenceSession } from 'onnxruntime-node';
import { requireKnownOptions } from '../require-known-options.ts';
import type { TensorData } from '../tensor-type.ts';
import { optimizationLevel, type GraphRuntime, type RuntimeTensor } from './graph-runtime.ts';
import { requireDevice } from './require-device.ts';
import { withMachineTarget } from './with-machine-target.ts';

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

const optionNames = { device: true, threads: true } as const;

const advice: Readonly<Record<NodeDevice, string>> = {
  cpu: 'Install onnxruntime-node anew.',
  cuda:
    'It takes an NVIDIA GPU, CUDA 12, cuDNN 9 and the CUDA provider, which "npm rebuild onnxruntime-node --ignore-scripts=false" ' +
    'downloads; or take the device cpu.',
  webgpu: 'It takes a GPU with a Vulkan, Metal or Direct3D 12 driver; or take the device cpu.',
};

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
 * @throws Error where the device is missing, with what to do; RangeError for threads below 1 or an option of no known name. Error when onnxruntime-node is
 *   of a version that has no such layer.
 */
export function nodeRuntime(options: NodeRuntimeOptions = {}): GraphRuntime {
  requireKnownOptions(options, optionNames, 'configure the backend "onnx"');
  const { device = 'cpu', threads } = options;
  if (!(device in advice)) {
    throw new RangeError(
      `Cannot compute on device "${device}": onnxruntime-node has the devices cpu, cuda and webgpu; take one of them.`,
    );
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(
      `Cannot compute on ${JSON.stringify(threads)} threads: it must be a whole number from 1 on; leave it out for all cores.`,
    );
  }
  // CUDA's libraries read it when they are first used. Without it the provider multiplies in TF32, with 10 bits of mantissa.
  if (device === 'cuda') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  const runtime = requireDevice(openRuntime(device, threads ?? 0), advice[device]) as GraphRuntime;
  return device === 'cpu' ? (withMachineTarget(runtime) as GraphRuntime) : runtime;
}

/** @param threads 0 for all cores. */
function openRuntime(device: NodeDevice, threads: number): GraphRuntime {
  const { binding, initOrt } = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as Binding;
  initOrt();
  return {
    name: `onnxruntime-node (${device})`,
    isSynchronous: true,
    target: {},
    load(bytes, { isSmall, nodes }) {
      const session = new binding.InferenceSession();
      session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
        executionProviders: [device],
        intraOpNumThreads: isSmall ? 1 : threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: optimizationLevel(nodes),
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
