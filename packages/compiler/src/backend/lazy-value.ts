import { sizeOf, type DType, type TensorData, type TensorType } from '../tensor-type.ts';
import type { PendingNode } from './pending-graph.ts';

/**
 * What a tensor of the lazy backend stands for: elements, or the recorded node that will make them. It may be read by
 * several tensors of tfjs (a clone shares it) and by recorded nodes; when nobody is left its elements are free.
 */
export interface LazyValue extends TensorType {
  readonly dtype: DType;
  /** The elements, once there. */
  data: TensorData | undefined;
  /** The recorded node that makes the elements, until it has run. */
  producer: PendingNode | undefined;
  /** Data ids of tfjs that stand for this value. */
  tensors: number;
  /** Recorded nodes that read this value and have not run. */
  readers: number;
  /** Whether the array is the pool's and belongs to this value alone, so that it can be used again when the value is gone. */
  owned: boolean;
  /** A run under way that makes the elements, where the runtime works asynchronously. Never rejected. */
  arriving: Promise<void> | undefined;
  /** Why there are no elements and never will be. */
  failure: Error | undefined;
}

function newValue({ shape, dtype }: TensorType): LazyValue {
  return {
    shape,
    dtype,
    data: undefined,
    producer: undefined,
    tensors: 0,
    readers: 0,
    owned: false,
    arriving: undefined,
    failure: undefined,
  };
}

/**
 * A value whose elements are known.
 * @param owned whether the array was the pool's, and may go back to it. One that tfjs made must not: nothing takes as many
 *   from the pool again.
 */
export function knownValue(type: TensorType, data: TensorData, owned = false): LazyValue {
  const value = newValue(type);
  value.data = data;
  value.owned = owned;
  return value;
}

/** A value without elements so far, which `producer` will make if it is given. */
export function pendingValue(type: TensorType, producer: PendingNode | undefined): LazyValue {
  const value = newValue(type);
  value.producer = producer;
  return value;
}

/** Number of elements of a value. */
export function sizeOfValue({ shape }: LazyValue): number {
  return sizeOf(shape);
}
