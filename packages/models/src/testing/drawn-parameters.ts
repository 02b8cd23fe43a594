import { randomStream } from '@narrows/shared';
import { initialParameters } from '../initial-parameters.ts';
import type { Model } from '../model.ts';

/**
 * A model's initial parameters with biases drawn within ±0.1. At 0, as training starts with them, a bias that is left out
 * would not be missed, and a ReLU whose inputs are all 0 sits on its kink, where no difference is a gradient.
 */
export function drawnParameters({ id, parameters }: Model, seed: number): Record<string, Float32Array> {
  const arrays = initialParameters(parameters, seed, id);
  const stream = randomStream(seed, 'biases');
  for (const { name, shape } of parameters) {
    if (shape.length === 1) arrays[name] = arrays[name].map(() => 0.2 * stream.nextUniform() - 0.1);
  }
  return arrays;
}
