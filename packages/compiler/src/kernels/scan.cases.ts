import * as tf from '@tensorflow/tfjs';
import { notReal } from '../testing/gradient-reasons.ts';
import type { GradientCheck, KernelCase } from '../testing/kernel-case.ts';

type Scan = (x: tf.Tensor, axis?: number, exclusive?: boolean, reverse?: boolean) => tf.Tensor;

const ways = [false, true].flatMap((exclusive) => [false, true].map((reverse) => ({ exclusive, reverse })));

/** Every way along the last axis, with another axis, one element, none, powers of two and each dtype. */
function rows(kernel: string, scan: Scan, gradient: GradientCheck | undefined): KernelCase[] {
  const optional = gradient === undefined ? {} : { gradient };
  const row = (
    name: string,
    shape: readonly number[],
    fn: (x: tf.Tensor) => tf.Tensor,
    extra: Partial<KernelCase> = {},
  ): KernelCase => ({
    name: `${kernel} ${name}`,
    covers: [kernel],
    inputs: { x: { shape } },
    fn: ({ x }) => fn(x),
    tolerance: 'sum',
    ...optional,
    ...extra,
  });
  return [
    ...ways.map(({ exclusive, reverse }) =>
      row(`of rows (exclusive: ${exclusive}, reverse: ${reverse})`, [2, 5], (x) =>
        scan(x, 1, exclusive, reverse),
      ),
    ),
    row('of a vector of 9', [9], (x) => scan(x, 0)),
    row('of a vector of 8, exclusive', [8], (x) => scan(x, 0, true)),
    row('along an axis of 1', [3, 1], (x) => scan(x, 1)),
    row('along an axis of 1, exclusive', [3, 1], (x) => scan(x, 1, true)),
    row('of zeros, NaN and infinities', [3, 4], (x) => scan(x, 1), {
      also: [{ x: [1, NaN, 2, 3, 0, 5, 6, 7, 2, Infinity, -3, 1] }],
      gradient: gradient ?? {
        check: 'drawn values',
        because: 'sums over infinities and NaN have no order in which they agree',
      },
    }),
    row('along the first axis', [3, 4], (x) => scan(x, 0, false, true), {
      gradient: {
        check: 'none',
        because: 'tfjs 4.22 transposes the gradient of a sum along any axis but the last once too often',
      },
    }),
    row('of an empty batch', [0, 3], (x) => scan(x, 1, true)),
    ...(['int32', 'bool'] as const).map((dtype) =>
      row(`of ${dtype}`, [3, 4], (x) => scan(x, 1, true), {
        inputs: { x: { shape: [3, 4], dtype } },
        also: [{ x: [1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1] }],
        gradient: notReal,
      }),
    ),
  ];
}

export const scanCases: readonly KernelCase[] = [
  ...rows('Cumsum', (x, ...rest) => tf.cumsum(x, ...rest), undefined),
  ...rows('Cumprod', (x, ...rest) => tf.cumprod(x, ...rest), {
    check: 'none',
    because: 'tfjs 4.22 has no gradient of it',
  }),
];
