import * as tf from '@tensorflow/tfjs';
import { requireKnownOptions } from '../require-known-options.ts';
import { emptySlots, updateEach, type LearningRate, type Optimizer } from './optimizer.ts';

export interface RmsPropOptions {
  readonly learningRate: LearningRate;
  /** Decay ρ of the mean of squared gradients, in [0, 1); 0.9 unless given. */
  readonly decay?: number;
  /** Decay μ of the sum of steps, in [0, 1); 0 unless given. */
  readonly momentum?: number;
  /** Keeps the division finite, > 0; 1e-7 unless given. */
  readonly epsilon?: number;
  /** Divide by the variance of the gradients instead of their mean square; false unless given. */
  readonly centered?: boolean;
}

const optionNames = {
  learningRate: true,
  decay: true,
  momentum: true,
  epsilon: true,
  centered: true,
} as const;

/**
 * RMSProp, step for step that of `tf.train.rmsprop`. The state is `<parameter>/rms` and `<parameter>/momentum`, and
 * `<parameter>/mg` if `centered`.
 *
 *     s ← ρ·s + (1 - ρ)·g²                  and, if centered, c ← ρ·c + (1 - ρ)·g
 *     a ← μ·a + learningRate·g / √(s + ε)   or, if centered, … / √(s - (c² + ε))
 *     θ ← θ - a
 *
 * Tieleman & Hinton, "Lecture 6.5: rmsprop" (COURSERA, 2012). The centered form of tfjs subtracts ε, where others add it:
 * as long as a gradient hardly changes, its root is NaN.
 *
 * @throws RangeError for an option of no known name.
 */
export function rmsProp(options: RmsPropOptions): Optimizer {
  requireKnownOptions(options, optionNames, 'make rmsProp');
  const { learningRate, decay = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
  const slots = centered ? (['rms', 'momentum', 'mg'] as const) : (['rms', 'momentum'] as const);
  const average = (mean: tf.Tensor, value: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay));
  return {
    init: (parameters) => emptySlots(parameters, slots),
    update: (parameters, gradients, state) =>
      updateEach<string>(slots, { parameters, gradients, state }, (value, gradient, own) => {
        const rms = average(own['rms'], tf.square(gradient));
        const mg = centered ? average(own['mg'], gradient) : undefined;
        const spread = mg ? tf.sub(rms, tf.add(tf.square(mg), epsilon)) : tf.add(rms, epsilon);
        const step = tf.div(tf.mul(gradient, learningRate), tf.sqrt(spread));
        const sum = tf.add(tf.mul(own['momentum'], momentum), step);
        return { value: tf.sub(value, sum), slots: { rms, momentum: sum, ...(mg && { mg }) } };
      }),
  };
}
