/**
 * Vectors from one to another in equal steps, both ends among them: a + t (b − a) for t = 0 … 1.
 *
 * @param a float32 `[width]`
 * @param b float32 `[width]`
 * @param options.steps how many vectors, at least 2
 * @returns float32 `[steps, width]`
 */
export function interpolate(a: Float32Array, b: Float32Array, { steps }: { steps: number }): Float32Array {
  const vectors = new Float32Array(steps * a.length);
  for (let step = 0; step < steps; step++) vectors.set(between(a, b, step / (steps - 1)), step * a.length);
  return vectors;
}

/** The vector at `t` in [0, 1] of the way from one to another. */
export function between(a: Float32Array, b: Float32Array, t: number): Float32Array {
  // In this form both ends are met exactly.
  return a.map((value, i) => (1 - t) * value + t * b[i]);
}
