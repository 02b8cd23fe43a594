import { randomStream } from '@narrows/shared';
import type { ParameterSpec } from './model.ts';

/**
 * Draws the initial values of parameters: uniform in `±1/√fanIn`, kernels and biases alike, which is what PyTorch's
 * `Linear` and `Conv2d` start from (`kaiming_uniform_` with `a = √5`, He et al. 2015) and so what the study used.
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
    parameters.map(({ name, shape, fanIn }) => {
      const stream = randomStream(seed, `initial:${modelId}:${name}`);
      const bound = 1 / Math.sqrt(fanIn);
      const size = shape.reduce((product, length) => product * length, 1);
      const values = new Float32Array(size);
      for (let i = 0; i < size; i++) values[i] = bound * (2 * stream.nextUniform() - 1);
      return [name, values];
    }),
  );
}
