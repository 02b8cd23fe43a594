import * as tf from '@tensorflow/tfjs';
import {
  any,
  both,
  bounded,
  chooseAxes,
  chooseAxis,
  chooseFlag,
  hasElements,
  isFloat,
  isNumeric,
  one,
  rankFrom,
  two,
  type Choose,
  type ProgramOp,
  type Run,
} from './program-op.ts';

/** A window of an image, and how it steps over it. */
function chooseWindow({ shape: [, height, width] }: tf.Tensor4D, choose: Choose) {
  const size: [number, number] = [
    Math.min(height, choose.of([1, 2, 3])),
    Math.min(width, choose.of([1, 2, 3])),
  ];
  return { size, strides: choose.of([1, 2]), pad: choose.of(['valid', 'same'] as const) };
}

/** Ops of a stack of images. */
function ofImages(
  table: Record<string, (x: tf.Tensor4D, choose: Choose) => tf.Tensor>,
  options?: { isRough: boolean },
): [string, ProgramOp][] {
  const runs = Object.entries(table).map(([name, run]): [string, Run] => [
    name,
    (x, choose) => run(x as tf.Tensor4D, choose),
  ]);
  return one(both(isFloat, rankFrom(4, 4), hasElements), Object.fromEntries(runs), options);
}

const twice = <T>(x: T): [T, T] => [x, x];

/** Ops whose results add up many elements, and ops on images. */
export const programSums: readonly [string, ProgramOp][] = [
  ...one(
    any,
    {
      sum: (x, choose) => bounded(tf.sum(x, chooseAxes(x, choose), chooseFlag(choose))),
    },
    { isRough: true },
  ),
  ...one(
    both(isNumeric, hasElements),
    {
      mean: (x, choose) => tf.mean(x, chooseAxes(x, choose), chooseFlag(choose)),
      prod: (x, choose) =>
        bounded(tf.prod(tf.clipByValue(x, -1, 1), chooseAxes(x, choose), chooseFlag(choose))),
    },
    { isRough: true },
  ),
  ...one(
    both(isFloat, rankFrom(1), hasElements),
    {
      softmax: (x) => tf.softmax(x),
      logSoftmax: (x) => tf.logSoftmax(x),
      logSumExp: (x, choose) => tf.logSumExp(x, chooseAxes(x, choose), chooseFlag(choose)),
      cumsum: (x, choose) => tf.cumsum(x, chooseAxis(x, choose), chooseFlag(choose), chooseFlag(choose)),
      variance: (x, choose) => tf.moments(x, chooseAxes(x, choose), chooseFlag(choose)).variance,
      norm: (x, choose) => tf.norm(tf.add(tf.abs(x), 0.25), 'euclidean', chooseAxis(x, choose)),
    },
    { isRough: true },
  ),
  ...two(
    [
      both(isFloat, rankFrom(2, 2)),
      (b, [a]) => isFloat(b, []) && b.rank === 2 && (b.shape[0] === a.shape[1] || b.shape[1] === a.shape[1]),
    ],
    { matMul: (a, b) => tf.matMul(a, b, false, b.shape[0] !== a.shape[1]) },
    { isRough: true },
  ),
  ...one(
    both(isFloat, rankFrom(2, 3)),
    {
      dense: (x, choose) => {
        const [width, units] = [x.shape[x.rank - 1], choose.of([1, 3, 4])];
        const product = tf.matMul(tf.reshape(x, [-1, width]), choose.weights([width, units]));
        return choose.of([true, false]) ? tf.add(product, choose.weights([units])) : product;
      },
      fusedDense: (x, choose) => {
        const [width, units] = [x.shape[x.rank - 1], choose.of([1, 3, 4])];
        const [b, bias] = [choose.weights([width, units]), choose.weights([units])];
        const activation = choose.of(['relu', 'elu', 'linear', 'sigmoid'] as const);
        return tf.fused.matMul({ a: tf.reshape(x, [-1, width]), b, bias, activation });
      },
      rowProducts: (x) => tf.einsum('ij,kj->ik', ...twice(tf.reshape(x, [-1, x.shape[x.rank - 1]]))),
      crossEntropy: (x) => {
        const logits = tf.reshape(x, [-1, x.shape[x.rank - 1]]);
        return tf.losses.softmaxCrossEntropy(tf.softmax(tf.mul(logits, 0.5)), logits);
      },
    },
    { isRough: true },
  ),
  ...ofImages(
    {
      conv2d: (x, choose) => {
        const { size, strides, pad } = chooseWindow(x, choose);
        const filter = choose.weights([...size, x.shape[3], choose.of([1, 2, 3])]) as tf.Tensor4D;
        const y = tf.conv2d(x, filter, strides, pad);
        const biased = tf.add(y, choose.weights([y.shape[3]]));
        return choose.of([y, biased, tf.relu(biased)]);
      },
      convReluPool: (x, choose) => {
        const filter = choose.weights([1, 1, x.shape[3], choose.of([1, 4, 8])]) as tf.Tensor4D;
        const y = tf.conv2d(x, filter, 1, 'same');
        const activated = tf.relu(tf.add(y, choose.weights([y.shape[3]])));
        const window = Math.min(2, x.shape[1], x.shape[2]);
        return tf.maxPool(activated as tf.Tensor4D, window, window, choose.of(['valid', 'same']));
      },
      depthwiseConv2d: (x, choose) => {
        const { size, pad } = chooseWindow(x, choose);
        const filter = choose.weights([...size, x.shape[3], choose.of([1, 2])]) as tf.Tensor4D;
        return tf.depthwiseConv2d(x, filter, 1, pad);
      },
      fusedConv2d: (x, choose) => {
        const { size, strides, pad } = chooseWindow(x, choose);
        const units = choose.of([1, 3]);
        const filter = choose.weights([...size, x.shape[3], units]) as tf.Tensor4D;
        const bias = choose.weights([units]);
        return tf.fused.conv2d({ x, filter, strides, pad, bias, activation: choose.of(['relu', 'linear']) });
      },
      localResponseNorm: (x, choose) => tf.localResponseNormalization(x, choose.of([1, 2])),
      avgPool: (x, choose) => {
        const { size, strides, pad } = chooseWindow(x, choose);
        return tf.avgPool(x, size, strides, pad);
      },
      batchNorm: (x, choose) => {
        const channels = () => choose.weights([x.shape[3]]);
        return tf.batchNorm(x, channels(), tf.add(tf.abs(channels()), 0.5), channels(), channels());
      },
    },
    { isRough: true },
  ),
  ...ofImages({
    maxPool: (x, choose) => {
      const { size, strides, pad } = chooseWindow(x, choose);
      return tf.maxPool(x, size, strides, pad);
    },
  }),
];
