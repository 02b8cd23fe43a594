import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameOnBoth } from '../testing/on-both-backends.ts';
import { smallestKept } from './array-pool.ts';
import type { LazyBackend } from './lazy-backend.ts';
import './node.ts';

const steps = 20;

/** A product large enough for loops, and a bias too small for them. */
const [inputs, outputs] = [48, 32];

beforeAll(() => {
  expect(inputs * outputs).toBeGreaterThan(smallestKept);
});

const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  'momentum, Nesterov': () => tf.train.momentum(0.05, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
  rmsprop: () => tf.train.rmsprop(0.005),
  'rmsprop with momentum': () => tf.train.rmsprop(0.005, 0.9, 0.5),
  // tfjs takes epsilon away from the variance, not to it: where that is more than there is, the root is NaN.
  'rmsprop, centered': () => tf.train.rmsprop(0.005, 0.9, 0, 1e-12, true),
};

/** Losses of each step and the parameters after the last, of a small regression. */
async function regress(makeOptimizer: () => tf.Optimizer, readsLosses: boolean) {
  const x = tf.randomUniform([16, inputs], -1, 1, 'float32', 1);
  const y = tf.randomUniform([16, outputs], -1, 1, 'float32', 2);
  const w = tf.tidy(() => tf.variable(tf.randomNormal([inputs, outputs], 0, 0.1, 'float32', 3)));
  const b = tf.tidy(() => tf.variable(tf.zeros([outputs])));
  const optimizer = makeOptimizer();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = optimizer.minimize(
      () => tf.losses.meanSquaredError(y, tf.tanh(tf.add(tf.matMul(x, w), b))),
      readsLosses,
    );
    if (loss !== null) losses.push((await loss.data())[0]);
    loss?.dispose();
  }
  const numbers = { losses, w: [...(await w.data())], b: [...(await b.data())] };
  optimizer.dispose();
  tf.dispose([x, y, w, b]);
  return numbers;
}

describe.each(Object.keys(optimizers))('%s', (name) => {
  it('goes the same way as on tfjs cpu when each loss is read', async () => {
    const { losses } = await expectSameOnBoth(() => regress(optimizers[name], true));
    expect(losses).toHaveLength(steps);
    expect(losses[steps - 1]).toBeLessThan(losses[0]);
  });

  it('goes the same way when nothing is read before the end', async () => {
    await expectSameOnBoth(() => regress(optimizers[name], false));
  });
});

it('does updates as loops, and compiles nothing after the first steps', async () => {
  await tf.setBackend('onnx');
  const backend = tf.backend() as unknown as LazyBackend;
  await regress(optimizers['adam'], true);
  const { compiled, loops } = backend.counts();
  expect(loops).toBeGreaterThan(0);
  await regress(optimizers['adam'], true);
  expect(backend.counts()).toMatchObject({ compiled, loops });
});
