import { sizeOf, toTensorData, type DType, type TensorData } from '../tensor-type.ts';

/** A range that random values are drawn from. */
export type Range =
  /** [-2, 2) */
  | 'signed'
  /** [0.25, 2.25) */
  | 'positive'
  /** [-0.9, 0.9) */
  | 'unit'
  /** [1.25, 3.25) */
  | 'aboveOne';

const bounds: Readonly<Record<Range, readonly [number, number]>> = {
  signed: [-2, 2],
  positive: [0.25, 2.25],
  unit: [-0.9, 0.9],
  aboveOne: [1.25, 3.25],
};

/** Values to repeat until a tensor is full. */
export function repeatValues(
  values: readonly number[],
  { shape, dtype }: { shape: readonly number[]; dtype: DType },
): TensorData {
  return toTensorData(
    Array.from({ length: sizeOf(shape) }, (_, i) => values[i % values.length]),
    dtype,
  );
}

/**
 * Random elements of a tensor, the same for the same seed: uniform in `range` for float32, -5…5 for int32 (1…5 when the
 * range is not signed), 0…255 for uint8, -127…127 for int8, and 0 or 1 for bool.
 */
export function drawValues(
  { shape, dtype, range }: { shape: readonly number[]; dtype: DType; range: Range },
  seed: number,
): TensorData {
  const next = generator(seed);
  const [low, high] = bounds[range];
  const draw: Record<DType, () => number> = {
    float32: () => low + (high - low) * next(),
    int32: () => (low < 0 ? Math.floor(next() * 11) - 5 : Math.floor(next() * 5) + 1),
    int64: () => Math.floor(next() * 11) - 5,
    uint8: () => Math.floor(next() * 256),
    int8: () => Math.floor(next() * 255) - 127,
    bool: () => Math.floor(next() * 2),
  };
  return toTensorData(Array.from({ length: sizeOf(shape) }, draw[dtype]), dtype);
}

/** Tommy Ettinger's mulberry32: uniform in [0, 1), https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
