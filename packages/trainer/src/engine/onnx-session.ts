import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { DType, TensorData } from '@narrows/compiler';

// Its errors come back as exceptions; what it logs besides would end up between the lines of our own output.
env.logLevel = 'fatal';

/** Where onnxruntime runs a graph. */
export type OnnxDevice = 'cpu' | 'cuda' | 'webgpu';

/** A tensor on its way into or out of a session. The data is not copied: what it views is what is read or written. */
export interface SessionTensor {
  readonly data: TensorData;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** An ONNX model that is loaded and ready to run. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the model once.
   * @param inputs by name.
   * @param into tensors that the outputs of these names are written into; the others are allocated. An output must not
   *   share memory with an input: onnxruntime overwrites it while it still reads.
   * @returns every output by name.
   * @throws TypeError for a name that the model does not have, which onnxruntime would ignore; Error of onnxruntime when
   *   an input is missing or of another dtype or shape.
   */
  run(
    inputs: Readonly<Record<string, SessionTensor>>,
    into?: Readonly<Record<string, SessionTensor>>,
  ): Promise<Record<string, SessionTensor>>;
  /** Frees the session's memory. */
  close(): Promise<void>;
}

/**
 * Loads an ONNX model into onnxruntime. The only door to onnxruntime-node.
 *
 * @param bytes the model's file.
 * @param threads how many threads one operator may use on the cpu.
 * @throws Error of onnxruntime when the model is malformed or the device is missing.
 */
export async function openOnnxSession(
  bytes: Uint8Array,
  { device, threads }: { device: OnnxDevice; threads: number },
): Promise<OnnxSession> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Behind a shut ReLU or sigmoid gradients fade into subnormal numbers, which cost time and change nothing.
    extra: { session: { set_denormal_as_zero: '1' } },
    logSeverityLevel: 4,
  });
  // A training passes the same parameter tensors at every step: each is wrapped once.
  const natives = new WeakMap<SessionTensor, Tensor>();
  const toNative = (tensor: SessionTensor): Tensor => {
    const known = natives.get(tensor);
    if (known !== undefined) return known;
    const native = new Tensor(tensor.dtype, tensor.data as Tensor.DataType, [...tensor.shape]);
    natives.set(tensor, native);
    return native;
  };
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs, into = {}) {
      requireKnown('input', Object.keys(inputs), session.inputNames);
      requireKnown('output', Object.keys(into), session.outputNames);
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, tensor]) => [name, toNative(tensor)]),
      );
      const fetches = Object.fromEntries(
        session.outputNames.map((name) => {
          const target = into[name] as SessionTensor | undefined;
          return [name, target === undefined ? null : toNative(target)];
        }),
      );
      const results = await session.run(feeds, fetches);
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [
          name,
          { data: tensor.data as TensorData, shape: tensor.dims, dtype: tensor.type as DType },
        ]),
      );
    },
    close: () => session.release(),
  };
}

function requireKnown(port: 'input' | 'output', given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot run the model: it has no ${port} "${unknown}"; its ${port}s are ${known.join(', ')}.`,
    );
  }
}

/** Devices that this build of onnxruntime-node was made for; whether the machine has one shows when it is opened. */
export function onnxDevices(): OnnxDevice[] {
  return listSupportedBackends()
    .map(({ name }) => name)
    .filter((name): name is OnnxDevice => name === 'cpu' || name === 'cuda' || name === 'webgpu');
}
