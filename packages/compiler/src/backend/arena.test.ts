import { describe, expect, it } from 'vitest';
import { openArena } from './arena.ts';

const bytes = 65_536;
/** 64 bytes: the least that an array takes. */
const unit = 16;
const units = bytes / 64;

describe('an arena', () => {
  it('is free as a whole again when all arrays are given back, in whatever order', () => {
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ];
    for (const order of orders) {
      const arena = openArena(bytes);
      const arrays = order.map(() => arena.take((units / 4) * unit)!);
      expect(arena.take(1)).toBeUndefined();
      for (const [i, place] of order.entries()) {
        expect(arena.freedBytes).toBe((i * bytes) / 4);
        arena.giveBack(arrays[place]);
      }
      expect(arena.take(units * unit)).toHaveLength(units * unit);
    }
  });

  it('takes the shortest piece that is long enough', () => {
    const arena = openArena(bytes);
    const arrays = [4, 1, 2, 1, 3, 1].map((length) => arena.take(length * unit)!);
    for (const i of [0, 2, 4]) arena.giveBack(arrays[i]);
    expect(arena.take(2 * unit - 3)!.byteOffset).toBe(arrays[2].byteOffset);
    expect(arena.take(2 * unit)!.byteOffset).toBe(arrays[4].byteOffset);
    expect(arena.take(unit)!.byteOffset).toBe(arrays[4].byteOffset + 128);
  });

  it('never lets two arrays overlap', () => {
    const arena = openArena(bytes);
    const taken: Float32Array[] = [];
    // Knuth's multiplicative sequence, so that lengths and what is given back have no pattern.
    let number = 1;
    const next = (limit: number): number => (number = Math.imul(number, 2654435761) >>> 0) % limit;
    for (let i = 0; i < 2000; i++) {
      const array = next(3) > 0 ? arena.take(1 + next(900)) : undefined;
      if (array !== undefined) taken.push(array);
      else if (taken.length > 0) arena.giveBack(taken.splice(next(taken.length), 1)[0]);
    }
    const ordered = taken.toSorted((a, b) => a.byteOffset - b.byteOffset);
    expect(ordered.length).toBeGreaterThan(10);
    ordered.slice(1).forEach((array, i) => {
      expect(array.byteOffset).toBeGreaterThanOrEqual(ordered[i].byteOffset + ordered[i].byteLength);
    });
  });

  it('has room for arrays only where they fit in whatever order', () => {
    const arena = openArena(bytes);
    const half = (units / 2) * unit;
    expect(arena.hasRoom([half, half])).toBe(true);
    expect(arena.hasRoom([half, half, 1])).toBe(false);
    const [first, second] = [arena.take(half)!, arena.take(unit)!];
    arena.giveBack(first);
    // Half of it is free twice, but for the one array in between.
    expect(arena.hasRoom([half])).toBe(true);
    expect(arena.hasRoom([half, unit])).toBe(false);
    arena.giveBack(second);
    expect(arena.hasRoom([half, half])).toBe(true);
  });
});
