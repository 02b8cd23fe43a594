import type { Value } from '../graph.ts';
import type { OnnxBuilder } from '../onnx-builder.ts';
import type { TensorType } from '../tensor-type.ts';

/** Inputs of a kernel in the order of {@link Kernel.inputs}; an optional one that is absent is `null`. */
export type KernelInputs = readonly (Value | null)[];

/**
 * Everything the compiler knows about one tfjs kernel: how to type it while tracing and how to say it in ONNX.
 * `I` is the tuple of its inputs, `A` the attributes that tfjs passes.
 */
export interface Kernel<I extends KernelInputs = readonly Value[], A = object> {
  /** Name in tfjs (`kernel_names.ts` of tfjs-core). */
  readonly name: string;
  /** Names of the inputs in tfjs, in the order in which `infer` and `lower` take them; `'list'` for any number. */
  readonly inputs: readonly string[] | 'list';
  /** Types of the outputs. Throws a TypeError or RangeError for what ONNX cannot express. */
  infer(inputs: I, attributes: A): TensorType | readonly TensorType[];
  /** Emits ONNX nodes that compute the outputs, with the types that `infer` gave. */
  lower(
    builder: OnnxBuilder,
    inputs: I,
    attributes: A,
    types: readonly TensorType[],
  ): Value | readonly Value[];
}

/** Whether a kernel has a list of outputs, as those with any number of them have. */
export function isList<T>(result: T | readonly T[]): result is readonly T[] {
  return Array.isArray(result);
}

/** The outputs of a kernel that has one or a list of them. */
export function listOf<T>(result: T | readonly T[]): readonly T[] {
  return isList(result) ? result : [result];
}

/** A kernel whose input tuple and attributes are erased, as the table holds it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyKernel = Kernel<any, any>;
