import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { KernelCase } from '../testing/kernel-case.ts';
import { dtypes, moving } from '../testing/moving-case.ts';

export const stackCases: readonly KernelCase[] = [
  ...dtypes.map((dtype): KernelCase => ({
    name: `Pack of ${dtype} in between`,
    covers: ['Pack'],
    inputs: { a: { shape: [2, 3], dtype }, b: { shape: [2, 3], dtype }, c: { shape: [2, 3], dtype } },
    fn: ({ a, b, c }) => tf.stack([a, b, c], 1),
    tolerance: 'exact',
    ...(dtype === 'float32' ? {} : { gradient: notReal }),
  })),
  {
    name: 'Pack of scalars, and the Unpack of its gradient',
    covers: ['Pack', 'Unpack'],
    inputs: { a: { shape: [] }, b: { shape: [] } },
    fn: ({ a, b }) => tf.stack([a, b]),
    tolerance: 'exact',
  },
  {
    name: 'Pack at the end, counted from the end',
    covers: ['Pack'],
    inputs: { a: { shape: [2, 3] }, b: { shape: [2, 3] } },
    fn: ({ a, b }) => tf.stack([a, b], -1),
    tolerance: 'exact',
  },
  ...moving('Pack of one', ['Pack'], [2, 3], (x) => tf.stack([x], 2)),
  ...moving('Pack of nothing', ['Pack'], [0, 3], (x) => tf.stack([x, x], 0)),
  ...moving('Unpack into parts that are stacked the other way', ['Unpack', 'Pack'], [2, 3, 4], (x) =>
    tf.stack(tf.unstack(x, 1).toReversed(), -1),
  ),
  ...moving('Unpack along the last axis, counted from the end', ['Unpack'], [2, 3], (x) =>
    tf.concat(tf.unstack(x, -1).toReversed()),
  ),
  ...moving('Unpack with parts that nobody uses', ['Unpack'], [5, 2], (x) => tf.unstack(x)[3], {
    check: 'none',
    because: 'tfjs 4.22 has no gradient where a part is not used',
  }),
  {
    name: 'Unpack of a vector',
    covers: ['Unpack'],
    inputs: { x: { shape: [3] } },
    fn: ({ x }) => {
      const [a, b, c] = tf.unstack(x);
      return tf.add(tf.mul(a, b), c);
    },
  },
];
