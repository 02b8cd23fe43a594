import type * as tf from '@tensorflow/tfjs';
import type { ParameterSpec, Parameters } from './model.ts';

/**
 * A tfjs layers model as a pure function of its parameters. The layers keep their own variables out of the way: while
 * the function runs, each weight reads as the given tensor, so gradients flow to the tensors and the model's own state
 * is never touched.
 */
export interface FunctionalLayers {
  readonly parameters: readonly ParameterSpec[];
  /** Applies the layers to `x` with the given parameters. */
  apply(parameters: Parameters, x: tf.Tensor): tf.Tensor;
}

/**
 * Wraps a layers model.
 * @param model its layers must have explicit names, since parameters are named after them.
 * @param prefix put before each parameter's name, e.g. `encoder`.
 */
export function functionalLayers(model: tf.LayersModel, prefix: string): FunctionalLayers {
  const weights = model.weights;
  const names = weights.map(({ originalName }) => `${prefix}/${originalName}`);
  const specs = weights.map(({ shape }, i): ParameterSpec => ({ name: names[i], shape: shape as number[] }));
  return {
    parameters: specs,
    apply(parameters, x) {
      const given = names.map((name) => parameters[name] as tf.Tensor | undefined);
      given.forEach((tensor, i) => {
        if (tensor === undefined) {
          throw new TypeError(
            `Cannot apply "${model.name}": parameter "${names[i]}" is missing; it takes ${names.join(', ')}.`,
          );
        }
      });
      // Own properties hide the class's method. There are some already where this runs within itself.
      const before = weights.map((weight) => Object.getOwnPropertyDescriptor(weight, 'read'));
      weights.forEach((weight, i) => {
        weight.read = () => given[i]!;
      });
      try {
        return model.apply(x, { training: true }) as tf.Tensor;
      } finally {
        weights.forEach((weight, i) => {
          const descriptor = before[i];
          if (descriptor === undefined) Reflect.deleteProperty(weight, 'read');
          else Object.defineProperty(weight, 'read', descriptor);
        });
      }
    },
  };
}
