import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { printGraph } from '../graph.ts';
import { lower } from '../lower.ts';
import { expectSameResults } from '../testing/same-results.ts';
import { trace, type InputSpec, type TensorFunction } from '../trace.ts';
import { mergeReshapes } from './merge-reshapes.ts';

const floats: Record<string, InputSpec> = { x: { shape: [2, 6], dtype: 'float32' } };
const bytes: Record<string, InputSpec> = { x: { shape: [2, 6], dtype: 'uint8' } };

describe('mergeReshapes', () => {
  it('makes one of several in a row', async () => {
    const before = lower(
      trace(({ x }) => ({ y: tf.neg(tf.reshape(tf.reshape(tf.expandDims(x, 0), [3, 4]), [4, 3])) }), floats),
    );
    const after = mergeReshapes(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,6]
      %1 = constant [1, 2, 6] : int64[3]
      %2 = constant [3, 4] : int64[2]
      %3 = constant [4, 3] : int64[2]
      %4 = Reshape(%0, %1) : float32[1,2,6]
      %5 = Reshape(%4, %2) : float32[3,4]
      %6 = Reshape(%5, %3) : float32[4,3]
      %7 = Neg(%6) : float32[4,3]
      output "y" = %7"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : float32[2,6]
      %1 = constant [4, 3] : int64[2]
      %2 = Reshape(%0, %1) : float32[4,3]
      %3 = Neg(%2) : float32[4,3]
      output "y" = %3"
    `);
    await expectSameResults(before, after);
  });

  it('drops those that come back to where they began', () => {
    const before = lower(trace(({ x }) => ({ y: tf.neg(tf.reshape(tf.reshape(x, [12]), [2, 6])) }), floats));
    expect(mergeReshapes(before).nodes.map(({ op }) => op)).toEqual(['Neg']);
  });

  it('keeps a shape that is used by itself', async () => {
    const fn: TensorFunction = ({ x }) => {
      const flat = tf.reshape(x, [12]);
      return { flat: tf.neg(flat), y: tf.reshape(flat, [3, 4]) };
    };
    const before = lower(trace(fn, floats));
    const after = mergeReshapes(before);
    expect(after.nodes.map(({ op }) => op)).toEqual(['Reshape', 'Neg', 'Reshape']);
    await expectSameResults(before, after);
  });

  it('keeps shapes of empty tensors', async () => {
    const before = lower(
      trace(({ x }) => ({ y: tf.reshape(tf.reshape(x, [3, 0]), [0, 5, 2]) }), {
        x: { shape: [0, 2], dtype: 'float32' },
      }),
    );
    const after = mergeReshapes(before);
    expect(after.nodes).toHaveLength(1);
    await expectSameResults(before, after);
  });

  it('casts pixels to float32 at once', async () => {
    const before = lower(trace(({ x }) => ({ y: tf.cast(x, 'float32') }), bytes));
    const after = mergeReshapes(before);
    expect(printGraph(before)).toMatchInlineSnapshot(`
      "%0 = input "x" : uint8[2,6]
      %1 = Cast(%0) {to: "int32"} : int32[2,6]
      %2 = Cast(%1) {to: "float32"} : float32[2,6]
      output "y" = %2"
    `);
    expect(printGraph(after)).toMatchInlineSnapshot(`
      "%0 = input "x" : uint8[2,6]
      %1 = Cast(%0) {to: "float32"} : float32[2,6]
      output "y" = %1"
    `);
    await expectSameResults(before, after);
  });

  it.each<[string, TensorFunction, Record<string, InputSpec>, string[]]>([
    [
      'float32 to int32 and back',
      ({ x }) => ({ y: tf.cast(tf.cast(x, 'int32'), 'float32') }),
      floats,
      ['int64', 'int64', 'int32', 'float32'],
    ],
    [
      'float32 to bool and on to int32',
      ({ x }) => ({ y: tf.cast(tf.cast(x, 'bool'), 'int32') }),
      floats,
      ['bool', 'int32'],
    ],
    [
      'uint8 to bool and on to float32',
      ({ x }) => ({ y: tf.cast(tf.cast(x, 'bool'), 'float32') }),
      bytes,
      ['bool', 'float32'],
    ],
  ])('keeps the casts of %s, which lose something', async (_, fn, specs, dtypes) => {
    const before = lower(trace(fn, specs));
    const after = mergeReshapes(before);
    expect(after.nodes.map(({ outputs }) => outputs[0].dtype)).toEqual(dtypes);
    await expectSameResults(before, after);
  });
});
