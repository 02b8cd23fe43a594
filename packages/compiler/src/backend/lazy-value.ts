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
  /** Whether the array belongs to this value alone, so that it can be used again when the value is gone. */
  owned: boolean;
  /** A run under way that makes the elements, where the runtime works asynchronously. */
  arriving: Promise<void> | undefined;
}

/** A value whose elements are known. The array is kept, not copied. */
export function knownValue({ shape, dtype }: TensorType, data: TensorData): LazyValue {
  return {
    shape,
    dtype,
    data,
    producer: undefined,
    tensors: 0,
    readers: 0,
    owned: false,
    arriving: undefined,
  };
}

/** A value that `producer` will make. */
export function pendingValue({ shape, dtype }: TensorType, producer: PendingNode): LazyValue {
  return {
    shape,
    dtype,
    data: undefined,
    producer,
    tensors: 0,
    readers: 0,
    owned: false,
    arriving: undefined,
  };
}

/** Smallest array that is worth keeping for the next use, in elements. */
const smallestKept = 1024;
/** Most bytes that wait for their next use. */
const mostKeptBytes = 256 * 2 ** 20;

/** Arrays of values that are gone, for values to come: a train step makes the same sizes over and over. */
export interface ArrayPool {
  /** A float32 array for the elements of a type, with arbitrary content; `undefined` where the runtime should allocate. */
  take(type: TensorType): Float32Array | undefined;
  /** Gives back the elements of a value that nobody reads any longer. */
  release(value: LazyValue): void;
  /** Bytes that wait. */
  readonly keptBytes: number;
}

export function arrayPool(): ArrayPool {
  const kept = new Map<number, Float32Array[]>();
  let keptBytes = 0;
  return {
    take(type) {
      const size = sizeOf(type.shape);
      if (type.dtype !== 'float32' || size < smallestKept) return undefined;
      const array = kept.get(size)?.pop();
      if (array === undefined) return new Float32Array(size);
      keptBytes -= array.byteLength;
      return array;
    },
    release(value) {
      const { data, owned } = value;
      value.data = undefined;
      if (!owned || !(data instanceof Float32Array) || data.length < smallestKept) return;
      if (keptBytes + data.byteLength > mostKeptBytes) return;
      const list = kept.get(data.length);
      if (list === undefined) kept.set(data.length, [data]);
      else list.push(data);
      keptBytes += data.byteLength;
    },
    get keptBytes() {
      return keptBytes;
    },
  };
}
