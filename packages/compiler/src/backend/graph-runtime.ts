import type { Target } from '../target.ts';
import type { TensorData, TensorType } from '../tensor-type.ts';

/** A value, or a promise of it where the runtime works asynchronously. */
export type Eventually<T> = T | Promise<T>;

/** A tensor on its way into or out of a run. The array is not copied. */
export interface RuntimeTensor extends TensorType {
  readonly data: TensorData;
}

/** A model that a runtime has loaded. */
export interface LoadedGraph {
  /**
   * Runs the model once.
   * @param into arrays for outputs of these names; a runtime that allocates its outputs itself passes over them.
   * @returns every output by name.
   */
  run(
    inputs: ReadonlyMap<string, RuntimeTensor>,
    into: ReadonlyMap<string, RuntimeTensor>,
  ): Eventually<ReadonlyMap<string, TensorData>>;
  close(): Eventually<void>;
}

/** Something that runs ONNX models. */
export interface GraphRuntime {
  /** For people: package, version and device. */
  readonly name: string;
  /**
   * Whether models load and run before the call returns, so that `dataSync` works.
   */
  readonly isSynchronous: boolean;
  /** What it has here beyond standard operators. */
  readonly target: Target;
  /**
   * @param bytes an ONNX model.
   * @param isSmall whether the model has so little to do that more than one thread would only cost time.
   * @param nodes how many the model has.
   */
  load(bytes: Uint8Array, options: { isSmall: boolean; nodes: number }): Eventually<LoadedGraph>;
}

/** Nodes of a model from which on onnxruntime loads it as it is. */
const fewestUnoptimized = 3000;

/**
 * What onnxruntime is to do to a model of so many nodes. Its optimizations take a time that grows with the square of the
 * nodes: seconds for a recurrent model of a hundred steps, which the compiler's passes have left nothing to improve in. Steps
 * of a residual network of 5,300 nodes take as long either way.
 */
export function optimizationLevel(nodes: number): 'all' | 'disabled' {
  return nodes < fewestUnoptimized ? 'all' : 'disabled';
}

/** Goes on with a value now, if it is there, or when it is. */
export function andThen<T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Makes a value, now or when it is there, or another one if that fails. */
export function orElse<T>(
  attempt: () => Eventually<T>,
  otherwise: (error: unknown) => Eventually<T>,
): Eventually<T> {
  try {
    const value = attempt();
    return value instanceof Promise ? value.catch(otherwise) : value;
  } catch (error) {
    return otherwise(error);
  }
}
