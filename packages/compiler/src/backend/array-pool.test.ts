import { describe, expect, it } from 'vitest';
import { arrayPool, smallestKept } from './array-pool.ts';
import { knownValue, type LazyValue } from './lazy-value.ts';

const mebibyte = 2 ** 20;
const float32 = (size: number) => ({ shape: [size], dtype: 'float32' }) as const;

function valueOf(data: Float32Array): LazyValue {
  return knownValue(float32(data.length), data, true);
}

describe('arrayPool', () => {
  it('leaves small arrays and other dtypes to the runtime', () => {
    const pool = arrayPool();
    expect(pool.take(float32(smallestKept - 1))).toBeUndefined();
    expect(pool.take({ shape: [smallestKept], dtype: 'int32' })).toBeUndefined();
    expect(pool.take({ shape: [2, smallestKept / 2], dtype: 'float32' })).toHaveLength(smallestKept);
  });

  it('gives the array of a value that is gone to the next of its size', () => {
    const pool = arrayPool();
    const data = pool.take(float32(2000))!;
    const value = valueOf(data);
    pool.release(value);
    expect(value.data).toBeUndefined();
    expect(pool.keptBytes).toBe(8000);
    expect(pool.take(float32(2001))).not.toBe(data);
    expect(pool.take({ shape: [20, 100], dtype: 'float32' })).toBe(data);
    expect(pool.keptBytes).toBe(0);
    expect(pool.take(float32(2000))).not.toBe(data);
  });

  it('does not use again what was lent, what is small, and what is of another dtype', () => {
    const pool = arrayPool();
    const lent = valueOf(new Float32Array(2000));
    lent.owned = false;
    pool.release(lent);
    pool.release(valueOf(new Float32Array(smallestKept - 1)));
    pool.release(knownValue({ shape: [2000], dtype: 'int32' }, new Int32Array(2000), true));
    expect(lent.data).toBeUndefined();
    expect(pool.keptBytes).toBe(0);
  });

  it('keeps no more than 256 MiB, and drops the length first that was used longest ago', () => {
    const pool = arrayPool();
    const size = (100 * mebibyte) / Float32Array.BYTES_PER_ELEMENT;
    const arrays = [0, 1, 2].map((more) => new Float32Array(size + more));
    for (const array of arrays) pool.release(valueOf(array));
    expect(pool.keptBytes).toBe(arrays[1].byteLength + arrays[2].byteLength);
    expect(pool.take(float32(size)) === arrays[0]).toBe(false);
    expect(pool.take(float32(size + 1)) === arrays[1]).toBe(true);
    pool.release(valueOf(arrays[1]));
    pool.release(valueOf(arrays[0]));
    expect(pool.take(float32(size + 1)) === arrays[1]).toBe(true);
    expect(pool.take(float32(size + 2)) === arrays[2]).toBe(false);
    pool.release(valueOf(new Float32Array((257 * mebibyte) / Float32Array.BYTES_PER_ELEMENT)));
    expect(pool.keptBytes).toBe(arrays[0].byteLength);
  });
});

describe('the arena of a pool', () => {
  it('is where arrays lie from the time it is asked for, apart and aligned', () => {
    const pool = arrayPool();
    const outside = pool.take(float32(1025))!;
    pool.release(valueOf(outside));
    const arena = pool.arena();
    expect(pool.arena()).toBe(arena);
    expect(pool.keptBytes).toBe(0);
    const [first, second] = [pool.take(float32(1025))!, pool.take(float32(1025))!];
    expect([first, second].map(({ buffer }) => buffer)).toEqual([arena!.buffer, arena!.buffer]);
    expect(pool.isInArena(first)).toBe(true);
    expect(pool.isInArena(outside)).toBe(false);
    expect(second.byteOffset % 64).toBe(0);
    expect(second.byteOffset).toBeGreaterThanOrEqual(first.byteOffset + first.byteLength);
    pool.release(valueOf(first));
    expect(pool.take(float32(1025))!.byteOffset).toBe(first.byteOffset);
  });

  it('takes in a copy of what lies outside, once', () => {
    const pool = arrayPool();
    pool.arena();
    const outside = Float32Array.from({ length: 1100 }, (_, i) => i);
    const value = valueOf(outside);
    value.owned = false;
    pool.enterArena(value);
    expect(pool.isInArena(value.data!)).toBe(true);
    expect(value.owned).toBe(true);
    expect([...(value.data as Float32Array)]).toEqual([...outside]);
    const inside = value.data;
    pool.enterArena(value);
    expect(value.data).toBe(inside);
    // What lay outside belongs to whoever has it.
    (value.data as Float32Array).fill(0);
    expect(outside[7]).toBe(7);
  });

  it('does not keep arrays that no loop reaches', () => {
    const pool = arrayPool();
    pool.arena();
    pool.release(valueOf(new Float32Array(2000)));
    expect(pool.keptBytes).toBe(0);
  });

  it('gives the memory of arrays that are gone to arrays of other lengths', () => {
    const pool = arrayPool();
    pool.arena();
    for (let size = 1000; size < 3000; size++) {
      const values = [size, 2 * size].map((length) => valueOf(pool.take(float32(length))!));
      for (const value of values) pool.release(value);
    }
    expect(pool.keptBytes).toBeLessThan(64_000);
  });

  it('has room for 1 GiB; what does not fit lies outside', () => {
    const pool = arrayPool();
    const half = valueOf(new Float32Array(2 ** 27));
    expect(pool.hasRoom([half])).toBe(false);
    pool.arena();
    expect(pool.hasRoom([half, half])).toBe(true);
    expect(pool.hasRoom([half, half, valueOf(new Float32Array(1))])).toBe(false);
    // What is there already takes no more.
    const inside = valueOf(pool.take(float32(2000))!);
    expect(pool.hasRoom([half, inside])).toBe(true);
    expect(pool.hasRoom([half, half])).toBe(false);
    pool.release(inside);
    const taken = [1, 2, 3].map(() => pool.take(half)!);
    expect(taken.map((array) => pool.isInArena(array))).toEqual([true, true, false]);
    expect(pool.hasRoom([valueOf(new Float32Array(1))])).toBe(false);
  });
});
