import { sizeOf, type TensorData, type TensorType } from '../tensor-type.ts';
import type { LazyValue } from './lazy-value.ts';

/** Smallest array that is worth keeping for the next use, in elements. */
export const smallestKept = 8;

/** Most bytes outside of the arena that wait for their next use. */
const mostKeptBytes = 256 * 2 ** 20;

/** Bytes of the arena; only what is used of them takes memory. */
const arenaBytes = 2 ** 30;
const pageBytes = 65_536;

/** Arrays in the arena begin at multiples of this: a line of the processor's cache. */
const alignment = 64;

function bytesOf(size: number): number {
  return Math.ceil((size * Float32Array.BYTES_PER_ELEMENT) / alignment) * alignment;
}

/**
 * Arrays of values that are gone, for values to come: a train step makes the same sizes over and over.
 *
 * Once a loop in WebAssembly is to work on arrays they come from one memory of fixed size, the arena: growing would
 * detach them, and a loop reaches one memory only.
 */
export interface ArrayPool {
  /** A float32 array for the elements of a type, with arbitrary content; `undefined` where the runtime should allocate. */
  take(type: TensorType): Float32Array | undefined;
  /** Gives back the elements of a value that nobody reads any longer. */
  release(value: LazyValue): void;
  /** The memory that loops work on; `undefined` where it can't be had. */
  arena(): WebAssembly.Memory | undefined;
  /** Whether arrays of these values fit into the arena, those in it counted twice. */
  hasRoom(values: readonly LazyValue[]): boolean;
  /** Sees to it that a value's elements are in the arena, which must have room. */
  enterArena(value: LazyValue): void;
  /** Whether an array is a view on the arena. */
  isInArena(data: TensorData): boolean;
  /** Bytes that wait. */
  readonly keptBytes: number;
}

export function arrayPool(): ArrayPool {
  const kept = new Map<number, Float32Array[]>();
  let keptBytes = 0;
  let memory: WebAssembly.Memory | undefined;
  let used = 0;
  let isRefused = false;

  const openArena = (): WebAssembly.Memory | undefined => {
    if (memory !== undefined || isRefused) return memory;
    try {
      const pages = arenaBytes / pageBytes;
      memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      // What waits lies outside, where no loop reaches it.
      kept.clear();
      keptBytes = 0;
    } catch {
      // No room in the address space: values stay where they are, and no loop is compiled.
      isRefused = true;
    }
    return memory;
  };

  const allocate = (size: number): Float32Array | undefined => {
    if (memory === undefined) return undefined;
    const bytes = bytesOf(size);
    if (used + bytes > arenaBytes) return undefined;
    const array = new Float32Array(memory.buffer, used, size);
    used += bytes;
    return array;
  };

  const isInArena = (data: TensorData): boolean => data.buffer === memory?.buffer;

  const takeKept = (size: number): Float32Array | undefined => {
    const array = kept.get(size)?.pop();
    if (array !== undefined) keptBytes -= array.byteLength;
    return array;
  };

  return {
    take(type) {
      const size = sizeOf(type.shape);
      if (type.dtype !== 'float32' || size < smallestKept) return undefined;
      return takeKept(size) ?? allocate(size) ?? new Float32Array(size);
    },
    release(value) {
      const { data, owned } = value;
      value.data = undefined;
      if (!owned || !(data instanceof Float32Array) || data.length < smallestKept) return;
      const isOurs = isInArena(data);
      if (!isOurs && (memory !== undefined || keptBytes + data.byteLength > mostKeptBytes)) return;
      const list = kept.get(data.length);
      if (list === undefined) kept.set(data.length, [data]);
      else list.push(data);
      keptBytes += data.byteLength;
    },
    arena: openArena,
    hasRoom(values) {
      const bytes = values.reduce((sum, value) => sum + bytesOf(sizeOf(value.shape)), 0);
      return memory !== undefined && used + bytes <= arenaBytes;
    },
    enterArena(value) {
      if (isInArena(value.data!)) return;
      const size = sizeOf(value.shape);
      const array = takeKept(size) ?? allocate(size)!;
      array.set(value.data as Float32Array);
      value.data = array;
      value.owned = true;
    },
    isInArena,
    get keptBytes() {
      return keptBytes;
    },
  };
}
