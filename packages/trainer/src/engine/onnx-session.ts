import type { Tensor as NativeTensor } from 'onnxruntime-node';
import type { DType, TensorData } from '@narrows/compiler';

// Where its binding is missing or damaged, who loads this file gets the error. A static import would throw it once more, in
// Node 20, where nobody can catch it.
const { env, InferenceSession, listSupportedBackends, Tensor } = await import('onnxruntime-node');

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

/**
 * A tensor in a device's own memory: an output of one session that can be an input of any session on the same device. It
 * can't be read; whoever needs its elements runs them through a session that gives them back.
 */
export interface DeviceTensor {
  /** Frees its memory; nothing may use the tensor from then on. */
  free(): void;
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
  /**
   * Runs the model once, with inputs from this process's memory or from the device's.
   * @returns the outputs that were opened to be kept on the device, and the others.
   * @throws as {@link OnnxSession.run}.
   */
  runOnDevice(
    inputs: Readonly<Record<string, SessionTensor | DeviceTensor>>,
  ): Promise<{ kept: Record<string, DeviceTensor>; read: Record<string, SessionTensor> }>;
  /** Frees the session's memory. */
  close(): Promise<void>;
}

/**
 * Loads an ONNX model into onnxruntime. The only door to onnxruntime-node.
 *
 * @param bytes the model's file.
 * @param threads how many threads one operator may use on the cpu.
 * @param keep names of the outputs that stay in the device's memory; the binding can do that on `webgpu` alone.
 * @throws Error of onnxruntime when the model is malformed or the device is missing.
 */
export async function openOnnxSession(
  bytes: Uint8Array,
  { device, threads, keep = [] }: { device: OnnxDevice; threads: number; keep?: readonly string[] },
): Promise<OnnxSession> {
  // CUDA's libraries read it when they are first used. Without it the provider multiplies in TF32, with 10 bits of
  // mantissa, and losses part from the cpu's by 10⁻⁴ in a few steps: its option use_tf32 is on unless told otherwise, and
  // the binding hands on none of its options but the device.
  if (device === 'cuda') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  const session = await InferenceSession.create(bytes, {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Behind a shut ReLU or sigmoid gradients fade into subnormal numbers, which cost time and change nothing.
    extra: { session: { set_denormal_as_zero: '1' } },
    logSeverityLevel: 4,
    // Where any is named, the binding takes another way through onnxruntime.
    ...(keep.length === 0
      ? {}
      : { preferredOutputLocation: Object.fromEntries(keep.map((name) => [name, 'gpu-buffer' as const])) }),
  });
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
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromNative(tensor)]));
    },
    async runOnDevice(inputs) {
      requireKnown('input', Object.keys(inputs), session.inputNames);
      const results = await session.run(
        Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toNative(tensor)])),
      );
      const kept: Record<string, DeviceTensor> = {};
      const read: Record<string, SessionTensor> = {};
      for (const [name, tensor] of Object.entries(results)) {
        if (tensor.location === 'gpu-buffer') kept[name] = onDevice(tensor);
        else read[name] = fromNative(tensor);
      }
      return { kept, read };
    },
    close: () => session.release(),
  };
}

/** onnxruntime's tensor for each of ours. A training passes the same ones at every step: each is wrapped once. */
const natives = new WeakMap<SessionTensor | DeviceTensor, NativeTensor>();

function toNative(tensor: SessionTensor | DeviceTensor): NativeTensor {
  const known = natives.get(tensor);
  if (known !== undefined) return known;
  const { dtype, data, shape } = tensor as SessionTensor;
  const native = new Tensor(dtype, data as NativeTensor.DataType, [...shape]);
  natives.set(tensor, native);
  return native;
}

function fromNative({ data, dims, type }: NativeTensor): SessionTensor {
  return { data: data as TensorData, shape: dims, dtype: type as DType };
}

function onDevice(native: NativeTensor): DeviceTensor {
  const tensor: DeviceTensor = {
    free: () => {
      native.dispose();
    },
  };
  natives.set(tensor, native);
  return tensor;
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
