import { sizeOf, type TensorData, type TensorType } from '../tensor-type.ts';
import { openArena, type Arena } from './arena.ts';
import { sizeOfValue, type LazyValue } from './lazy-value.ts';

/** Smallest array that is worth keeping for the next use, in elements. */
export const smallestKept = 8;

/** Most bytes outside of the arena that wait for their next use. */
const mostKeptBytes = 256 * 2 ** 20;

/** Bytes of the arena. */
const arenaBytes = 2 ** 30;

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
  /** Whether those of these values that are not in the arena fit into it, in whatever order they enter. */
  hasRoom(values: readonly LazyValue[]): boolean;
  /** Sees to it that a value's elements are in the arena, which must have room. */
  enterArena(value: LazyValue): void;
  /** Whether an array is a view on the arena. */
  isInArena(data: TensorData): boolean;
  /** Bytes that wait. */
  readonly keptBytes: number;
}

export function arrayPool(): ArrayPool {
  /** Arrays by length, the length that was used last at the end. */
  const kept = new Map<number, Float32Array[]>();
  let keptBytes = 0;
  let arena: Arena | undefined;
  let isRefused = false;

  const open = (): Arena | undefined => {
    if (arena !== undefined || isRefused) return arena;
    try {
      arena = openArena(arenaBytes);
      // What waits lies outside, where no loop reaches it.
      kept.clear();
      keptBytes = 0;
    } catch {
      // No room in the address space: values stay where they are, and no loop is compiled.
      isRefused = true;
    }
    return arena;
  };

  const isInArena = (data: TensorData): boolean => data.buffer === arena?.memory.buffer;

  const arraysOf = (size: number): Float32Array[] => {
    const list = kept.get(size) ?? [];
    kept.delete(size);
    kept.set(size, list);
    return list;
  };

  const takeKept = (size: number): Float32Array | undefined => {
    if (!kept.has(size)) return undefined;
    const array = arraysOf(size).pop();
    if (array !== undefined) keptBytes -= array.byteLength;
    return array;
  };

  const keep = (array: Float32Array): void => {
    if (array.byteLength > mostKeptBytes) return;
    arraysOf(array.length).push(array);
    keptBytes += array.byteLength;
    // Lengths that are no longer asked for must not take the place of those that are.
    for (const [size, list] of kept) {
      while (keptBytes > mostKeptBytes && list.length > 0) keptBytes -= list.pop()!.byteLength;
      if (list.length === 0) kept.delete(size);
      if (keptBytes <= mostKeptBytes) break;
    }
  };

  return {
    take(type) {
      const size = sizeOf(type.shape);
      if (type.dtype !== 'float32' || size < smallestKept) return undefined;
      return (arena === undefined ? takeKept(size) : arena.take(size)) ?? new Float32Array(size);
    },
    release(value) {
      const { data, owned } = value;
      value.data = undefined;
      if (!owned || !(data instanceof Float32Array) || data.length < smallestKept) return;
      if (arena === undefined) keep(data);
      else if (isInArena(data)) arena.giveBack(data);
    },
    arena: () => open()?.memory,
    hasRoom(values) {
      const outside = values.filter(({ data }) => data === undefined || !isInArena(data));
      return arena?.hasRoom(outside.map(sizeOfValue)) ?? false;
    },
    enterArena(value) {
      if (isInArena(value.data!)) return;
      const array = arena!.take(sizeOfValue(value))!;
      array.set(value.data as Float32Array);
      value.data = array;
      value.owned = true;
    },
    isInArena,
    get keptBytes() {
      return arena?.freedBytes ?? keptBytes;
    },
  };
}
