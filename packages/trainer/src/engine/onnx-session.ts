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
   * @param inputs by name. Ones that the model does not have are an error.
   * @param into tensors that the outputs of these names are written into; the others are allocated. An output must not
   *   share memory with an input: onnxruntime overwrites it while it still reads.
   * @returns every output by name.
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
    logSeverityLevel: 4,
  });
  const toNative = ({ data, shape, dtype }: SessionTensor): Tensor =>
    new Tensor(dtype, data as Tensor.DataType, [...shape]);
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs, into = {}) {
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

/** Devices that this build of onnxruntime-node was made for; whether the machine has one shows when it is opened. */
export function onnxDevices(): OnnxDevice[] {
  return listSupportedBackends()
    .map(({ name }) => name)
    .filter((name): name is OnnxDevice => name === 'cpu' || name === 'cuda' || name === 'webgpu');
}
