/** Arrays begin at multiples of this: a line of the processor's cache. */
const alignment = 64;

const pageBytes = 65_536;

/** One memory of fixed size that float32 arrays of any lengths lie in: what one gives back is there for others. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** An array with arbitrary content; `undefined` if no free piece is long enough. The shortest that is long enough is taken. */
  take(size: number): Float32Array | undefined;
  /** Gives an array back, which nobody may use any longer. */
  giveBack(array: Float32Array): void;
  /** Whether there is room for arrays of these lengths, in whatever order they are taken. */
  hasRoom(sizes: readonly number[]): boolean;
  /** Bytes that were used before and are free. */
  readonly freedBytes: number;
}

/** A piece of the memory that no array lies in. */
interface FreePiece {
  start: number;
  bytes: number;
}

function bytesOf(size: number): number {
  return Math.ceil((size * Float32Array.BYTES_PER_ELEMENT) / alignment) * alignment;
}

/**
 * Opens an arena.
 * @param bytes a multiple of 65,536. Only what is used of them takes memory.
 * @throws RangeError if the address space has no room for it.
 */
export function openArena(bytes: number): Arena {
  const pages = bytes / pageBytes;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  /** In order; none touches the next. */
  const free: FreePiece[] = [{ start: 0, bytes }];
  let takenBytes = 0;
  let usedBytes = 0;

  return {
    memory,
    take(size) {
      const needed = bytesOf(size);
      let best = -1;
      for (let i = 0; i < free.length; i++) {
        if (free[i].bytes >= needed && (best === -1 || free[i].bytes < free[best].bytes)) best = i;
      }
      if (best === -1) return undefined;
      const piece = free[best];
      const { start } = piece;
      if (piece.bytes === needed) free.splice(best, 1);
      else {
        piece.start += needed;
        piece.bytes -= needed;
      }
      takenBytes += needed;
      usedBytes = Math.max(usedBytes, start + needed);
      return new Float32Array(memory.buffer, start, size);
    },
    giveBack({ byteOffset: start, length }) {
      const piece = { start, bytes: bytesOf(length) };
      takenBytes -= piece.bytes;
      const found = free.findIndex((other) => other.start > start);
      let place = found === -1 ? free.length : found;
      if (place < free.length && start + piece.bytes === free[place].start) {
        piece.bytes += free[place].bytes;
        free.splice(place, 1);
      }
      if (place > 0 && free[place - 1].start + free[place - 1].bytes === start) {
        place--;
        piece.start = free[place].start;
        piece.bytes += free[place].bytes;
        free.splice(place, 1);
      }
      free.splice(place, 0, piece);
    },
    hasRoom(sizes) {
      const needed = sizes.reduce((sum, size) => sum + bytesOf(size), 0);
      return free.some((piece) => piece.bytes >= needed);
    },
    get freedBytes() {
      return usedBytes - takenBytes;
    },
  };
}
