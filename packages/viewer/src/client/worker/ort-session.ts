import type { InferenceSession, Tensor } from 'onnxruntime-web';

/** Values on their way into a model; a model's own `dtype` says which of the arrays it takes. */
export interface TensorValue {
  readonly data: Float32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** Values that came out of a model. */
export interface TensorResult {
  /** ONNX's name of the type, such as `float32`. */
  readonly dtype: string;
  readonly data: Tensor['data'];
  readonly shape: readonly number[];
}

/** An input or output of a model, as its file declares it. */
export interface Port {
  readonly name: string;
  /** ONNX's name of the type, such as `float32`; `other` for what is no tensor. */
  readonly dtype: string;
  /** A number where the size is fixed, else the dimension's name, which may be empty. */
  readonly shape: readonly (number | string)[];
}

/** An ONNX model that is loaded and ready to run. */
export interface OrtSession {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Runs the model once, after everything that was asked of its runtime before.
   * @param inputs by name
   * @returns every output by name
   * @throws Error with onnxruntime's reason in one line
   */
  run(inputs: Readonly<Record<string, TensorValue>>): Promise<Record<string, TensorResult>>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** One instance of onnxruntime's WebAssembly module, with all sessions that were opened in it. */
export interface OrtRuntime {
  readonly device: 'wasm' | 'webgpu';
  /** Threads that compute. */
  readonly threads: number;
  /**
   * Opens a model.
   * @param bytes the content of an ONNX file
   * @throws Error with onnxruntime's reason in one line
   */
  open(bytes: Uint8Array): Promise<OrtSession>;
}

/**
 * Loads onnxruntime. The only door to onnxruntime-web.
 *
 * Its modules are imported when they are asked for, never statically: a thread runs the script it was started from once
 * more, which must be onnxruntime alone.
 *
 * @param options.wasm address of the WebAssembly file that belongs to the device's build, or its content
 * @param options.threads above 1 only where memory can be shared, that is on a page that is cross-origin isolated
 * @throws Error where there is no WebAssembly, or its file can't be loaded
 */
export async function openOrtRuntime({
  device,
  wasm,
  threads,
}: {
  device: OrtRuntime['device'];
  wasm: string | Uint8Array;
  threads: number;
}): Promise<OrtRuntime> {
  if (typeof WebAssembly === 'undefined') {
    throw new Error(
      'Cannot run models: they need WebAssembly, and this browser has none or was told not to use it: allow it, or ' +
        'use another browser.',
    );
  }
  const ort = await (
    device === 'wasm' ? import('onnxruntime-web/wasm') : import('onnxruntime-web/webgpu')
  ).catch(refuseToStart);
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = threads;
  if (typeof wasm === 'string') ort.env.wasm.wasmPaths = { wasm };
  else ort.env.wasm.wasmBinary = wasm;

  const sessionOptions = { executionProviders: [device], logSeverityLevel: 4 } as const;

  // One thing at a time: a module that is computing can't be entered again.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work).catch((error: unknown) => {
      throw new Error(ortReason(error), { cause: error });
    });
    last = result.catch(() => undefined);
    return result;
  };

  // It loads its WebAssembly for a first session only, and shall be ready, or say why not, now.
  await inTurn(async () => {
    const session = await ort.InferenceSession.create(smallestModel, sessionOptions);
    await session.release();
  }).catch(refuseToStart);

  return {
    device,
    threads,
    async open(bytes) {
      const session = await inTurn(() => ort.InferenceSession.create(bytes, sessionOptions));
      return {
        inputs: session.inputMetadata.map(portOf),
        outputs: session.outputMetadata.map(portOf),
        run: (inputs) =>
          inTurn(async () => {
            const feeds = Object.fromEntries(
              Object.entries(inputs).map(([name, { data, shape }]) => [
                name,
                new ort.Tensor(data instanceof Float32Array ? 'float32' : 'uint8', data, shape),
              ]),
            );
            const results = await session.run(feeds);
            return Object.fromEntries(
              Object.entries(results).map(([name, { type, data, dims }]) => [
                name,
                { dtype: type, data, shape: dims },
              ]),
            );
          }),
        close: () => inTurn(() => session.release()),
      };
    },
  };
}

function refuseToStart(error: unknown): never {
  throw new Error(
    `Cannot run models: onnxruntime must start, and it says: ${ortReason(error)}. Reload the page to try again.`,
    { cause: error },
  );
}

/** `y = Identity(x)`, float32 `[1]`, as an ONNX file. */
const smallestModel = Uint8Array.from(
  [
    // IR version 8, opset 17, a graph of
    [0x08, 8, 0x42, 2, 0x10, 17, 0x3a, 55],
    // one node with input x, output y and its operator,
    [0x0a, 16, 0x0a, 1, 0x78, 0x12, 1, 0x79, 0x22, 8, ...new TextEncoder().encode('Identity')],
    // the name g,
    [0x12, 1, 0x67],
    // and x and y as tensors of float32 with one dimension of 1.
    ...[
      [0x5a, 0x78],
      [0x62, 0x79],
    ].map(([tag, name]) => [
      ...[tag, 15, 0x0a, 1, name, 0x12, 10],
      ...[0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1],
    ]),
  ].flat(),
);

function portOf(metadata: InferenceSession.ValueMetadata): Port {
  return metadata.isTensor
    ? { name: metadata.name, dtype: metadata.type, shape: metadata.shape }
    : { name: metadata.name, dtype: 'other', shape: [] };
}

/** What onnxruntime says, in one line and without what only its developers can use. */
function ortReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^.*ERROR_MESSAGE:\s*/su, '')
    .replace(/^\[ONNXRuntimeError\] : \d+ : \w+ : /u, '')
    .replace(/^\S*\/onnxruntime\/\S+:\d+\s.*?\)\s*/u, '')
    .replace(/^no available backend found\. ERR: /u, '')
    .replace(/ Build with -sASSERTIONS for more info\./u, '')
    .replace(/\s+/gu, ' ')
    .replace(/\.*\s*$/u, '');
}
