import { randomStream } from '@narrows/shared';
import type { ParameterSpec } from './model.ts';

/**
 * Draws the initial values of parameters: kernels uniform in `±√(6 / (fanIn + fanOut))` (Glorot & Bengio, "Understanding
 * the difficulty of training deep feedforward neural networks", AISTATS 2010), biases 0. These are the defaults of Keras
 * and tfjs. A fan is the number of inputs that an output sums over, or of outputs that an input reaches: the last two
 * axes of a kernel times its window.
 *
 * @param modelId keeps models of one seed apart.
 * @returns one float32 array for each spec, by name, in row-major order.
 */
export function initialParameters(
  parameters: readonly ParameterSpec[],
  seed: number,
  modelId: string,
): Record<string, Float32Array> {
  return Object.fromEntries(
    parameters.map(({ name, shape }) => {
      const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
      const [inputs, outputs] = shape.slice(-2);
      if (shape.length < 2) return [name, values];
      const bound = Math.sqrt(6 / (values.length / outputs + values.length / inputs));
      const stream = randomStream(seed, `initial:${modelId}:${name}`);
      for (let i = 0; i < values.length; i++) values[i] = bound * (2 * stream.nextUniform() - 1);
      return [name, values];
    }),
  );
}
