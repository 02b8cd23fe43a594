import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type TensorFunction } from '../trace.ts';
import { sharePads } from './share-pads.ts';

const specs = { x: { shape: [2, 5, 5, 3], dtype: 'float32' } } as const;

function lowered(fn: TensorFunction) {
  return lower(trace(fn, specs));
}

const count = (graph: ReturnType<typeof lowered>, op: string): number =>
  graph.nodes.filter((node) => node.op === op).length;

describe('sharePads', () => {
  it('pads once what several slices want padded by different amounts', async () => {
    const before = lowered(({ x }) => {
      const padded = (top: number, left: number): tf.Tensor4D =>
        tf.pad4d(x as tf.Tensor4D, [
          [0, 0],
          [top, 1],
          [left, 1],
          [0, 0],
        ]);
      return {
        a: tf.slice(padded(0, 1), [0, 0, 1, 0], [2, 4, 4, 3]),
        b: tf.slice(padded(2, 0), [0, 1, 0, 0], [2, 4, 4, 3]),
        c: tf.stridedSlice(padded(1, 1), [0, 0, 1, 0], [2, 6, 6, 3], [1, 2, 2, 1]),
      };
    });
    const after = sharePads(before);
    expect([count(before, 'Pad'), count(after, 'Pad')]).toEqual([3, 1]);
    expect(count(after, 'Slice')).toBe(3);
    await expectSameResults(before, after);
  });

  it('leaves a pad alone that something else reads', async () => {
    const before = lowered(({ x }) => {
      const one = tf.pad4d(x as tf.Tensor4D, [
        [0, 0],
        [1, 0],
        [0, 0],
        [0, 0],
      ]);
      const two = tf.pad4d(x as tf.Tensor4D, [
        [0, 0],
        [2, 0],
        [0, 0],
        [0, 0],
      ]);
      return {
        a: tf.slice(one, [0, 0, 0, 0], [2, 5, 5, 3]),
        b: tf.relu(two),
        c: tf.slice(two, [0, 1, 0, 0], [2, 5, 5, 3]),
      };
    });
    const after = sharePads(before);
    expect(after.outputs.find(({ name }) => name === 'b')!.value.shape).toEqual([2, 7, 5, 3]);
    await expectSameResults(before, after);
  });

  it('leaves a pad alone that is read backwards', async () => {
    const before = lower(
      trace(
        ({ x }) => ({
          a: tf.reverse(tf.pad(x, [[1, 1]]), 0),
          b: tf.slice(tf.pad(x, [[2, 2]]), [0], [3]),
          c: tf.slice(tf.pad(x, [[0, 3]]), [1], [5]),
        }),
        { x: { shape: [4], dtype: 'float32' } },
      ),
    );
    const after = sharePads(before);
    expect([count(before, 'Pad'), count(after, 'Pad')]).toEqual([3, 2]);
    await expectSameResults(before, after);
  });
});
