import * as tf from '@tensorflow/tfjs';
import { requireKnownOptions } from '../require-known-options.ts';
import { negated, updateEach, type LearningRate, type Optimizer } from './optimizer.ts';

/**
 * Stochastic gradient descent, step for step that of `tf.train.sgd`. It has no state.
 *
 *     θ ← θ - learningRate·g
 *
 * @throws RangeError for an option of no known name.
 */
export function sgd(options: { readonly learningRate: LearningRate }): Optimizer {
  requireKnownOptions(options, { learningRate: true }, 'make sgd');
  const { learningRate } = options;
  return {
    init: () => ({}),
    update: (parameters, gradients, state) => {
      const scale = negated(learningRate);
      return updateEach([], { parameters, gradients, state }, (value, gradient) => ({
        value: tf.add(tf.mul(scale, gradient), value),
        slots: {},
      }));
    },
  };
}
