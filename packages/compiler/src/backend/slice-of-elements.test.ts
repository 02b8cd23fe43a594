import { describe, expect, it } from 'vitest';
import { toTensorData, type DType } from '../tensor-type.ts';
import { knownValue, pendingValue } from './lazy-value.ts';
import type { PendingNode } from './pending-graph.ts';
import { sliceOfElements } from './slice-of-elements.ts';

function counting(shape: readonly number[], dtype: DType = 'float32') {
  const size = shape.reduce((product, length) => product * length, 1);
  return knownValue(
    { shape, dtype },
    toTensorData(
      Array.from({ length: size }, (_, i) => i),
      dtype,
    ),
  );
}

describe('sliceOfElements', () => {
  it('copies whole rows', () => {
    const x = counting([5, 2, 3]);
    const rows = sliceOfElements(x, { begin: [1, 0, 0], size: [2, 2, 3] })!;
    expect(rows).toMatchObject({ shape: [2, 2, 3], dtype: 'float32' });
    expect(rows.data).toEqual(Float32Array.from({ length: 12 }, (_, i) => 6 + i));
    (rows.data as Float32Array).fill(0);
    expect(x.data![6]).toBe(6);
  });

  it.each([
    ['a size of -1', [3], [-1], [3, 4]],
    ['nothing', [2], [0], []],
    ['everything', [0], [5], [0, 1, 2, 3, 4]],
  ])('takes %s as tfjs does', (_, begin, size, elements) => {
    const rows = sliceOfElements(counting([5], 'int32'), { begin, size })!;
    expect(rows.data).toEqual(Int32Array.from(elements));
    expect(rows.shape).toEqual([elements.length]);
  });

  it('leaves to the graph what is not there, has no rows, takes parts of rows or reaches beyond the end', () => {
    const pending = pendingValue({ shape: [5], dtype: 'float32' }, {} as PendingNode);
    expect(sliceOfElements(pending, { begin: [0], size: [1] })).toBeUndefined();
    expect(sliceOfElements(counting([]), { begin: [], size: [] })).toBeUndefined();
    expect(sliceOfElements(counting([5, 3]), { begin: [1, 1], size: [2, 2] })).toBeUndefined();
    expect(sliceOfElements(counting([5, 3]), { begin: [4, 0], size: [2, 3] })).toBeUndefined();
  });
});
