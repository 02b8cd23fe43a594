import * as tf from '@tensorflow/tfjs';
import { requireKnownOptions } from '../require-known-options.ts';
import { emptySlots, negated, updateEach, type LearningRate, type Optimizer } from './optimizer.ts';

export interface MomentumOptions {
  readonly learningRate: LearningRate;
  /** Decay μ of the sum of gradients, in [0, 1). */
  readonly momentum: number;
  /** Nesterov's form, which looks one step ahead; false unless given. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent with momentum, step for step that of `tf.train.momentum`. The state is `<parameter>/momentum`.
 *
 *     a ← μ·a + g
 *     θ ← θ - learningRate·a               or, with `nesterov`, θ - learningRate·(g + μ·a)
 *
 * Sutskever et al., "On the importance of initialization and momentum in deep learning" (ICML 2013), with tfjs's order of
 * factors: the learning rate scales the sum, not each gradient.
 *
 * @throws RangeError for an option of no known name.
 */
export function momentum(options: MomentumOptions): Optimizer {
  requireKnownOptions(options, { learningRate: true, momentum: true, nesterov: true }, 'make momentum');
  const { learningRate, momentum: decay, nesterov = false } = options;
  const slots = ['momentum'] as const;
  return {
    init: (parameters) => emptySlots(parameters, slots),
    update: (parameters, gradients, state) => {
      const scale = negated(learningRate);
      return updateEach(slots, { parameters, gradients, state }, (value, gradient, { momentum: sum }) => {
        const next = tf.add(tf.mul(decay, sum), gradient);
        const direction = nesterov ? tf.add(gradient, tf.mul(next, decay)) : next;
        return { value: tf.add(tf.mul(scale, direction), value), slots: { momentum: next } };
      });
    },
  };
}
