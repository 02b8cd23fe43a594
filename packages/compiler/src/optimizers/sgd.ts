import * as tf from '@tensorflow/tfjs';
import { negated, updateEach, type LearningRate, type Optimizer } from './optimizer.ts';

/**
 * Stochastic gradient descent, step for step that of `tf.train.sgd`. It has no state.
 *
 *     θ ← θ - learningRate·g
 */
export function sgd({ learningRate }: { readonly learningRate: LearningRate }): Optimizer {
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
