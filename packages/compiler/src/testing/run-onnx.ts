import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { DType, TensorData, TensorType } from '../tensor-type.ts';

// What it has to say comes back as an exception; its log would only end up between the lines of the test report.
env.logLevel = 'fatal';

/** A tensor outside of any graph: type and elements. */
export interface HostTensor extends TensorType {
  readonly data: TensorData;
}

/** The elements of a tensor as numbers. */
export function numbersOf({ data }: { readonly data: TensorData }): number[] {
  return Array.from(data as ArrayLike<number | bigint>, Number);
}

/** An ONNX model that onnxruntime has accepted. */
export interface OpenedModel {
  /** What onnxruntime read in the file about each input and output; a named size shows as its name. */
  readonly inputs: readonly InferenceSession.ValueMetadata[];
  readonly outputs: readonly InferenceSession.ValueMetadata[];
  run(inputs: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  close(): Promise<void>;
}

/**
 * Loads a model into onnxruntime, on the CPU with one thread: the door of the compiler's tests to onnxruntime-node.
 * @throws Error of onnxruntime when it refuses the model.
 */
export async function openModel(bytes: Uint8Array): Promise<OpenedModel> {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  });
  return {
    inputs: session.inputMetadata,
    outputs: session.outputMetadata,
    async run(inputs) {
      const feeds = Object.entries(inputs).map(([name, { data, shape, dtype }]) => {
        return [name, new Tensor(dtype, data as Tensor.DataType, [...shape])] as const;
      });
      const results = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        Object.entries(results).map(([name, { data, dims, type }]) => [
          name,
          { data: data as TensorData, shape: dims, dtype: type as DType },
        ]),
      );
    },
    close: () => session.release(),
  };
}

/** Loads a model, runs it once and closes it. */
export async function runModel(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, HostTensor>>,
): Promise<Record<string, HostTensor>> {
  const model = await openModel(bytes);
  try {
    return await model.run(inputs);
  } finally {
    await model.close();
  }
}
