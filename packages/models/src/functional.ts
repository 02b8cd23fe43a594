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
  const kernels = new Map(weights.map((weight, i) => [names[i], weight.shape]));
  const specs = weights.map((weight, i): ParameterSpec => {
    const shape = weight.shape as number[];
    // A bias scales with the kernel of its layer.
    const kernel = (kernels.get(names[i].replace(/\/bias$/, '/kernel')) ?? shape) as number[];
    return {
      name: names[i],
      shape,
      fanIn: kernel.slice(0, -1).reduce((product, size) => product * size, 1),
    };
  });
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
      weights.forEach((weight, i) => {
        weight.read = () => given[i]!;
      });
      try {
        return model.apply(x, { training: true }) as tf.Tensor;
      } finally {
        // The override goes, and the method of the class shows again.
        for (const weight of weights) Reflect.deleteProperty(weight, 'read');
      }
    },
  };
}
