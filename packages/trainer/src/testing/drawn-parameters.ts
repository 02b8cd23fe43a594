import { initialParameters, type Model } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import type { ParameterArrays } from '../engine/engine.ts';

/**
 * A model's initial parameters with biases drawn within ±0.1: at 0, as training starts with them, a bias that is left out
 * would not be missed.
 */
export function drawnParameters({ id, parameters }: Model, seed: number): ParameterArrays {
  const arrays = initialParameters(parameters, seed, id);
  const stream = randomStream(seed, 'biases');
  return Object.fromEntries(
    parameters.map(({ name, shape }) => [
      name,
      shape.length === 1 ? arrays[name].map(() => 0.2 * stream.nextUniform() - 0.1) : arrays[name],
    ]),
  );
}
