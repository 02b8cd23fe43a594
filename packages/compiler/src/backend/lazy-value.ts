import { sizeOf, toTensorData, type DType, type TensorData, type TensorType } from '../tensor-type.ts';
import type { PendingNode } from './pending-graph.ts';

/**
 * What a tensor of the lazy backend stands for: elements, or the recorded node that will make them. It may be read by
 * several tensors of tfjs (a clone shares it) and by recorded nodes; when nobody is left its elements are free.
 */
export interface LazyValue extends TensorType {
  readonly dtype: DType;
  /** The elements, once there. */
  data: TensorData | undefined;
  /** Whether a variable held the value when it was given another: what comes in its place will be another, too. */
  isVariable: boolean;
  /** The number that all elements equal, where that is known and nobody else can change them. */
  uniform: number | undefined;
  /** The recorded node that makes the elements, until it has run. */
  producer: PendingNode | undefined;
  /** Data ids of tfjs that stand for this value. */
  tensors: number;
  /** Recorded nodes that read this value and have not run. */
  readers: number;
  /** Whether the array is the pool's and belongs to this value alone, so that it can be used again when the value is gone. */
  owned: boolean;
  /** Whether the program has the array, and may change it. */
  isHandedOut: boolean;
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
    isVariable: false,
    uniform: undefined,
    producer: undefined,
    tensors: 0,
    readers: 0,
    owned: false,
    isHandedOut: false,
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

/** A value of the program's own numbers, copied. */
export function writtenValue(type: TensorType, numbers: ArrayLike<number>): LazyValue {
  return isUniform(numbers)
    ? filledValue(type, numbers[0])
    : knownValue(type, toTensorData(numbers, type.dtype));
}

/**
 * A value that is full of one number. Gradients multiply by ones of the size of a batch: said as one number, passes reckon
 * with it and nothing is moved. Those as long and full of the same share one array, as a rule, which nobody may change.
 */
export function filledValue(type: TensorType, number: number): LazyValue {
  const length = sizeOf(type.shape);
  const [element] = toTensorData([number], type.dtype);
  // Infinities and -0 are told apart from other numbers by few of those who reckon with them.
  if (length < fewestUniform || !Number.isFinite(Number(element)) || Object.is(element, -0))
    return knownValue(type, arrayFullOf(element, length, type.dtype));
  const value = knownValue(type, sharedArray(element, length, type.dtype));
  value.uniform = Number(element);
  return value;
}

/** Fewest elements that are looked at for being all the same: fewer may be by chance. */
const fewestUniform = 256;

function isUniform(values: ArrayLike<number>): boolean {
  if (values.length < fewestUniform) return false;
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false;
  return true;
}

function arrayFullOf(element: number | bigint, length: number, dtype: DType): TensorData {
  const array = toTensorData(new Uint8Array(length), dtype);
  return (array as Float32Array).fill(element as number);
}

/** Most bytes of arrays that are kept to be shared. */
const mostSharedBytes = 64 * 2 ** 20;

/** Arrays full of one number by what they are, the one that was asked for last at the end. */
const sharedArrays = new Map<string, TensorData>();
let sharedBytes = 0;

function sharedArray(element: number | bigint, length: number, dtype: DType): TensorData {
  const key = `${dtype}[${length}] ${element}`;
  const known = sharedArrays.get(key);
  const array = known ?? arrayFullOf(element, length, dtype);
  if (array.byteLength > mostSharedBytes) return array;
  sharedArrays.delete(key);
  sharedArrays.set(key, array);
  if (known !== undefined) return array;
  sharedBytes += array.byteLength;
  for (const [oldest, { byteLength }] of sharedArrays) {
    if (sharedBytes <= mostSharedBytes) break;
    sharedArrays.delete(oldest);
    sharedBytes -= byteLength;
  }
  return array;
}

/** Number of elements of a value. */
export function sizeOfValue({ shape }: LazyValue): number {
  return sizeOf(shape);
}

/** Whether a tensor or a recorded node reads a value. */
export function isRead({ tensors, readers }: LazyValue): boolean {
  return tensors > 0 || readers > 0;
}
