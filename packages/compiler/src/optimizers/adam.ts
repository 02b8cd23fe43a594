import * as tf from '@tensorflow/tfjs';
import { requireKnownOptions } from '../require-known-options.ts';
import { emptySlots, negated, slotOf, updateEach, type LearningRate, type Optimizer } from './optimizer.ts';

export interface AdamOptions {
  readonly learningRate: LearningRate;
  /** Decay β₁ of the mean of gradients, in [0, 1); 0.9 unless given. */
  readonly beta1?: number;
  /** Decay β₂ of the mean of squared gradients, in [0, 1); 0.999 unless given. */
  readonly beta2?: number;
  /** Keeps the division finite, > 0; 1e-7 unless given. */
  readonly epsilon?: number;
}

/**
 * Adam, step for step that of `tf.train.adam`. The state is `<parameter>/m` and `<parameter>/v`, and the powers of the
 * betas, `accBeta1` and `accBeta2`, which start as the betas themselves.
 *
 *     m ← β₁·m + (1 - β₁)·g        v ← β₂·v + (1 - β₂)·g²
 *     θ ← θ - learningRate · (m / (1 - accBeta1)) / (√(v / (1 - accBeta2)) + ε)
 *     accBeta1 ← accBeta1·β₁       accBeta2 ← accBeta2·β₂
 *
 * Kingma & Ba, "Adam: a method for stochastic optimization" (ICLR 2015). Everything is float32, as in tfjs, the powers
 * too: `1 - β₂` is off by some 10⁻⁵ of itself then. An Adam that takes its bias corrections as inputs, computed in float64
 * outside of the graph, is free of that and needs no powers in its state; that is how the models of this project are
 * trained.
 *
 * @throws RangeError for an option of no known name.
 */
export function adam(options: AdamOptions): Optimizer {
  requireKnownOptions(options, { learningRate: true, beta1: true, beta2: true, epsilon: true }, 'make adam');
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  const slots = ['m', 'v'] as const;
  return {
    init: (parameters) => ({
      ...emptySlots(parameters, slots),
      accBeta1: tf.scalar(beta1),
      accBeta2: tf.scalar(beta2),
    }),
    update: (parameters, gradients, state) => {
      const scale = negated(learningRate);
      const [power1, power2] = [slotOf(state, 'accBeta1'), slotOf(state, 'accBeta2')];
      const [correction1, correction2] = [tf.sub(1, power1), tf.sub(1, power2)];
      const next = updateEach(slots, { parameters, gradients, state }, (value, gradient, own) => {
        const m = tf.add(tf.mul(own.m, beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(own.v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const root = tf.add(tf.sqrt(tf.div(v, correction2)), epsilon);
        const step = tf.mul(tf.div(tf.div(m, correction1), root), scale);
        return { value: tf.add(step, value), slots: { m, v } };
      });
      const powers = { accBeta1: tf.mul(power1, beta1), accBeta2: tf.mul(power2, beta2) };
      return { parameters: next.parameters, state: { ...next.state, ...powers } };
    },
  };
}
