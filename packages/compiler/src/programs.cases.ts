import * as tf from '@tensorflow/tfjs';
import type { CaseInput } from './testing/kernel-case.ts';
import type { NamedTensors, TensorFunction } from './trace.ts';

/** A function of several kernels, in which passes find something to do. `programs.test.ts` says what is checked of each. */
export interface Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, ProgramInput>>;
  readonly fn: TensorFunction;
}

interface ProgramInput extends CaseInput {
  /** Elements, repeated until the tensor is full; drawn unless given. */
  readonly values?: readonly number[];
}

/** Where an image of 4×4 with one channel is NaN, here and there. */
const holes = [NaN, 0.5, -1, NaN, NaN, NaN, 2, 0.1, NaN];

const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor4D =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');

const block = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
  tf.relu(tf.add<tf.Tensor4D>(convolve(x, w), b));

const halve = (x: tf.Tensor): tf.Tensor4D => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same');

/** A tensor with zeros around its two axes of space. */
const surround = (x: tf.Tensor, before: number, after: number): tf.Tensor4D =>
  tf.pad4d(x as tf.Tensor4D, [
    [0, 0],
    [before, after],
    [before, after],
    [0, 0],
  ]);

/** A loss with its gradients by some of the inputs, named after those. */
function learn(names: readonly string[], loss: (inputs: NamedTensors) => tf.Tensor): TensorFunction {
  return (inputs) => {
    const { value, grads } = tf.valueAndGrads((...parameters: tf.Tensor[]): tf.Scalar =>
      loss({ ...inputs, ...Object.fromEntries(names.map((name, i) => [name, parameters[i]])) }).asScalar(),
    )(names.map((name) => inputs[name]));
    return { loss: value, ...Object.fromEntries(names.map((name, i) => [`d${name}`, grads[i]])) };
  };
}

/** Loss and gradients of two pools of one activation, the second of which is a result beside them. */
function twoPools(pool: (activation: tf.Tensor4D) => tf.Tensor): TensorFunction {
  return (inputs) => {
    let beside: tf.Tensor | undefined;
    const results = learn(['w', 'b'], ({ x, w, b }) => {
      const activation = block(x, w, b);
      beside = tf.keep(halve(activation));
      return tf.mean(tf.square(pool(activation)));
    })(inputs);
    return { ...results, beside: beside! };
  };
}

const image = { shape: [2, 6, 6, 3] } as const;
const blockInputs = { x: image, w: { shape: [3, 3, 3, 4] }, b: { shape: [4] } } as const;

/** Programs in which a pass once took for its own what only looked like it. */
const lookalikes: readonly Program[] = [
  {
    name: 'paddings of one tensor, of which one is read backwards',
    inputs: { x: { shape: [4] } },
    fn: ({ x }) => ({
      a: tf.reverse(tf.pad(x, [[1, 1]]), 0),
      b: tf.slice(tf.pad(x, [[2, 2]]), [0], [3]),
      c: tf.slice(tf.pad(x, [[3, 0]]), [1], [4]),
    }),
  },
  {
    name: 'two pools of one activation, of which the larger one learns',
    inputs: blockInputs,
    fn: twoPools((activation) => tf.maxPool(activation, 3, 1, 'same')),
  },
  {
    name: 'two pools of one activation, of which the one with smaller steps learns',
    inputs: blockInputs,
    fn: twoPools((activation) => tf.maxPool(activation, 2, 1, 'same')),
  },
  {
    name: 'two pools of one activation, both of which learn',
    inputs: blockInputs,
    fn: learn(['x', 'w', 'b'], ({ x, w, b }) => {
      const activation = block(x, w, b);
      return tf.add(
        tf.mean(tf.square(halve(activation))),
        tf.mean(tf.maxPool(activation, 3, 3, 'valid').tanh()),
      );
    }),
  },
  {
    name: 'a pool whose windows begin in the padding',
    inputs: blockInputs,
    fn: learn(['x', 'w', 'b'], ({ x, w, b }) =>
      tf.mean(
        tf.square(
          tf.maxPool(block(x, w, b), 2, 2, [
            [0, 0],
            [1, 0],
            [1, 0],
            [0, 0],
          ]),
        ),
      ),
    ),
  },
  {
    name: 'the gradient by an activation, as a map of what counts',
    inputs: { x: { shape: [1, 14, 14, 32] }, w: { shape: [5, 5, 32, 16] }, b: { shape: [16] } },
    fn: (inputs) => {
      let map: tf.Tensor | undefined;
      const watch = tf.customGrad<tf.Tensor4D>((x) => ({
        value: tf.clone(x as tf.Tensor4D),
        gradFunc: (dy) => (map = tf.keep(tf.clone(dy))),
      }));
      const results = learn(['w', 'b'], ({ x, w, b }) => tf.mean(tf.square(halve(watch(block(x, w, b))))))(
        inputs,
      );
      return { ...results, map: map! };
    },
  },
  {
    name: 'a bias that makes many channels of one',
    inputs: { ...blockInputs, w: { shape: [3, 3, 3, 1] } },
    fn: learn(['x', 'w', 'b'], ({ x, w, b }) => tf.mean(tf.square(halve(block(x, w, b))))),
  },
  {
    name: 'an image with holes beside a convolution, pooled',
    inputs: {
      x: { shape: [1, 4, 4, 1] },
      w: { shape: [3, 3, 1, 2] },
      holes: { shape: [1, 4, 4, 1], values: holes },
    },
    fn: ({ x, w, holes }) => ({
      beside: halve(tf.concat([convolve(x, w), holes], 3)),
      above: halve(tf.add(convolve(x, w), holes)),
    }),
  },
  {
    name: 'rows of a convolution taken out before a pool',
    inputs: {
      x: { shape: [1, 4, 4, 1] },
      w: { shape: [3, 3, 1, 2] },
      rows: { shape: [4, 1, 1], values: [0, NaN, -Infinity, -Infinity] },
    },
    fn: ({ x, w, rows }) => ({ y: halve(tf.add(convolve(x, w), rows)) }),
  },
  {
    name: 'a convolution divided by zeros, pooled',
    inputs: {
      x: { shape: [1, 4, 4, 1] },
      w: { shape: [3, 3, 1, 2] },
      divisor: { shape: [1, 4, 4, 1], values: [0, 1] },
    },
    fn: ({ x, w, divisor }) => ({ y: halve(tf.div(tf.relu(convolve(x, w)), divisor)) }),
  },
  {
    name: 'slopes without end',
    inputs: { x: { shape: [4] } },
    fn: ({ x }) => ({ a: tf.leakyRelu(x, Infinity), b: tf.leakyRelu(x, -Infinity), c: tf.leakyRelu(x, NaN) }),
  },
];

/** What people train, with channels enough for blocks. */
const networks: readonly Program[] = [
  {
    name: 'two blocks of convolution and pool, and a step with momentum',
    inputs: {
      x: { shape: [16, 8, 8, 1], range: 'unit' },
      labels: { shape: [16, 3], values: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
      w: { shape: [3, 3, 1, 16], range: 'unit' },
      b: { shape: [16], range: 'unit' },
      v: { shape: [3, 3, 16, 32], range: 'unit' },
      c: { shape: [32], range: 'unit' },
      dense: { shape: [128, 3], range: 'unit' },
      velocity: { shape: [3, 3, 16, 32], range: 'unit' },
    },
    fn: (inputs) => {
      const { dv, ...results } = learn(['w', 'b', 'v', 'c', 'dense'], ({ x, labels, w, b, v, c, dense }) => {
        const pooled = halve(block(halve(block(x, w, b)), v, c));
        return tf.losses.softmaxCrossEntropy(labels, tf.matMul(tf.reshape(pooled, [16, 128]), dense));
      })(inputs);
      const velocity = tf.add(tf.mul(inputs['velocity'], 0.9), dv);
      return { ...results, 'next/velocity': velocity, 'next/v': tf.sub(inputs['v'], tf.mul(velocity, 0.01)) };
    },
  },
  {
    name: 'a residual block with batch normalization',
    inputs: {
      x: { shape: [16, 5, 6, 16], range: 'unit' },
      w: { shape: [3, 3, 16, 16], range: 'unit' },
      gamma: { shape: [16], range: 'positive' },
      beta: { shape: [16], range: 'unit' },
      v: { shape: [3, 3, 16, 16], range: 'unit' },
      narrow: { shape: [3, 3, 16, 32], range: 'unit' },
    },
    fn: learn(['x', 'w', 'gamma', 'beta', 'v', 'narrow'], ({ x, w, gamma, beta, v, narrow }) => {
      const convolved = convolve(x, w);
      const { mean, variance } = tf.moments(convolved, [0, 1, 2]);
      const [center, spread] = [mean as tf.Tensor1D, variance as tf.Tensor1D];
      const normalized = tf.batchNorm(convolved, center, spread, beta as tf.Tensor1D, gamma as tf.Tensor1D);
      const sum = tf.relu(tf.add<tf.Tensor4D>(x, convolve(tf.relu(normalized), v)));
      const small = tf.conv2d(tf.maxPool(sum, 2, 2, 'same'), narrow as tf.Tensor4D, 2, 'same');
      return tf.mean(tf.square(tf.avgPool(small, 2, 1, 'same')));
    }),
  },
  {
    name: 'a U-Net with a skip at each size',
    inputs: {
      x: { shape: [2, 7, 6, 2], range: 'unit' },
      y: { shape: [2, 7, 6, 5], values: [0, 1, 1] },
      a: { shape: [3, 3, 2, 16], range: 'unit' },
      b: { shape: [3, 3, 16, 16], range: 'unit' },
      c: { shape: [3, 3, 16, 32], range: 'unit' },
      up: { shape: [3, 3, 16, 32], range: 'unit' },
      d: { shape: [3, 3, 32, 16], range: 'unit' },
      top: { shape: [3, 3, 16, 16], range: 'unit' },
      last: { shape: [3, 3, 32, 5], range: 'unit' },
    },
    fn: learn(['a', 'b', 'c', 'up', 'd', 'top', 'last'], ({ x, y, a, b, c, up, d, top, last }) => {
      const wide = tf.relu(convolve(x, a));
      const half = tf.relu(convolve(halve(wide), b));
      const quarter = tf.relu(convolve(halve(half), c));
      const upper = tf.conv2dTranspose(quarter, up as tf.Tensor4D, [2, 4, 3, 16], 2, 'same');
      const merged = tf.relu(convolve(tf.concat([upper, half], 3), d));
      const full = tf.conv2dTranspose(merged, top as tf.Tensor4D, [2, 7, 6, 16], 2, 'same');
      return tf.losses.meanSquaredError(y, convolve(tf.concat([full, wide], 3), last));
    }),
  },
  {
    name: 'three convolutions of one image, each padded its own way',
    inputs: {
      x: { shape: [2, 5, 6, 3] },
      a: { shape: [3, 3, 3, 16] },
      b: { shape: [3, 3, 3, 16] },
      c: { shape: [5, 5, 3, 16] },
    },
    fn: learn(['x', 'a', 'b', 'c'], ({ x, a, b, c }) => {
      const valid = (padded: tf.Tensor4D, w: tf.Tensor): tf.Tensor4D =>
        tf.conv2d(padded, w as tf.Tensor4D, 1, 'valid');
      const parts = [
        valid(surround(x, 1, 1), a),
        valid(surround(x, 2, 0), b),
        tf.tanh(valid(surround(x, 2, 2), c)),
      ];
      return tf.mean(tf.square(tf.addN(parts)));
    }),
  },
  {
    name: 'a step of a generator and its critic',
    inputs: {
      noise: { shape: [4, 3], range: 'unit' },
      real: { shape: [4, 6], range: 'unit' },
      g: { shape: [3, 5], range: 'unit' },
      h: { shape: [5, 6], range: 'unit' },
      c: { shape: [6, 5], range: 'unit' },
      d: { shape: [5, 1], range: 'unit' },
    },
    fn: (inputs) => {
      const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor2D => tf.matMul(a, b);
      const fake = ({ noise, g, h }: NamedTensors): tf.Tensor =>
        tf.tanh(product(tf.leakyRelu(product(noise, g), 0.2), h));
      const judge = (x: tf.Tensor, { c, d }: NamedTensors): tf.Tensor =>
        product(tf.leakyRelu(product(x, c), 0.2), d);
      const critic = learn(['c', 'd'], (all) =>
        tf.add(
          tf.losses.sigmoidCrossEntropy(tf.ones([4, 1]), judge(all['real'], all)),
          tf.losses.sigmoidCrossEntropy(tf.zeros([4, 1]), judge(fake(all), all)),
        ),
      )(inputs);
      const better = {
        c: tf.sub(inputs['c'], tf.mul(critic['dc'], 0.1)),
        d: tf.sub(inputs['d'], tf.mul(critic['dd'], 0.1)),
      };
      const generator = learn(['g', 'h'], (all) =>
        tf.losses.sigmoidCrossEntropy(tf.ones([4, 1]), judge(fake(all), all)),
      )({ ...inputs, ...better });
      const { loss, ...gradients } = generator;
      return { ...critic, ...gradients, deceived: loss, 'next/c': better.c, 'next/d': better.d };
    },
  },
  {
    name: 'a head of attention over normalized rows',
    inputs: {
      x: { shape: [2, 5, 8], range: 'unit' },
      gain: { shape: [8], range: 'positive' },
      query: { shape: [8, 4], range: 'unit' },
      key: { shape: [8, 4], range: 'unit' },
      values: { shape: [8, 4], range: 'unit' },
      bias: { shape: [4], range: 'unit' },
    },
    fn: learn(['x', 'gain', 'query', 'key', 'values', 'bias'], ({ x, gain, query, key, values, bias }) => {
      const { mean, variance } = tf.moments(x, -1, true);
      const normal = tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), gain);
      const rows = tf.reshape(normal, [10, 8]);
      const of = (w: tf.Tensor): tf.Tensor => tf.reshape(tf.add(tf.matMul(rows, w), bias), [2, 5, 4]);
      const scores = tf.softmax(tf.div(tf.matMul(of(query), of(key), false, true), 2));
      return tf.mean(tf.square(tf.transpose(tf.matMul(scores, of(values)), [0, 2, 1])));
    }),
  },
];

/** All programs. */
export const programs: readonly Program[] = [...lookalikes, ...networks];
