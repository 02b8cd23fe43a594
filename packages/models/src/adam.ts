import * as tf from '@tensorflow/tfjs';
import type { Parameters } from './model.ts';

/** Settings of Adam. */
export interface AdamOptions {
  /** Step size α, > 0. */
  readonly learningRate: number;
  /** Decay of the mean of gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay of the mean of squared gradients, in [0, 1). */
  readonly beta2: number;
  /** Keeps the division finite, > 0. */
  readonly epsilon: number;
}

/** The settings of the paper, which are PyTorch's too. */
export const adamDefaults: AdamOptions = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Running means of the gradients and of their squares, by parameter; zeros at the start. */
export interface AdamMoments {
  readonly m: Parameters;
  readonly v: Parameters;
}

/** The two numbers of an Adam step that depend on how many steps were taken. */
export interface AdamScales {
  /** `learningRate / (1 - beta1^t)` */
  readonly stepSize: number;
  /** `1 / (1 - beta2^t)` */
  readonly secondScale: number;
}

/**
 * Bias corrections of step `t`, in float64, for the betas as float32 holds them: those are the ones that the moments
 * decay by, and corrected with others they would be biased by some 10⁻⁵.
 * @param step 1 for the first step.
 */
export function adamScales(step: number, { learningRate, beta1, beta2 }: AdamOptions): AdamScales {
  return {
    stepSize: learningRate / (1 - Math.fround(beta1) ** step),
    secondScale: 1 / (1 - Math.fround(beta2) ** step),
  };
}

/**
 * One step of Adam as a pure function, Algorithm 1 of Kingma & Ba, "Adam: a method for stochastic optimization" (ICLR
 * 2015):
 *
 *     m ← β₁·m + (1 - β₁)·g        v ← β₂·v + (1 - β₂)·g²
 *     θ ← θ - stepSize · m / (√(v · secondScale) + ε)
 *
 * @param scales the scalars of {@link adamScales} as float32 tensors, since they change with each step.
 */
export function adamStep(
  parameters: Parameters,
  gradients: Parameters,
  { m, v }: AdamMoments,
  scales: { stepSize: tf.Tensor; secondScale: tf.Tensor },
  { beta1, beta2, epsilon }: AdamOptions,
): { parameters: Parameters; moments: AdamMoments } {
  const keep1 = Math.fround(beta1);
  const keep2 = Math.fround(beta2);
  const next = { parameters: {}, m: {}, v: {} } as Record<
    'parameters' | 'm' | 'v',
    Record<string, tf.Tensor>
  >;
  for (const [name, gradient] of Object.entries(gradients)) {
    const mean = tf.add(tf.mul(m[name], keep1), tf.mul(gradient, 1 - keep1));
    const square = tf.add(tf.mul(v[name], keep2), tf.mul(tf.mul(gradient, 1 - keep2), gradient));
    const denominator = tf.add(tf.sqrt(tf.mul(square, scales.secondScale)), epsilon);
    next.parameters[name] = tf.sub(parameters[name], tf.div(tf.mul(mean, scales.stepSize), denominator));
    next.m[name] = mean;
    next.v[name] = square;
  }
  return { parameters: next.parameters, moments: { m: next.m, v: next.v } };
}
