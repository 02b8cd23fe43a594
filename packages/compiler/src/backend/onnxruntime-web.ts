import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { requireKnownOptions } from '../require-known-options.ts';
import type { TensorData } from '../tensor-type.ts';
import { optimizationLevel, type GraphRuntime } from './graph-runtime.ts';
import { requireDevice } from './require-device.ts';

/** Where onnxruntime-web runs graphs. */
export type WebDevice = 'wasm' | 'webgpu';

export interface WebRuntimeOptions {
  /** `wasm` unless given. */
  readonly device?: WebDevice;
  /**
   * Threads of `wasm`, one more than 0; more than one only where memory can be shared, that is on a page that is
   * cross-origin isolated. As many as onnxruntime-web thinks best unless given.
   */
  readonly threads?: number;
  /**
   * Address of the WebAssembly file that belongs to the device, or its content: `ort-wasm-simd-threaded.wasm` of
   * onnxruntime-web for `wasm`, `ort-wasm-simd-threaded.asyncify.wasm` for `webgpu`. Looked for beside the script that
   * onnxruntime-web is in unless given, and bundlers move that.
   */
  readonly wasm?: string | Uint8Array;
}

const optionNames = { device: true, threads: true, wasm: true } as const;

/** The part of WebGPU that tells whether there is a GPU. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

const advice: Readonly<Record<WebDevice, string>> = {
  wasm:
    "Give configureBackend the address of onnxruntime-web's ort-wasm-simd-threaded.wasm as wasm, and see that the page may " +
    "compile WebAssembly ('wasm-unsafe-eval' in its Content-Security-Policy).",
  webgpu:
    "Give configureBackend the address of onnxruntime-web's ort-wasm-simd-threaded.asyncify.wasm as wasm, or the device wasm.",
};

/**
 * onnxruntime-web as an asynchronous runtime. The compiler's only door to onnxruntime-web.
 *
 * Its modules are imported when they are asked for, never statically: a thread runs the script it was started from once
 * more, which must be onnxruntime alone.
 *
 * @throws Error where the browser has no WebGPU, or WebAssembly can't be loaded; RangeError for threads below 1, a device
 *   that there is not, or an option of no known name.
 */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<GraphRuntime> {
  requireKnownOptions(options, optionNames, 'configure the backend "onnx"');
  const { device = 'wasm', threads, wasm } = options;
  if (!(device in advice)) {
    throw new RangeError(
      `Cannot compute on device "${device}": onnxruntime-web has the devices wasm and webgpu; take one of them.`,
    );
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(
      `Cannot compute on ${JSON.stringify(threads)} threads: it must be a whole number from 1 on; leave it out for as many as are best.`,
    );
  }
  if (device === 'webgpu') await requireGpu();
  const ort = await (device === 'wasm' ? import('onnxruntime-web/wasm') : import('onnxruntime-web/webgpu'));
  // Its errors come back as exceptions; what it logs besides would end up on the program's own console.
  ort.env.logLevel = 'fatal';
  if (threads !== undefined) ort.env.wasm.numThreads = threads;
  if (typeof wasm === 'string') ort.env.wasm.wasmPaths = { wasm };
  else if (wasm !== undefined) ort.env.wasm.wasmBinary = wasm;

  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: [device],
    executionMode: 'sequential',
    // As in Node.
    extra: { session: { set_denormal_as_zero: '1' } },
    logSeverityLevel: 4,
  };

  // One thing at a time: a module that is computing can't be entered again.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };

  const runtime: GraphRuntime = {
    name: `onnxruntime-web (${device})`,
    isSynchronous: false,
    target: {},
    async load(bytes, { nodes }) {
      const session = await inTurn(() =>
        ort.InferenceSession.create(bytes, {
          ...sessionOptions,
          graphOptimizationLevel: optimizationLevel(nodes),
        }),
      );
      return {
        run: (inputs) =>
          inTurn(async () => {
            const feeds: Record<string, Tensor> = {};
            for (const [name, { dtype, data, shape }] of inputs) {
              feeds[name] = new ort.Tensor(dtype, data as Tensor.DataType, [...shape]);
            }
            // Arrays for outputs would be left unwritten.
            const results = await session.run(feeds, { logSeverityLevel: 4 });
            return new Map(Object.entries(results).map(([name, { data }]) => [name, data as TensorData]));
          }),
        close: () => inTurn(() => session.release()),
      };
    },
  };
  return requireDevice(runtime, advice[device]);
}

async function requireGpu(): Promise<void> {
  const { gpu } = (globalThis.navigator as { readonly gpu?: Gpu } | undefined) ?? {};
  // A browser may offer the interface and refuse to use it.
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter) return;
  throw new Error(
    'Cannot compute on device "webgpu": it takes a browser with WebGPU that finds a GPU, and this one ' +
      `${gpu === undefined ? 'has no WebGPU' : 'finds no GPU'}; give configureBackend the device wasm.`,
  );
}
